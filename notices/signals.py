"""What notices say when they are written."""

from django.dispatch import Signal

# Sent inside the transaction after new notices or mails were stored; count is how many.
notices_written = Signal()
