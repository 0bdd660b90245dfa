"""The file of a backup: what is damaged or foreign is refused before anything is written."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirani.server.backup.archive import DUMP, FORMAT, Manifest, Writer, inspect, unpack
from jirani.server.backup.dumps import understood
from jirani.server.errors import ServerError

pytestmark = pytest.mark.pure

UPLOAD = os.urandom(30_000)
PARTS = {DUMP: b"PGDMP" * 100, "secret_key": b"key", "media/evidence/a.png": UPLOAD}


def packed() -> bytes:
    """A small whole backup."""
    file = io.BytesIO()
    writer = Writer(file)
    for name, content in PARTS.items():
        writer.add(name, io.BytesIO(content))
    writer.finish(Manifest("real", "2026-11-29T02:30:00+00:00", "0.1", "18", {"lessons": 1}, [], dict(writer.files)))
    return file.getvalue()


WHOLE = packed()


def foreign(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A gzipped tar of other members."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def link(name: str, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member


def contents(tmp_path: Path, data: bytes) -> dict[str, bytes]:
    """Return what is unpacked from a backup."""
    source, target = tmp_path / "backup.tgz", tmp_path / "unpacked"
    source.write_bytes(data)
    unpack(inspect(source), target)
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def test_what_was_packed_is_unpacked(tmp_path: Path) -> None:
    assert contents(tmp_path, WHOLE) == PARTS
    assert (tmp_path / "unpacked" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda whole: whole[:-10], "is damaged"),
        (lambda whole: whole[:-1], "is damaged"),
        (lambda whole: whole[: len(whole) // 2], "is damaged"),
        (lambda whole: whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:], "is damaged"),  # gzip's checksum
        (lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]), "is damaged"),  # its length
        (lambda whole: whole[:20_000] + bytes([whole[20_000] ^ 4]) + whole[20_001:], "is damaged"),
        (lambda whole: whole + b"more", "is damaged"),
        (lambda whole: whole + bytes(512), "is damaged"),
        (lambda whole: whole + whole, "is damaged"),
        (lambda whole: gzip.compress(gzip.decompress(whole) + b"more"), "is damaged"),
        (lambda whole: gzip.compress(gzip.decompress(whole).replace(b"key", b"kez", 1)), "is damaged"),
        (lambda whole: gzip.compress(gzip.decompress(whole).replace(UPLOAD[:8], b"another!", 1)), "is damaged"),
        (lambda whole: gzip.compress(gzip.decompress(whole)[:3000]), "is damaged"),
        (lambda whole: b"", "is damaged"),
        (lambda whole: b"Dear coordinator", "is not a backup"),
        (lambda whole: os.urandom(5000), "is not a backup"),
        (lambda whole: gzip.compress(b"Dear coordinator"), "is damaged"),
    ],
    ids=range(17),
)
def test_a_damaged_backup_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes], sentence: str) -> None:
    with pytest.raises(ServerError, match=sentence):
        contents(tmp_path, damage(WHOLE))

    assert not (tmp_path / "unpacked").exists()


@given(place=st.integers(min_value=0, max_value=len(WHOLE) * 8 - 1))
def test_no_flipped_bit_passes_for_other_contents(tmp_path_factory: pytest.TempPathFactory, place: int) -> None:
    """Some bits mean nothing: gzip's date, and those of a table of codes that no byte uses. Any other flip is noticed."""
    source = tmp_path_factory.mktemp("flipped") / "backup.tgz"
    flipped = bytearray(WHOLE)
    flipped[place // 8] ^= 1 << place % 8
    source.write_bytes(flipped)

    try:
        found = inspect(source)
    except ServerError:
        return
    assert gzip.decompress(flipped) == gzip.decompress(WHOLE)
    assert sorted(found.files) == sorted(PARTS)


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../up"),
        tarfile.TarInfo("/etc/cron.d/up"),
        tarfile.TarInfo("media/../../up"),
        tarfile.TarInfo("media//up"),
        tarfile.TarInfo("media"),
        tarfile.TarInfo("jirani.json"),
        tarfile.TarInfo("postgres/PG_VERSION"),
        tarfile.TarInfo(DUMP),
        link("media/up", "/etc"),
    ],
    ids=lambda member: member.name,
)
def test_nothing_else_is_unpacked(tmp_path: Path, member: tarfile.TarInfo) -> None:
    whole = foreign((tarfile.TarInfo(DUMP), b"dump"), (member, b"" if member.issym() else b"x"))

    with pytest.raises(ServerError, match="is not a backup of Jirani"):
        contents(tmp_path, whole)


def test_an_archive_without_a_dump_is_none(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="is not a backup of Jirani"):
        contents(tmp_path, foreign((tarfile.TarInfo("media/a.png"), b"x")))


def test_a_backup_of_before_there_were_manifests_can_be_read(tmp_path: Path) -> None:
    assert contents(tmp_path, foreign((tarfile.TarInfo(DUMP), b"dump"))) == {DUMP: b"dump"}


@pytest.mark.parametrize(
    "change",
    [
        {"format": FORMAT + 1},
        {"colour": "red"},
        {"kind": "x"},
        {"format": "1"},
        {"rows": ["x"]},
        {"rows": {"events_event": "3"}},
        {"missing": 5},
        {"missing": [5]},
        {"files": []},
        {"files": {"database.dump": 1}},
    ],
)
def test_a_backup_whose_manifest_we_cannot_read_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    held = {
        "kind": "real",
        "made_at": "",
        "version": "9",
        "server": "21",
        "rows": {},
        "missing": [],
        "files": {},
    } | change
    whole = foreign((tarfile.TarInfo(DUMP), b"dump"), (tarfile.TarInfo("manifest.json"), json.dumps(held).encode()))

    with pytest.raises(ServerError, match="was written by a newer Jirani"):
        contents(tmp_path, whole)


def test_a_file_that_shrinks_while_it_is_read_ends_the_backup() -> None:
    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return b""

    with pytest.raises(ServerError, match=r"media/a\.txt was changed while it was read"):
        Writer(io.BytesIO()).add("media/a.txt", Shrinking(b"ten bytes."))


def test_what_an_older_server_does_not_understand_is_left_out() -> None:
    dump = (
        b"--\n-- PostgreSQL database dump\n--\n\n\\restrict aB3\n\nSET statement_timeout = 0;\nSET transaction_timeout = 0;\n"
        b"SELECT pg_catalog.set_config('search_path', '', false);\n\n"
        b"CREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE sql\n    AS $$\nSET transaction_timeout = 0;\nselect 1\n$$;\n\n"
        b"ALTER TABLE ONLY public.notes ALTER COLUMN text SET (pg_attver=26505248);\n"
        b'ALTER TABLE ONLY public.notes ALTER COLUMN "on" SET DEFAULT 3;\n'
        b"COPY public.notes (text) FROM stdin;\nSET transaction_timeout = 0;\n\\.\n"
    )
    lines = iter(dump.splitlines(keepends=True))

    kept = b"".join(understood(lines, {b"statement_timeout"})) + b"".join(lines)

    changes = {
        b"SET statement_timeout = 0;": b"SET LOCAL statement_timeout = 0;",
        b"SET transaction_timeout = 0;\nSELECT pg_catalog": b"SELECT pg_catalog",
        b"'search_path', '', false)": b"'search_path', '', true)",
        b"ALTER TABLE ONLY public.notes ALTER COLUMN text SET (pg_attver=26505248);\n": b"",
    }
    for former, present in changes.items():
        dump = dump.replace(former, present)
    assert kept == dump
