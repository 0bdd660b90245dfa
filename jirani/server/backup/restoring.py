"""Restore a backup into an empty network; this can be interrupted at any moment and repeated.

Nothing is touched before every checksum has been verified. Then the folder is marked: `up` refuses it until a restore has reached
its end. Key and files are put in place first, then the database. An embedded one is made in a separate folder, which gets its final
name last of all: the remains of an interrupted restore are thrown away and never started, since a server that was killed with all its
processes may not come up again. An external database is filled in one transaction, which records the backup's identity.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jirani.core.erasures import NAME, add_erased, read_erased
from jirani.server.backup.archive import DUMP, KEY, MEDIA, Contents, inspect, unpack
from jirani.server.backup.contents import explained
from jirani.server.backup.dumps import load, sql
from jirani.server.backup.erasing import Erasing, beside, erase_again
from jirani.server.database import RESTORED, TURNS, external_url
from jirani.server.errors import ServerError, explain_os_error
from jirani.server.folders import MARKER, STAGE, DataFolder, Kind, open_folder, put_mark, restoring
from jirani.server.postgres import Postgres

#: The beginning of the folder's mark when a restore has done everything except remove its marks.
FINISHING = "finishing "
HELD = "The database holds tables already: restore into an empty one."
_BROUGHT = f"select backup from public.{RESTORED}".encode()  # noqa: S608  a name of ours
# What comes before the dump in its transaction.
_BEGIN = """\
select pg_advisory_xact_lock({turns});
do $$ begin if exists (select from pg_tables where schemaname = 'public') then
raise exception 'the database holds tables by now'; end if; end $$;
create table public.{table} (backup text not null);
insert into public.{table} values ('{identity}');
"""
# What comes after it, for each table.
_CHECK = (
    "do $$ begin if (select count(*) from public.{}) <> {} then raise exception 'rows are missing'; end if; end $$;\n"
)
# A web that has not been stopped must not take what it kept for pages of what is restored: the number must be none that it has seen.
_OTHER_GENERATION = """\
do $$ begin if to_regclass('public.changes_generation') is not null then
insert into public.changes_generation values (extract(epoch from clock_timestamp())::bigint); end if; end $$;
"""


class Refused(ServerError):
    """Raised if the database holds something that we must not replace. Nothing was changed."""


@dataclass(frozen=True)
class Restored:
    """What was restored, into which kind of network, and who was erased again."""

    contents: Contents
    kind: Kind
    erased: Erasing


def restore_backup(path: Path, source: Path) -> Restored:
    """Read a backup into the folder at `path`, or finish doing so. Raises ServerError if the folder or the database holds anything."""
    contents = inspect(source)
    path = path.expanduser().resolve()
    try:
        _check_lists(path, source)
        with explained():
            return _restore(path, contents)
    except OSError as error:
        raise explain_os_error(error, path) from error


def _restore(path: Path, contents: Contents) -> Restored:
    path.mkdir(parents=True, exist_ok=True)
    held = restoring(path)
    (path / "run").mkdir(exist_ok=True)
    with DataFolder(path, Kind.REAL).supervised():
        shutil.rmtree(path / STAGE, ignore_errors=True)
        if held is not None and held.startswith(FINISHING):
            folder = open_folder(path, restore=True)
            url = external_url(folder.kind, restore=True)
            _settle(folder) if url is None else _unmark(url)
            put_mark(path, folder.kind)
            if held == FINISHING + contents.identity:
                return Restored(contents, folder.kind, Erasing(0, 0))
            held = None
        with _staged(path, contents) as stage:
            restored = _bring_in(path, contents, stage, unfinished=held is not None)
        put_mark(path, restored.kind)  # last of all: the folder must not look finished sooner
        return restored


def _bring_in(path: Path, contents: Contents, stage: Path, *, unfinished: bool) -> Restored:
    kind = Kind(contents.manifest.kind) if contents.manifest else _kind_of_old(stage / DUMP)
    if unfinished:
        put_mark(path, kind, restoring=contents.identity)
    folder = open_folder(path, kind, restore=True)
    if not unfinished:
        _check_files(folder)
    finishing = FINISHING + contents.identity
    with _marked(folder, contents):
        if url := external_url(kind, restore=True):
            done = _already(url, contents, unfinished=unfinished)
            erased = _fill(folder, url, contents, None if done else stage / DUMP, stage)
            os.sync()
            put_mark(path, kind, restoring=finishing)
            _unmark(url)
        else:
            _check_unused(folder)
            half = Postgres(folder.half)
            half.discard()
            with half.used():
                erased = _fill(folder, half.url(), contents, stage / DUMP, stage)
                _unmark(half.url())
            os.sync()
            put_mark(path, kind, restoring=finishing)
            _settle(folder)
    return Restored(contents, kind, erased)


def _fill(folder: DataFolder, url: str, contents: Contents, dump: Path | None, stage: Path) -> Erasing:
    """Put the files in place and, unless it is done already, fill the database. Returns who was erased again."""
    put_mark(folder.path, folder.kind, restoring=contents.identity)
    _place_files(folder, stage)
    if dump is not None:
        _load(dump, url, contents)
    return _erase(folder, url, contents.source)


@contextmanager
def _marked(folder: DataFolder, contents: Contents) -> Iterator[None]:
    """Mark a new folder before anything is put in it, and leave a refused one as it was.

    A folder that is marked already gets a new mark only once its database is known to be empty.
    """
    marker = folder.path / MARKER
    new = not marker.exists()
    if new:
        put_mark(folder.path, folder.kind, restoring=contents.identity)
    try:
        yield
    except Refused:
        if new:
            marker.unlink()
        raise


@contextmanager
def _staged(path: Path, contents: Contents) -> Iterator[Path]:
    """Unpack the backup's parts beside their final places."""
    stage = path / STAGE
    free = shutil.disk_usage(path).free
    if free < contents.size * 2:
        needed = contents.size * 2 // 1024**2
        raise ServerError(f"The disk that holds {path} has {free // 1024**2} MB free, and {needed} MB are needed.")
    stage.mkdir()
    try:
        unpack(contents, stage)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _kind_of_old(dump: Path) -> Kind:
    """Return the kind of a backup without a manifest, as its database says; the oldest are of real networks."""
    lines = sql(dump, "--data-only", "--table=jirani_kind").decode().splitlines()
    return Kind.DEMO if any(line.split("\t")[1:] == ["demo"] for line in lines) else Kind.REAL


