"""The folder of the embedded database: created whole or not at all, checked for its version, and which process serves it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from jirani.server.binaries import MAJOR_VERSION, RunAs, give, programs, run_as
from jirani.server.errors import ServerError, explain_os_error
from jirani.server.processes import dying_with_parent, is_running

ROLE = "jirani"


def ensure_cluster(cluster: Path, *, durable: bool) -> None:
    """Create a cluster if there is none. Raises ServerError if the existing one is damaged or of another version.

    It is created beside its place and moved there once complete. The caller must hold the folder's lock.
    """
    if cluster.exists() and any(cluster.iterdir()):
        _check_version(cluster)
        return
    for left in cluster.parent.glob(f"{cluster.name}.new*"):
        shutil.rmtree(left, ignore_errors=True)
    # Use a unique name: an initdb left by a killed start may still be working for a moment.
    draft = Path(tempfile.mkdtemp(prefix=f"{cluster.name}.new", dir=cluster.parent))
    try:
        user = run_as(draft)
        give(draft, user)
        _initialise(draft, user, cluster, durable=durable)
    except ServerError:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if cluster.exists():
        cluster.rmdir()
    draft.rename(cluster)


def serves(pid: int, cluster: Path) -> bool:
    """Whether that process is a live server of this very folder, by whatever path it was started."""
    if not is_running(pid):
        return False
    if not Path("/proc/self").exists():
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False).stdout
        return b"postgres" in command and os.fsencode(cluster) in command
    process = Path(f"/proc/{pid}")
    try:
        # PostgreSQL refuses a folder that is not its user's, so a server of somebody else has another folder.
        if process.stat().st_uid != cluster.stat().st_uid:
            return False
        # Compare the working directory: the command line names the folder as it was typed, perhaps through a link.
        return "postgres" in (process / "comm").read_text(errors="replace") and (process / "cwd").samefile(cluster)
    except FileNotFoundError:
        return False


def _initialise(draft: Path, user: RunAs | None, cluster: Path, *, durable: bool) -> None:
    # PostgreSQL's own UTF-8 locale: the same order on every machine, and after every update of the system.
    command: list[str | Path] = [programs() / "initdb", "-D", draft, "-U", ROLE, "--auth=trust", "--encoding=UTF8"]
    command += ["--no-instructions", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command += [] if durable else ["--no-sync"]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        start_new_session=True,  # Ctrl-C in a terminal is for us: we end it
        preexec_fn=dying_with_parent(signal.SIGKILL),
        **(user.arguments() if user else {}),
    )
    if done.returncode == 0:
        return
    if "No space left on device" in done.stderr + done.stdout:
        raise explain_os_error(OSError(errno.ENOSPC, ""), cluster)
    reasons = re.findall(r"(?:error|FATAL|PANIC):\s+(.+)", done.stderr) or ["it gave no reason"]
    raise ServerError(f"The database in {cluster} cannot be made: {reasons[0].strip()}.")


def _check_version(cluster: Path) -> None:
    damaged = f"The database in {cluster} is damaged: restore it from a backup, or choose another with --data."
    try:
        version = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        raise ServerError(damaged) from None
    if not version.isdigit() or not (cluster / "global" / "pg_control").exists():
        raise ServerError(damaged)
    if int(version) != MAJOR_VERSION:
        raise ServerError(
            f"The database in {cluster} was written by PostgreSQL {version} and this version of Jirani brings "
            f"{MAJOR_VERSION}: dump it with the former version and load it into this one."
        )
