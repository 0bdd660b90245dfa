"""How many visitors a network bears, beside nginx with the same pages as files, and how soon they see what was written.

Method. A fresh demo network is served as it is shipped. The addresses of its site map and its lists, in all four languages, are fetched once, as Brotli, and
written into files for nginx, which has a worker for each core. `wrk` asks over CLIENTS connections, the two by turns, ROUNDS times.

1. "visitors": addresses drawn by Zipf's law (exponent 1, in an order by chance, the same for both), while a lesson is written every 30 seconds. The figure is nginx's
   requests a second by ours, at most 6; the p95 of ours by nginx's, the median of the rounds, is told and must be at most 10.
2. "one page": the front page alone, without writes; at most 2. "behind nginx": the same through nginx that keeps it as docs/how-to/install.md says; at most 1.25.
3. "stale": WRITES times something is written: people of each role of the demo go from a public page to a form, one that was seldom seen rather than others, and send it
   changed; each tenth write goes to the database past all actions. Before it every process keeps the page from which they came, the one above the form, and twenty by
   chance; after it each is compared with what Django makes, over connections to every process, until they are equal or a look that began a second after the write says
   otherwise. The figure is the pages that differ, none. Told besides: which acts the audit names, and how many pages did change.

All of it takes some eight minutes on two cores that do nothing else; `--writes 100` does with fewer writes.

nginx and wrk must be there (Debian: apt install nginx-light wrk).
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from itertools import accumulate
from pathlib import Path
from typing import Any

import psycopg

from jirani.config.languages import CODES
from jirani.server.errors import ServerError
from jirani.server.postgres import Postgres

from .first_view import LISTS
from .output import figure, tell
from .running import demo_network, free_port, running
from .stale import WRITTEN, stale

#: For the addresses by chance so long that a write falls into what is measured; one page needs less.
CLIENTS, SECONDS, ONE_SECONDS, ROUNDS = 8, 10, 5, 3
WRITE_EVERY = 30.0
WRITES = 1000
FEWER_TIMES, SLOWER_TIMES, ONE_PAGE, BEHIND = 6.0, 10.0, 2.0, 1.25

_DRAWN = """
local paths, next = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
request = function() next = next %% #paths + 1; return wrk.format("GET", paths[next]) end
"""


_DONE = """
done = function(summary, latency)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.status
  print(string.format("figures %.1f %.3f %d", summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000, wrong))
