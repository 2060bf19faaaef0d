"""What officials may see of messages."""

from accounts.roles import Duty, grant

OUTBOX = ["notices.view_mail", "notices.change_mail"]


def set_up_notices() -> None:
    """Let those who push, keep the libraries or operate the platform see the outbox and send failed mail again."""
    grant(Duty.LIBRARY, OUTBOX)
    grant(Duty.PUSH, OUTBOX)
    grant(Duty.OPERATE, OUTBOX)
