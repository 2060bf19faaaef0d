"""Tell: what people are told, when, and how often they wish to be."""

from notices.models.messages import Mail, Notice
from notices.models.preferences import Preference

__all__ = ["Mail", "Notice", "Preference"]
