"""What services of the libraries raise."""


class ListingError(Exception):
    """The listing cannot do this now; the message is Chinese and meant for the user."""
