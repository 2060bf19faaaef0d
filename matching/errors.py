"""What services of the matcher raise."""


class PushError(Exception):
    """The push cannot do this now; the message is meant for the official."""
