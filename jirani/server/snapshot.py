"""A new database in a second instead of half a minute: what all migrations make of an empty one, as SQL.

`snapshot.sql.gz` is written by `make snapshot` and belongs to one exact set of migrations, ours and those of every
package we install, named by a digest in its first line. If other migrations are installed, or the database is not
empty, the snapshot is ignored and the migrations run as usual: it saves time and decides nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import subprocess
from pathlib import Path

from jirani.server.binaries import programs
from jirani.server.errors import ServerError

FILE = Path(__file__).with_name("snapshot.sql.gz")
MARK = "-- migrations: "


def migration_files() -> dict[tuple[str, str], Path]:
    """Return every migration on disk by app and name, without importing them. Needs Django's apps."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    files = {}
    for config in apps.get_app_configs():
        module, _ = MigrationLoader.migrations_module(config.label)
        found = importlib.util.find_spec(module) if module and importlib.util.find_spec(module) else None
        for folder in (found.submodule_search_locations or []) if found else []:
            for path in Path(folder).glob("*.py"):
                if path.stem[0] not in "_~":
                    files[config.label, path.stem] = path
    return files


def migrations_digest() -> str:
    """Return a digest that changes when any migration changes, or any trigger installed after them."""
    from jirani.changes.triggers import digest as triggers_digest

    digest = hashlib.sha256(triggers_digest().encode())
    for (label, name), path in sorted(migration_files().items()):
        digest.update(f"{label}/{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fits() -> bool:
    """Whether the snapshot matches the installed migrations."""
    try:
        with gzip.open(FILE, "rt", encoding="utf-8") as file:
            return file.readline().strip() == MARK + migrations_digest()
    except (OSError, EOFError):
        return False


def restore(url: str) -> bool:
    """Fill an empty database from the snapshot, all or nothing. Returns False if the snapshot does not match."""
    if not fits():
        return False
    with gzip.open(FILE, "rb") as file:
        return load(url, file.read())


def load(url: str, script: bytes) -> bool:
    """Run SQL on a database, all or nothing. Returns whether it succeeded."""
    command: list[str | Path] = [programs() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"]
    script = b"SET synchronous_commit = off;\n" + script
    done = subprocess.run([*command, "-d", url], input=script, capture_output=True, check=False)
    return done.returncode == 0


def dump(url: str, *, schema_only: bool = False) -> str:
    """Return the database as SQL, byte for byte the same for the same database."""
    command: list[str | Path] = [programs() / "pg_dump", "--no-owner", "--no-privileges", "-d", url]
    command += ["--schema-only"] if schema_only else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerError(f"pg_dump fails: {done.stderr.strip()}")
    # These two lines hold a new random word each time; they guard against names in somebody else's dump.
    lines = done.stdout.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("\\restrict ", "\\unrestrict ")))


def write(url: str) -> None:
    """Write the snapshot from a freshly migrated database."""
    content = f"{MARK}{migrations_digest()}\n{dump(url)}"
    FILE.write_bytes(gzip.compress(content.encode(), mtime=0))