def _check_files(folder: DataFolder) -> None:
    media = folder.path / MEDIA
    if any(media.iterdir()):
        raise ServerError(f"{media} holds files already: restore into an empty folder.")


def _already(url: str, contents: Contents, *, unfinished: bool) -> bool:
    """Whether an interrupted restore has already loaded exactly these contents into the database, which is otherwise empty.

    Raises Refused if it holds anything else.
    """
    tables, brought = _held(url)
    if not tables or brought == contents.identity:
        return bool(tables)
    if brought is not None and unfinished:
        raise Refused(
            "The database holds what another backup brought: finish restoring that one, or empty the database."
        )
    raise Refused(HELD)


def _check_unused(folder: DataFolder) -> None:
    """Raise Refused if the folder's own database holds anything; an empty one is left behind by an interrupted first start."""
    if not (folder.postgres / "PG_VERSION").exists():
        return
    with Postgres(folder.postgres).used() as server:
        tables, _ = _held(server.url())
    if tables:
        raise Refused(HELD)


def _held(url: str) -> tuple[set[str], str | None]:
    """Return the tables in a database, and the backup that is being loaded into it."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(
            "select pg_advisory_xact_lock(%s)", [TURNS]
        )  # wait for a killed restore, whose session may still be open
        tables = {name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")}
        brought = connection.execute(_BROUGHT).fetchone() if RESTORED in tables else None
    return tables, brought[0] if brought else None


def _place_files(folder: DataFolder, stage: Path) -> None:
    """Put key and uploads in place, over anything that an interrupted restore left."""
    media = folder.path / MEDIA
    for left in media.iterdir():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    if (stage / MEDIA).exists():
        for part in (stage / MEDIA).iterdir():
            shutil.move(part, media / part.name)  # copies if uploads are on another disk
    if (stage / KEY).exists():
        (stage / KEY).replace(folder.path / KEY)


def _load(dump: Path, url: str, contents: Contents) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        known = [name for (name,) in connection.execute("select name from pg_settings")]
    before = _BEGIN.format(turns=TURNS, table=RESTORED, identity=contents.identity)
    load(dump, url, known=known, before=before, after=_checks(contents) + _OTHER_GENERATION)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


def _checks(contents: Contents) -> str:
    """Return SQL that fails unless each table has the expected number of rows."""
    from psycopg import sql

    counted = contents.manifest.rows if contents.manifest else {}
    script = sql.SQL(_CHECK)
    return "".join(
        script.format(sql.Identifier(table), sql.Literal(rows)).as_string() for table, rows in counted.items()
    )


def _check_lists(path: Path, source: Path) -> None:
    """Raise ServerError if a list of erased people is unreadable, before anything is restored."""
    try:
        for kept in (path / NAME, beside(source)):
            read_erased(kept)
    except ValueError as error:
        raise ServerError(str(error)) from None


def _erase(folder: DataFolder, url: str, source: Path) -> Erasing:
    """Erase the people again who are on the list in the folder or beside the backup."""
    try:
        add_erased(folder.path / NAME, read_erased(beside(source)))
        return erase_again(folder, url, read_erased(folder.path / NAME))
    except ValueError as error:
        raise ServerError(str(error)) from None


def _unmark(url: str) -> None:
    """Remove the mark of a restore from the database. If we are interrupted after that, the folder's mark says what is left to do."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(f"drop table if exists public.{RESTORED}".encode())


def _settle(folder: DataFolder) -> None:
    """Give the restored cluster its final name, unless it has it already."""
    if (folder.half / "PG_VERSION").exists():
        shutil.rmtree(folder.postgres, ignore_errors=True)  # already checked: it holds nothing
        folder.half.rename(folder.postgres)
        os.sync()
    if not (folder.postgres / "PG_VERSION").exists():
        raise ServerError(f"{folder.path} holds no database: if its network uses DATABASE_URL, set it here too.")
    Postgres(folder.half).discard()
