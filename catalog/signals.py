"""What the libraries tell the rooms above."""

from django.dispatch import Signal

# Sent after listings became public, changed in public view or left it, once for many:
# kind ("technology" or "demand") and ids (list of primary keys). Receivers must expect ids that are gone.
listings_changed = Signal()
