"""Tell people: once, at their own rhythm, with a row in the database before anything leaves."""

from notices.services.history import last_contacted, last_notice
from notices.services.language import in_site_language
from notices.services.telling import Message, notify, notify_each

__all__ = ["Message", "in_site_language", "last_contacted", "last_notice", "notify", "notify_each"]
