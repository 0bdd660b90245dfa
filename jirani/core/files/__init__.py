"""Uploaded files: told by what is in them, never by what they are called; kept without what they need not tell."""

from .kinds import ACCEPT
from .uploads import checked_image, checked_upload

__all__ = ["ACCEPT", "checked_image", "checked_upload"]
