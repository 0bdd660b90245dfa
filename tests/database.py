"""The database of the tests, as a pytest plugin (`-p tests.database` in pyproject.toml).

One embedded server in `.cache/` serves every test run of this checkout, several at once too: the first test that asks for a database
starts it, and the last run to leave stops it. A test that asks for none starts nothing.
Running all migrations takes half a minute, so they run once into a template database, named after a digest of all
migrations; each run, and each worker of pytest-xdist, gets a copy of it within a fraction of a second.

    tests/conftest.py: django_db_setup     uses `test_database()`
    tests/browser/conftest.py: network     uses `demo_database()`, a copy of a template that holds the demo network
"""

from __future__ import annotations

import ast
import atexit
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from jirani.server.database import claim
from jirani.server.errors import ServerError
from jirani.server.folders import Kind
from jirani.server.postgres import Postgres
from jirani.server.processes import is_running

from .pure import PURE

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "tests"
TEMPLATE = "template_jirani_"
WITNESSED = "template_witnessed_"
BASE = "base_of_templates"
#: The name of a database that the tests of a process use, which says by its number which process that is.
OF_A_RUN = re.compile(r"test_(?P<pid>\d+)_")
DEMO = "template_with_demo_"


def server() -> Postgres:
    """The embedded server of the tests; not durable."""
    return Postgres(CACHE / "postgres", durable=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Before pytest-django reads the settings: an environment of our own, whatever the developer's shell holds."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if PURE:
        return (yield)
    if worker is None:
        scratch = Path(tempfile.mkdtemp(prefix="jirani-tests-"))
        atexit.register(
            shutil.rmtree, scratch, ignore_errors=True
        )  # pytest calls no hook if the settings cannot be imported
        _set_environment(server().url(), scratch)
    else:
        os.environ["JIRANI_DATA"] = str(Path(os.environ["JIRANI_TEST_SCRATCH"]) / worker)
    data = Path(os.environ["JIRANI_DATA"])
    for part in ("static", "media", "mail"):
        (data / part).mkdir(parents=True, exist_ok=True)
    return (yield)


def _set_environment(url: str, scratch: Path) -> None:
    for name in [name for name in os.environ if name.startswith("JIRANI_")]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="jirani.config.settings",
        DATABASE_URL=url,
        JIRANI_TEST_SCRATCH=str(scratch),
        JIRANI_TEST_RUN=str(os.getpid()),
        JIRANI_DATA=str(scratch / "main"),
        JIRANI_DEMO="1",
        TMPDIR=tempfile.gettempdir(),  # if only root may write in /tmp, Python looks further; Chromium does not
        JIRANI_SECRET_KEY="a secret that only the tests know " * 2,
        JIRANI_HOSTS="testserver,127.0.0.1,localhost",
    )


