"""A message broker in a folder: kombu's filesystem transport with an atomic publish.

The stock transport writes a message in place, so that a concurrent consumer may read half of it and lose
it. Here a message is written under a temporary name and renamed, which a reader sees entirely or not at all.
"""

import os
import uuid
from time import time_ns

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Publish by rename."""

    def _put(self, queue, payload, **kwargs):
        name = f"{time_ns():020d}_{uuid.uuid4()}"
        temporary = os.path.join(self.data_folder_out, f"{name}.tmp")
        with open(temporary, "w", encoding="utf-8") as stream:
            stream.write(dumps(payload))
        os.replace(temporary, os.path.join(self.data_folder_out, f"{name}.{queue}.msg"))


class Transport(filesystem.Transport):
    """The transport behind the address `folder://`."""

    Channel = Channel


TRANSPORT_ALIASES["folder"] = "marketplace.broker:Transport"
