"""Networks to back up and restore, and all that is in them, to compare."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from jirani.changes.generation import GENERATION, TABLE

ROOT = Path(__file__).resolve().parents[2]
#: A backup of the demo that commit 803be05 wrote, after somebody had used it in the browser: a population, two titles, evidence with
#: a picture and a note were added or changed, and the translator had erased themselves. The people in it are made up.
OLD_DEMO = Path(__file__).parent / "data" / "demo-803be05.tgz"


def run(
    *arguments: str | Path, python: str | Path = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line with its own environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("JIRANI_") and name != "DATABASE_URL"
    }
    return subprocess.run(
        [python, "-m", "jirani", *map(str, arguments)],
        env={**kept, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def told(*arguments: str | Path, **environment: str) -> str:
    """Return the output of a command that must succeed."""
    done = run(*arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(*arguments: str | Path, **environment: str) -> str:
    """The one sentence of a command that refuses."""
    done = run(*arguments, **environment)
    assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("jirani: ")


def make_network(path: Path, *, kind: str = "real") -> Path:
    """A data folder with a key and an upload, whose database is elsewhere."""
    (path / "media" / "evidence").mkdir(parents=True)
    (path / "jirani.json").write_text(json.dumps({"kind": kind}))
    (path / "secret_key").write_text("k" * 86)
    (path / "media" / "evidence" / "درس.pdf").write_bytes(b"%PDF " + bytes(range(256)) * 40)
    return path


def everything(url: str) -> dict[str, list[dict[str, Any]]]:
    """Each table's rows, in an order of no meaning, but for the network's generation, which a restore changes."""
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return {name: _rows(connection, name) for (name,) in names if name != TABLE}


def generation(url: str) -> int:
    """The number by which a web knows whether its pages still hold."""
    with psycopg.connect(url) as connection:
        ((number,),) = connection.execute(GENERATION).fetchall()
    return int(number)


def _rows(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> list[dict[str, Any]]:
    found = connection.execute(sql.SQL("select to_jsonb(t) from public.{} as t").format(sql.Identifier(table)))
    return sorted((row for (row,) in found.fetchall()), key=lambda row: json.dumps(row, sort_keys=True))


def files(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
