"""A network behind Debian's pgbouncer in transaction mode: sessions are nobody's own there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.server import servers
from tests.server.test_command_line import free_port
from tests.server.test_supervisor import Demo

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(not servers.installed(), reason="PostgreSQL of Debian's is not here"),
    pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="pgbouncer is not here"),
]

KEY = "a secret of fifty characters, for a test and no more"

#: Eight threads that read with cursors kept open over several fetches, twenty times each.
READ = """
from concurrent.futures import ThreadPoolExecutor
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

def read(number):
    found = sum(1 for _ in ContentType.objects.iterator(chunk_size=5))
    connection.close()
    return found

with ThreadPoolExecutor(8) as pool:
    print(sorted(set(pool.map(read, range(160)))) == [ContentType.objects.count()])
"""


@contextmanager
def pooled(url: str, folder: Path) -> Iterator[str]:
    """The same database through a pool of four sessions, each lent for a transaction."""
    parts, port = urlsplit(url), free_port()
    (folder / "users.txt").write_text('"plain" "a secret"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={parts.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        f"auth_type = plain\nauth_file = {folder}/users.txt\npool_mode = transaction\ndefault_pool_size = 4\nmax_client_conn = 200\n"
        f"logfile = {folder}/log\nunix_socket_dir =\nignore_startup_parameters = extra_float_digits,options\n"
    )
    folder.parent.chmod(0o755)
    command = ["pgbouncer", str(folder / "pgbouncer.ini")]
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "nobody")
        command[1:1] = ["-u", "nobody"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"postgresql://plain:a%20secret@127.0.0.1:{port}{parts.path}"
        finally:
            process.terminate()


def test_a_network_lives_behind_a_pool_in_transaction_mode(tmp_path: Path) -> None:
    with servers.server(servers.installed()[0]) as address:
        (tmp_path / "pool").mkdir()
        with pooled(servers.database(address, "pooled"), tmp_path / "pool") as url:
            environment = {"DATABASE_URL": url, "JIRANI_PGBOUNCER": "1", "JIRANI_SECRET_KEY": KEY}
            machine = Demo(tmp_path / "data", "up", **environment)
            try:
                machine.wait_for("Jirani is at")
                assert machine.page() == 200
                told = subprocess.run(
                    [sys.executable, "-m", "jirani", "manage", "--data", str(tmp_path / "data"), "shell", "-v", "0", "-c", READ],
                    env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120,
                )  # fmt: skip
                assert (told.returncode, told.stdout.strip()) == (0, "True"), told.stderr
            finally:
                machine.stop(signal.SIGTERM)
                machine.log.close()
