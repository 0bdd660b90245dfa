"""Steps before the first page: tables, cache, static files, message catalogues, the demo's records.

Each step first checks cheaply whether there is anything to do, so that a restart is quick. Every function but
`compile_messages` needs Django and runs in a forked child, whose memory goes when it ends.
"""

from __future__ import annotations

import gc
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOBase
from pathlib import Path
from shlex import quote

from jirani.server.database import TURNS, explain_database_error
from jirani.server.errors import ServerError, explain_os_error
from jirani.server.folders import DataFolder
from jirani.server.snapshot import migration_files, restore


def say(message: str) -> None:
    """Print a line of progress."""
    print(message, flush=True)


def sentence_for(error: Exception) -> str | None:
    """Return the sentence for an error that a person can fix; None for one that needs its traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    if isinstance(error, OperationalError):
        return str(explain_database_error(error))
    if isinstance(error, OSError):
        return str(explain_os_error(error))
    return str(error) if isinstance(error, ServerError | ImproperlyConfigured) else None


def compile_messages() -> None:
    """Compile those of the interface's translations that are newer than their compiled files."""
    if importlib.util.find_spec("jirani.server.catalogues") is None:
        return
    from jirani.server.catalogues import compile_catalogues

    compile_catalogues()


def prepare_database(folder: DataFolder, *, embedded: bool) -> None:
    """Create tables, cache table and, in the demo, its records."""
    with taking_turns(os.environ["DATABASE_URL"]):
        _prepare_database(folder, embedded=embedded)


@contextmanager
def taking_turns(url: str) -> Iterator[None]:
    """Make machines that start on one database at the same moment set it up one after the other.

    The lock belongs to a transaction, because a pool of connections would hand a session's lock to others.
    """
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("set local idle_in_transaction_session_timeout = 0")
        (free,) = connection.execute("select pg_try_advisory_xact_lock(%s)", [TURNS]).fetchall()
        if not free[0]:
            say("Another machine sets up the database; waiting …")
            connection.execute("set local lock_timeout = 0")
            connection.execute("select pg_advisory_xact_lock(%s)", [TURNS])
        yield


def _prepare_database(folder: DataFolder, *, embedded: bool) -> None:
    from django.core.management import call_command, get_commands

    from jirani.changes.triggers import install

    if embedded:
        # Safe here: a crash would lose half a second of work, which the next start repeats.
        os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    missing = pending_migrations()
    if missing:
        migrate(missing, new=embedded and missing == len(migration_files()))
    install()
    call_command("createcachetable", verbosity=0)
    call_command("ensure_newsroom")
    call_command("ensure_taxonomy")
    call_command("renew_sort_keys")
    if folder.kind == "demo" and "load_demo" in get_commands():
        call_command("load_demo")
    tell_how_to_begin(folder.path)


def tell_how_to_begin(data: Path) -> None:
    """Say how to make the first coordinator as long as nobody can sign in."""
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.exists():
        say("Nobody can sign in yet. Name the first coordinator in another terminal, with the settings of this one:")
        say(f"  JIRANI_DATA={quote(str(data))} {quote(sys.argv[0])} manage createsuperuser --noinput --email ADDRESS")


def pending_migrations() -> int:
    """Count the migrations on disk that are not recorded in the database, without importing them."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = set(MigrationRecorder(connection).applied_migrations())
    connection.close()
    return len(migration_files().keys() - applied)


def migrate(missing: int, *, new: bool) -> None:
    """Migrate the database's tables to the version of the code."""
    from django.core.management import call_command
    from django.db import connection

    say(f"Setting up the database ({missing} steps) …")
    if new and restore(os.environ["DATABASE_URL"]) and not pending_migrations():
        return
    # Migrations leave much garbage at once: collecting rarely is quicker, never would take a gigabyte.
    gc.set_threshold(50_000, 10, 10)
    gc.enable()
    progress = Progress(missing)
    call_command("migrate", interactive=False, verbosity=1, no_color=True, stdout=progress)
    progress.finish()
    connection.close()


class Progress(TextIOBase):
    """Turn the output of `migrate` into progress: a changing line on a terminal, a few lines elsewhere."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.shown = 0

    def write(self, text: str) -> int:
        self.done += text.count(" OK\n")
        percent = min(
            99, 100 * self.done // self.total
        )  # squashed migrations replace others, so fewer run than are counted
        terminal = sys.stdout.isatty()
        if percent >= self.shown + (1 if terminal else 20):
            self.shown = percent
            print(f"\r  {percent} %" if terminal else f"  {percent} %", end="" if terminal else "\n", flush=True)
        return len(text)

    def finish(self) -> None:
        print("\r  100 %" if sys.stdout.isatty() else "  100 %", flush=True)


def collect_static(folder: DataFolder) -> None:
    """Collect style sheets and scripts into the folder they are served from, if any has changed."""
    from django.core.management import call_command

    stamp = folder.run / "static.stamp"
    with tempfile.TemporaryDirectory(dir=folder.run) as scratch:
        tempfile.tempdir = scratch  # our finders leave composed files behind, in this short-lived process
        digest = static_digest()
        if (folder.static / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == digest:
            return
        say("Gathering style sheets and scripts …")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(digest)


def static_digest() -> str:
    """Return a digest that changes when any static file changes."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(path.encode() + b"\0" + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()
