"""How quickly a newcomer sees the first page, and how much memory a network at rest takes.

Method. The committed state of this checkout is cloned into an empty folder and `make demo` is run there, with whatever the
package caches of this machine hold ("warm": run the bench twice). Seconds are counted from the start of `make` to the first page
served with status 200, by one web process. Then one page of each kind is fetched, the network is left alone for REST seconds, and the proportional
set size (PSS: a page that several processes share counts once between them) of supervisor, web, worker and database is summed.
"""

import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from jirani.server.folders import Kind, open_folder
from jirani.server.memory import memory_at_rest

from .output import figure
from .running import free_port, running, wait_for

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
MEGABYTES = 450
REST = 20
LISTS = ("", "local-authorities/", "events/", "lessons/", "commitments/", "plans/", "news/")


def run(argv: list[str]) -> int:
    """Measure. Returns 0 if both figures are within their limits."""
    as_json = "--json" in argv
    folder = Path(tempfile.mkdtemp(prefix="jirani-start-"))
    clone, port = folder / "clone", free_port()
    try:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        command = ["make", "--no-print-directory", "demo", f"ARGS=--port {port}"]
        with running(command, cwd=clone, environment={"JIRANI_WEB_PROCESSES": "1"}):
            seconds = wait_for(f"http://127.0.0.1:{port}/en/")
            quick = figure("start", seconds, "s", SECONDS, as_json=as_json)
            for address in LISTS:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/en/{address}", timeout=30).read()
            time.sleep(REST)
            bytes_at_rest = memory_at_rest(open_folder(clone / "var" / "demo", Kind.DEMO))
            small = figure("memory", bytes_at_rest / 2**20, "MB", MEGABYTES, as_json=as_json)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if quick and small else 1
