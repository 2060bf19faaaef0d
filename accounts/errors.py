"""What services about people and organisations raise."""


class AccountError(Exception):
    """This cannot be done now; the message is Chinese and meant for the user."""
