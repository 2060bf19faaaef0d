"""Where files lie that only some may read."""

from django.core.files.storage import storages


def private_storage():
    """Return the storage of files that no address serves directly; views check who asks."""
    return storages["private"]
