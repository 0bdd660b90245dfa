"""What machines on one database must share: the secret key and the uploads."""

from __future__ import annotations

import hashlib
import hmac

from jirani.config import environment
from jirani.server.errors import ServerError
from jirani.server.folders import DataFolder

OTHER_KEY = (
    "The secret key here is not the one that this database's network was set up with: what one signs the other does not believe. "
    "Set JIRANI_SECRET_KEY to the same on every machine; if you changed it on purpose, start once with JIRANI_SECRET_KEY_CHANGED=1."
)


def check_key(url: str, key: str) -> None:
    """Compare the key's fingerprint with the one that the first start stored in the database.

    Raises ServerError for another key, unless JIRANI_SECRET_KEY_CHANGED confirms it.
    """
    import psycopg

    mark = _fingerprint(key)
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('jirani_key'))")
        connection.execute(
            "create table if not exists jirani_key (one boolean primary key default true check (one), fingerprint text not null)"
        )
        connection.execute("insert into jirani_key (fingerprint) values (%s) on conflict do nothing", [mark])
        if _changed_on_purpose():
            connection.execute("update jirani_key set fingerprint = %s", [mark])
        if connection.execute("select fingerprint from jirani_key").fetchone() != (mark,):
            raise ServerError(OTHER_KEY)


def _changed_on_purpose() -> bool:
    try:
        return environment.flag("JIRANI_SECRET_KEY_CHANGED")
    except environment.BadSetting as error:
        raise ServerError(str(error)) from None


def _fingerprint(key: str) -> str:
    """Return a fingerprint that tells keys apart and reveals nothing about them."""
    return hmac.new(key.encode(), b"jirani: which key", hashlib.sha256).hexdigest()[:32]


def missing_uploads(folder: DataFolder, url: str) -> str:
    """Return a sentence if uploads that records name are missing in this machine's data folder, else "". Needs Django's apps."""
    import psycopg

    from jirani.server.backup.contents import named_files

    if environment.media():
        return ""
    with psycopg.connect(url) as connection:
        named = named_files(connection)
    missing = sum(not (folder.path / "media" / name).exists() for name in named)
    if not missing:
        return ""
    return (
        f"{missing:,} of {len(named):,} uploads that records name are not in {folder.path / 'media'}: with several machines, "
        "let them share that folder, or set JIRANI_MEDIA_S3."
    )