@contextmanager
def test_database() -> Iterator[str]:
    """A migrated database of this process's own; yields its name, drops it afterwards."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.environ['JIRANI_TEST_RUN']}_{worker}"
    with server().used() as postgres:
        _copy_template(postgres, name, witnessed=True)
        try:
            yield name
        finally:
            postgres.drop_database(name)


def renew_database(name: str) -> None:
    """Give a process its database as it was at first; nobody may be connected to it."""
    _copy_template(server(), name, witnessed=True)


@contextmanager
def demo_database(name: str) -> Iterator[tuple[str, Path]]:
    """A database of this process's own that holds the demo network, and the folder of the files that it names.

    Yields the database's address and the folder, which is for copying from; drops the database afterwards.
    """
    with server().used() as postgres:
        unique = f"{name}_{os.getpid()}"
        with _lock("demo"):
            template = _demo_template(postgres)
            postgres.drop_database(unique)
            postgres.create_database(unique, template=template)
        try:
            yield postgres.url(unique), _demo_files(template)
        finally:
            postgres.drop_database(unique)


def _demo_template(postgres: Postgres) -> str:
    """Return the name of a template with the demo network as its files now describe it, and make it if it is missing."""
    template = DEMO + _demo_digest()
    present = postgres.databases()
    if template in present:
        return template
    for stale in (known for known in present if known.startswith(DEMO)):
        postgres.drop_database(stale)
        shutil.rmtree(_demo_files(stale).parent, ignore_errors=True)
    draft = "draft_of_demo"
    _copy_template(postgres, draft)
    _demo_files(template).mkdir(parents=True, exist_ok=True)
    there = {"JIRANI_DATA": str(_demo_files(template).parent)}
    _django(postgres, draft, "-m", "django", "load_demo", "--verbosity=0", more=there)
    claim(postgres.url(draft), Kind.DEMO)
    postgres.rename_database(draft, template)
    return template


def _demo_files(template: str) -> Path:
    return CACHE / template / "media"


def _template_digest() -> str:
    """Changes when a migration does, or what makes the newsroom, or whose changes are told."""
    made = [ROOT / "jirani" / "newsroom" / "actions.py", *sorted((ROOT / "jirani").glob("*/apps.py"))]
    made += sorted((ROOT / "jirani" / "changes").glob("*.py"))
    return hashlib.sha256(migrations_digest().encode() + b"".join(path.read_bytes() for path in made)).hexdigest()[:16]


def _demo_digest() -> str:
    """Changes when the template does, or anything that the demo is made of or by."""
    digest = hashlib.sha256(_template_digest().encode())
    for folder in ("demo", "taxonomy"):
        for path in sorted((ROOT / "jirani" / folder).rglob("*")):
            if path.suffix in {".py", ".toml", ".csv"}:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _copy_template(postgres: Postgres, name: str, *, witnessed: bool = False) -> None:
    with _lock("template"):
        template = _witnessed_template(postgres) if witnessed else _migrated_template(postgres)
        postgres.drop_database(name)
        postgres.create_database(name, template=template)


def _migrated_template(postgres: Postgres) -> str:
    """Return the name of a fully migrated template, and make it if it is missing."""
    template = TEMPLATE + _template_digest()
    present = postgres.databases()
    if template not in present:
        _drop_stale(postgres, present)
        _make_template(postgres, template)
    return template


def _witnessed_template(postgres: Postgres) -> str:
    """The name of a template in which all that is written is noted (tests/witness.py); made where it is missing."""
    digest = hashlib.sha256(_template_digest().encode() + (ROOT / "tests" / "witness.py").read_bytes())
    template = WITNESSED + digest.hexdigest()[:16]
    present = postgres.databases()
    if template not in present:
        for stale in (known for known in present if known.startswith(WITNESSED)):
            postgres.drop_database(stale)
        draft = "draft_of_witnessed"
        postgres.drop_database(draft)
        postgres.create_database(draft, template=_migrated_template(postgres))
        _django(postgres, draft, "-m", "tests.witness")
        postgres.rename_database(draft, template)
    return template


def _make_template(postgres: Postgres, template: str) -> None:
    """Make a template from the snapshot if it matches the migrations, or else by running them, and add the newsroom that every start makes."""
    draft = "draft_of_template"
    postgres.drop_database(draft)
    postgres.create_database(draft)
    if _django(postgres, draft, "-c", _RESTORE).strip() != "True":
        _migrate(postgres, draft)
        _django(postgres, draft, "-m", "django", "ensure_newsroom")
    postgres.rename_database(draft, template)


_RESTORE = """
import django, os
django.setup()
from django.core.management import call_command
from jirani.server.snapshot import restore
restored = restore(os.environ["DATABASE_URL"])
if restored:
    call_command("ensure_newsroom")
