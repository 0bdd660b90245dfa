"""Machines on one database notice what they do not have in common."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection

from jirani.server.errors import ServerError
from jirani.server.folders import Kind, open_folder
from jirani.server.sharing import check_key, missing_uploads
from tests import factories as make
from tests.database import empty_database


def test_a_machine_with_another_key_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_database("test_sharing") as url:
        check_key(url, "a" * 50)
        check_key(url, "a" * 50)
        with pytest.raises(ServerError, match="Set JIRANI_SECRET_KEY to the same on every machine"):
            check_key(url, "b" * 50)
        monkeypatch.setenv("JIRANI_SECRET_KEY_CHANGED", "1")
        check_key(url, "b" * 50)
        monkeypatch.setenv("JIRANI_SECRET_KEY_CHANGED", "0")
        with pytest.raises(ServerError, match="not the one"):
            check_key(url, "a" * 50)
        with psycopg.connect(url) as connection:
            ((mark,),) = connection.execute("select fingerprint from jirani_key").fetchall()

    assert len(mark) == 32
    assert "b" * 8 not in mark


@pytest.mark.django_db(transaction=True)
def test_uploads_that_are_elsewhere_are_counted(tmp_path: Path) -> None:
    promise = make.commitment(make.organisation())
    folder = open_folder(tmp_path / "data", Kind.REAL)
    for name in ("evidence/one.pdf", "evidence/two.pdf"):
        make.evidence(promise, link="", file=name)
    place = folder.path / "media" / "evidence"
    place.mkdir(parents=True)
    (place / "one.pdf").write_bytes(b"1")
    with connection.cursor() as cursor:
        url = cursor.connection.info.dsn

    assert missing_uploads(folder, url) == (
        f"1 of 2 uploads that records name are not in {folder.path / 'media'}: with several machines, let them share that folder, "
        "or set JIRANI_MEDIA_S3."
    )
    (place / "two.pdf").write_bytes(b"2")
    assert missing_uploads(folder, url) == ""
