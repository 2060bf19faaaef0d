"""What happens to people and organisations, for the rooms above. All are sent inside the transaction."""

from django.dispatch import Signal

# membership: someone asks to join; a request that waits for an official has asks_official or no owner.
join_requested = Signal()
# membership, is_accepted, decided_by
join_decided = Signal()
# membership, by: a member was removed by somebody else
member_removed = Signal()
# invitation: a colleague is to be told; sent again on resending
invitation_sent = Signal()
# membership, invitation
invitation_accepted = Signal()
# organisation: a licence waits for an official
verification_requested = Signal()
# organisation: an official decided, see its verification and verification_note
verification_decided = Signal()
