"""Uploads in S3-compatible storage. Needs the extra `jirani[s3]`."""

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

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Our own address of a file, as if it lay on disk."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
