"""Text messages through an exchangeable sender: the log, or a gateway that takes JSON over HTTP."""

import json
import logging
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10


class SmsError(Exception):
    """The gateway did not take the message."""


def send_sms(phone: str, text: str) -> None:
    """Send a text to an E.164 number by the sender that SMS_URL names; raise SmsError when it fails.

    `console://` writes to the log, as console mail does. `https://user:token@host/path` posts
    `{"phone": …, "text": …}` with the token as bearer, and expects a status below 300.
    """
    if settings.SMS_URL.startswith("console://"):
        logger.info("SMS to %s: %s", phone, text)
        return
    parts = urlsplit(settings.SMS_URL)
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = urllib.request.Request(
        address,
        data=json.dumps({"phone": phone, "text": text}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {parts.password or ''}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            response.read()
    except OSError as error:
        logger.error("SMS gateway refused a message: %s", error)
        raise SmsError(str(error)) from error
