"""What the libraries tell the rooms above."""

from django.dispatch import Signal

# Sent after listings became public, changed in public view or left it, once for many:
# kind ("technology" or "demand") and ids (list of primary keys). Receivers must expect ids that are gone.
listings_changed = Signal()

# Sent at the end of `load_reference`, so that upper rooms can add what they need (permissions of duties, pages).
# Receivers must be idempotent: it is sent at every start.
reference_loaded = Signal()