end
"""


def run(argv: list[str]) -> int:
    """Measure; 0 if every figure holds."""
    as_json = "--json" in argv
    writes = int(argv[argv.index("--writes") + 1]) if "--writes" in argv else WRITES
    if missing := [name for name in ("nginx", "wrk") if shutil.which(name) is None]:
        raise ServerError(f"This bench needs {' and '.join(missing)}: install nginx-light and wrk.")
    with tempfile.TemporaryDirectory(prefix="jirani-visitors-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with demo_network(folder / "data") as origin, _connected(folder / "data") as database:
            paths = _addresses(origin)
            _write_files(origin, paths, folder)
            with _nginx(folder, origin) as (files, before):
                held = [_visitors(origin, files, paths, folder, database, as_json=as_json)]
                held += _one_page(origin, files, before, folder, as_json=as_json)
            held.append(stale(origin, paths, database, writes=writes, as_json=as_json))
    return 0 if all(held) else 1


@contextmanager
def _connected(data: Path) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(Postgres(data / "postgres").url(), autocommit=True) as connection:
        yield connection


def _addresses(origin: str) -> list[str]:
    """Pages in every language."""
    index = urllib.request.urlopen(f"{origin}/sitemap.xml", timeout=60).read().decode()  # noqa: S310  (the loopback)
    found = {f"/en/{path}" for path in LISTS.values()}
    for part in re.findall(r"<loc>https?://[^/]+(/[^<]+)</loc>", index):
        listed = urllib.request.urlopen(f"{origin}{part}", timeout=60).read().decode()  # noqa: S310
        found |= set(re.findall(r"https?://[^/]+(/en/[^<\"]*)", listed))
    return [f"/{code}{path.removeprefix('/en')}" for path in sorted(found) for code in CODES]


def _get(connection: HTTPConnection, path: str, **headers: str) -> tuple[int, bytes]:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _write_files(origin: str, paths: list[str], folder: Path) -> None:
    """Fetch all pages, which the network then keeps, and leave out missing ones."""

    def fetch(path: str) -> tuple[str, int, bytes]:
        with closing(HTTPConnection(origin.removeprefix("http://"), timeout=60)) as connection:
            return path, *_get(connection, path, **{"Accept-Encoding": "br"})

    with ThreadPoolExecutor(CLIENTS) as pool:
        for path, status, body in pool.map(fetch, paths[:]):
            if status != 200:
                paths.remove(path)
                continue
            there = folder / "files" / path.strip("/") / "index.html"
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(body)


@contextmanager
def _nginx(folder: Path, origin: str) -> Iterator[tuple[str, str]]:
    """nginx with the files, and nginx before the network: two addresses."""
    files, before = free_port(), free_port()
    kinds = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; worker_processes auto; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off; {kinds}"
        f" proxy_cache_path {folder}/cache keys_zone=pages:8m; upstream network {{ server {origin.removeprefix('http://')}; keepalive 8; }}"
        f" server {{ listen 127.0.0.1:{files}; root {folder}/files; }} server {{ listen 127.0.0.1:{before}; location / {{"
        " proxy_pass http://network; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host "
        f"{origin.removeprefix('http://')}; proxy_cache pages; proxy_cache_lock on; proxy_cache_background_update on; }} }} }}"
    )
    with running(["nginx", "-p", str(folder), "-c", str(config)], cwd=None):
        time.sleep(1)
        yield f"http://127.0.0.1:{files}", f"http://127.0.0.1:{before}"


def _wrk(address: str, folder: Path, paths: list[str] | None = None, *, seconds: int = SECONDS) -> tuple[float, float]:
    """Requests a second, and the 95th percentile in milliseconds, for one address or for `paths` by turns."""
    drawn = ""
    if paths:
        (folder / "drawn").write_text("\n".join(paths))
        drawn = _DRAWN % (folder / "drawn")
    (folder / "ask.lua").write_text(drawn + _DONE)
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "30s", "-H", "Accept-Encoding: br", "-s", str(folder / "ask.lua"), address],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = re.search(r"^figures (\S+) (\S+) (\d+)$", told, re.MULTILINE)
    if found is None or int(found[3]):
        raise ServerError(f"wrk met errors at {address}:\n{told}")
    return float(found[1]), float(found[2])


def _drawn(paths: list[str]) -> list[str]:
    """Ten thousand addresses by Zipf's law."""
    chance = random.Random(10)  # noqa: S311  (a bench, no secret)
    order = chance.sample(paths, len(paths))
    return chance.choices(order, cum_weights=list(accumulate(1 / (place + 1) for place in range(len(order)))), k=10_000)


@contextmanager
def _written_to(database: psycopg.Connection[Any]) -> Iterator[None]:
    """Somebody writes a lesson now and then."""
    over = threading.Event()

    def write() -> None:
        while not over.wait(WRITE_EVERY):
            database.execute(WRITTEN[0][0], [f"Written at {time.time():.0f}"])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def _visitors(
    origin: str, files: str, paths: list[str], folder: Path, database: psycopg.Connection[Any], *, as_json: bool
) -> bool:
    drawn = _drawn(paths)
    with _written_to(database):
        rounds = [(_wrk(files, folder, drawn), _wrk(origin, folder, drawn)) for _ in range(ROUNDS)]
    for theirs, ours in rounds:
        tell(
            {"nginx": round(theirs[0]), "ours": round(ours[0]), "p95 ms": [round(theirs[1], 2), round(ours[1], 2)]},
            as_json=as_json,
        )
    slower = statistics.median(ours[1] / theirs[1] for theirs, ours in rounds)
    times = sum(theirs[0] for theirs, _ in rounds) / sum(ours[0] for _, ours in rounds)
    quick = figure("visitors, p95", slower, "times nginx's", SLOWER_TIMES, as_json=as_json)
    return figure("visitors", times, "times fewer than nginx", FEWER_TIMES, as_json=as_json) and quick


def _one_page(origin: str, files: str, before: str, folder: Path, *, as_json: bool) -> list[bool]:
    rounds = [
        [_wrk(f"{address}/en/", folder, seconds=ONE_SECONDS)[0] for address in (files, origin, before)]
        for _ in range(ROUNDS)
    ]
    for theirs, ours, through in rounds:
        tell({"nginx": round(theirs), "ours": round(ours), "behind nginx": round(through)}, as_json=as_json)
    theirs, ours, through = (sum(column) for column in zip(*rounds, strict=True))
    return [
        figure("one page", theirs / ours, "times fewer than nginx", ONE_PAGE, as_json=as_json),
        figure("one page behind nginx", theirs / through, "times fewer than nginx", BEHIND, as_json=as_json),
    ]
