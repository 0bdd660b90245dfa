"""Uploads in S3-compatible storage. Needs the extra `jirani[s3]`."""

import posixpath
from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class MediaStorage(S3Storage):
    """Keeps uploads in a private bucket. Nobody reads there: pages link to our own views, which look at who may."""

    def get_default_settings(self) -> dict[str, Any]:
        """Files keep their names apart, and are nobody's to read."""
        private = {"file_overwrite": False, "default_acl": "private", "querystring_auth": True}
        return {**super().get_default_settings(), **private}

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return a name never used before. Unlike a folder, a bucket cannot refuse a second file of the same name: two machines would
        both find the name free, and what was uploaded on one would take the place of the other's.
        """
        folder, file = posixpath.split(str(name))
        unique = self.get_alternative_name(*posixpath.splitext(file))
        return str(super().get_available_name(posixpath.join(folder, unique), max_length))

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Our own address of a file, as if it lay on disk."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
