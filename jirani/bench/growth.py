"""How server time grows with what a network holds.

Method. Two databases on one embedded server of the bench's own are migrated and filled with the same shape of records: SMALL and
LARGE lessons, with themes, drivers, authorities, translations, events, commitments and outcomes in proportion; one authority gives a
fifth of the lessons. Two processes, one a database, answer requests of an anonymous reader through Django's own handler, with all
its middleware. Requests alternate between the two, so that the machine's drift meets both alike. After WARM requests of each page (counts
may be up to five minutes old, and say so), the medians of ROUNDS are compared. "The 500th page" is followed by its key; where a library
has fewer pages, its last full one is taken. The figure is the largest ratio of medians.
"""

import multiprocessing
import os
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jirani.server.postgres import Postgres
from jirani.server.snapshot import restore

from .output import figure, tell

SMALL, LARGE = 1_000, 100_000
ROUNDS, WARM = 25, 3
LIMIT = 1.3
PAGE_SIZE, PAGE = 20, 500


def run(argv: list[str]) -> int:
    """Measure. Returns 0 if every ratio is within its limit."""
    as_json = "--json" in argv
    worst = 0.0
    with (
        tempfile.TemporaryDirectory(prefix="jirani-growth-") as folder,
        Postgres(Path(folder) / "postgres", durable=False).used() as server,
    ):
        (Path(folder) / "static").mkdir()
        small, large = _network(server, folder, SMALL), _network(server, folder, LARGE)
        for name in small.ask("pages"):
            ratio, line = _compare(name, small, large)
            worst = max(worst, ratio)
            tell(line, as_json=as_json)
        small.end()
        large.end()
    return 0 if figure("growth", worst, "ratio", LIMIT, as_json=as_json) else 1


class Network:
    """A process that serves one database and says how long each request took."""

    def __init__(self, url: str, folder: str, lessons: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, url, folder, lessons), daemon=True)
        self.process.start()

    def ask(self, what: str) -> Any:
        """Send one word, wait for the answer. Raises RuntimeError with what went wrong over there."""
        self.line.send(what)
        answer = self.line.recv()
        if isinstance(answer, Exception):
            raise RuntimeError(str(answer)) from answer  # noqa: TRY004  (it is the other side's error, not its type)
        return answer

    def end(self) -> None:
        """Let the process go."""
        self.line.send("end")
        self.process.join(30)


def _network(server: Postgres, folder: str, lessons: int) -> Network:
    name = f"growth_{lessons}"
    server.create_database(name)
    made = Network(server.url(name), folder, lessons)
    made.ask("fill")
    return made


def _compare(name: str, small: Network, large: Network) -> tuple[float, dict[str, Any]]:
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(WARM + ROUNDS):
        for network, taken in zip((small, large), times, strict=True):
            seconds = network.ask(name)
            if turn >= WARM:
                taken.append(seconds)
    few, many = (statistics.median(taken) for taken in times)
    line = {"page": name, "ms at 1,000": round(few * 1000, 1), "ms at 100,000": round(many * 1000, 1)}
    return many / few, line | {"ratio": round(many / few, 2)}


def _serve(line: Connection, url: str, folder: str, lessons: int) -> None:
    """The life of a network's process."""
    _set_up(url, folder)
    pages: dict[str, str] = {}
    while (word := line.recv()) != "end":
        try:
            if word == "fill":
                pages = _fill(lessons)
                line.send(len(pages))
            else:
                line.send(list(pages) if word == "pages" else _time(pages[word]))
        except Exception as error:  # noqa: BLE001  (told to the other side, which ends the bench)
            line.send(RuntimeError(f"{word}: {error}"))


def _set_up(url: str, folder: str) -> None:
    """Settings as they are served, but for static files: none is served, none is gathered."""
    os.environ.update(
        DATABASE_URL=url,
        JIRANI_DATA=folder,
        JIRANI_SECRET_KEY="bench",  # noqa: S106  (signs nothing that lasts)
        JIRANI_DEMO="0",
        DJANGO_SETTINGS_MODULE="jirani.config.settings",
    )
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}).enable()


def _fill(lessons: int) -> dict[str, str]:
    """Migrate, fill, and say which pages to ask for."""
    from django.core.management import call_command
    from django.db import connection

    from . import filling

    restore(os.environ["DATABASE_URL"])
    call_command("migrate", verbosity=0)  # what the snapshot lacks
    call_command("ensure_newsroom")
    filled = filling.fill(lessons)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    page = min(PAGE, lessons // PAGE_SIZE)
    cursor_at = filling.cursor_of_page(page, PAGE_SIZE)
    return {
        "home": "/en/",
        "library with two facets": f"/en/lessons/?kind=good-practice&theme={filled.theme}",
        f"library, page {PAGE} by key": f"/en/lessons/?cursor={cursor_at}",
        "busiest authority": f"/en/local-authorities/{filled.authority}/",
    }


def _time(address: str) -> float:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    started = time.perf_counter()
    response = client.get(address)
    body = response.content
    taken = time.perf_counter() - started
    if response.status_code != 200 or not body:
        raise RuntimeError(f"{address} answers {response.status_code}")
    return taken