print(restored)
"""


@contextmanager
def migrated_from_zero(name: str) -> Iterator[str]:
    """An empty database with all migrations run on it; yields its address, drops it afterwards."""
    with server().used() as postgres, _lock("template"):
        try:
            _migrate(postgres, name)
            os.environ.update(_SETTINGS_FOR_COMMANDS if "JIRANI_TEST_RUN" not in os.environ else {})
            yield postgres.url(name)
        finally:
            postgres.drop_database(name)


@contextmanager
def migrated_database(name: str) -> Iterator[str]:
    """A database as migrations make it; yields its address, drops it afterwards."""
    with empty_database(name) as url:
        _copy_template(server(), f"{name}_{os.getpid()}")
        yield url


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """A database with nothing in it; yields its address, drops it afterwards."""
    with server().used() as postgres:
        unique = f"{name}_{os.getpid()}"
        postgres.drop_database(unique)
        postgres.create_database(unique)
        try:
            yield postgres.url(unique)
        finally:
            postgres.drop_database(unique)


def _migrate(postgres: Postgres, name: str) -> None:
    """Migrate a new database, starting from the base with third-party migrations if that still matches."""
    if not _base_is_right(postgres):
        _make_base(postgres)
    postgres.drop_database(name)
    postgres.create_database(name, template=BASE)
    _django(postgres, name, "-m", "django", "migrate", "--verbosity=0", "--skip-checks")


# Run all third-party migrations and those of ours that they depend on; then print which of ours ran.
_MIGRATE_OTHERS = """
import django, json
django.setup()
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
ours = {config.label for config in apps.get_app_configs() if config.name.startswith("jirani.")}
executor = MigrationExecutor(connection)
executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours])
applied = executor.recorder.applied_migrations()
print(json.dumps([f"{apps.get_app_config(label).name}/{name}" for label, name in applied if label in ours]))
"""


def _make_base(postgres: Postgres) -> None:
    postgres.drop_database(BASE)
    postgres.create_database(BASE)
    ours = json.loads(_django(postgres, BASE, "-c", _MIGRATE_OTHERS))
    _base_note().write_text(json.dumps({"others": _others_digest(), "ours": {name: _digest_of(name) for name in ours}}))


def _base_is_right(postgres: Postgres) -> bool:
    try:
        note = json.loads(_base_note().read_text())
    except (OSError, ValueError):
        return False
    unchanged = all(_digest_of(name) == digest for name, digest in note["ours"].items())
    return unchanged and note["others"] == _others_digest() and BASE in postgres.databases()


def _base_note() -> Path:
    return CACHE / "run" / "base.json"


def _digest_of(migration: str) -> str:
    """Return a digest of one of our migrations, named like `jirani.accounts/0001_initial`."""
    package, _, name = migration.partition("/")
    path = ROOT.joinpath(*package.split("."), "migrations", f"{name}.py")
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _django(postgres: Postgres, database: str, *arguments: str, more: Mapping[str, str] | None = None) -> str:
    """Run Python with Django's settings, and `more` of them, for that database. Returns what it prints."""
    environment = {**os.environ, "DATABASE_URL": postgres.url(database), "PYTHONWARNINGS": "ignore"}
    environment |= _SETTINGS_FOR_COMMANDS if "JIRANI_TEST_RUN" not in os.environ else {}
    environment |= more or {}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerError(f"The migrations fail:\n{done.stdout}{done.stderr}")
    return done.stdout


_SETTINGS_FOR_COMMANDS = {
    "DJANGO_SETTINGS_MODULE": "jirani.config.settings",
    "JIRANI_SECRET_KEY": "a secret that only the tests know " * 2,
    "JIRANI_DEMO": "1",
}


def _drop_stale(postgres: Postgres, present: set[str]) -> None:
    """Drop older templates, and databases of runs that were killed."""
    for name in present:
        run = OF_A_RUN.match(name)
        if name.startswith(TEMPLATE) or (run and not is_running(int(run["pid"]))):
            postgres.drop_database(name)


@contextmanager
def _lock(name: str) -> Iterator[None]:
    """Let one process at a time make or copy templates; making the demo's, which takes long, does not block the others."""
    with open(CACHE / "run" / f"{name}.lock", "a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrations_digest() -> str:
    """Return a digest that changes when a migration of ours, the version of any package, or the list of installed apps changes."""
    digest = hashlib.sha256(_others_digest().encode())
    for path in sorted((ROOT / "jirani").glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _others_digest() -> str:
    return hashlib.sha256((ROOT / "uv.lock").read_bytes() + _installed_apps().encode()).hexdigest()


def _installed_apps() -> str:
    tree = ast.parse((ROOT / "jirani" / "config" / "settings.py").read_text(encoding="utf-8"))
    wanted = ("INSTALLED_APPS", "MIGRATION_MODULES", "CACHES")
    parts = [
        ast.dump(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in wanted for t in node.targets)
    ]
    return "\n".join([*parts, (ROOT / "jirani" / "config" / "languages.py").read_text(encoding="utf-8")])
