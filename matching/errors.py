"""What services of the matcher raise."""


class PushError(Exception):
    """The push cannot do this now; the message is meant for the official."""


class FeedbackError(Exception):
    """The word cannot be taken; the message is Chinese and meant for the user."""


class ModelError(Exception):
    """The model cannot be put in use; the message is meant for the official."""
