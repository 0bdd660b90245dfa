"""A demo network as it is served for real (web, worker, static files), and a Chromium to visit it with.

The network runs once a test process, on a copy of a template database that holds the demo already (`tests/database.py`).
Playwright runs an event loop in its thread, where Django refuses to touch the database: so it lives for a module at a time,
and these tests look at nothing but pages, e-mails and, with `Network.value`, rows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jirani.bench.running import chromium_path, free_port, wait_for
from tests import database

PHONE, DESK = 360, 1280


@dataclass
class Network:
    """A running demo network."""

    origin: str
    data: Path
    database: str
    cookies: dict[str, Any] = field(default_factory=dict)

    def value(self, query: str, *arguments: object) -> Any:
        """The first value of the first row that a query finds."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute(query, arguments).fetchone()  # literal in each test
        assert row is not None, query
        return row[0]

    def letters(self, address: str) -> list[str]:
        """The text of each e-mail that the worker has written for an address, the oldest first."""
        files = sorted((self.data / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return [part.get_content() for mail in mails if address in mail["To"] and (part := mail.get_body(("plain",)))]


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """`jirani demo`, on a database and in a folder of this process's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    data = tmp_path_factory.mktemp("network") / "data"
    log = data.with_suffix(".log")
    port = free_port()
    with database.demo_database(f"test_demo_{worker}") as (url, files), log.open("wb") as output:
        data.mkdir()
        if files.exists():
            shutil.copytree(files, data / "media")
        _take_static(data)
        command = [sys.executable, "-m", "jirani", "demo", "--port", str(port), "--data", str(data)]
        process = subprocess.Popen(
            command, env={**os.environ, "DATABASE_URL": url}, stdout=output, stderr=output, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/en/")
            _keep_static(data)
            yield Network(f"http://127.0.0.1:{port}", data, url)
        finally:
            process.terminate()
            process.wait(60)


# Gathering and compressing the static files takes ten seconds. An earlier run's are right as long as its stamp says so,
# which `jirani demo` looks at by itself.
_STATIC = database.CACHE / "static"


def _take_static(data: Path) -> None:
    if _STATIC.exists():
        shutil.copytree(_STATIC, data, dirs_exist_ok=True)


def _keep_static(data: Path) -> None:
    stamp = Path("run") / "static.stamp"
    if (_STATIC / stamp).exists() and (_STATIC / stamp).read_text() == (data / stamp).read_text():
        return
    draft = _STATIC.with_name(f"static-{os.getpid()}")
    (draft / "run").mkdir(parents=True)
    shutil.copytree(data / "static", draft / "static")
    shutil.copy(data / stamp, draft / stamp)
    shutil.rmtree(_STATIC, ignore_errors=True)
    with suppress(OSError):  # another process was quicker
        draft.rename(_STATIC)
    shutil.rmtree(draft, ignore_errors=True)


#: The scripts of a page live too short for V8 to gain by optimising them: looking at one takes a tenth less time without.
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--js-flags=--no-opt,--no-maglev"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed: what only a browser can tell is not tested here.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visits:
    """Opens browsers' windows on the network, one person each, and hears what goes wrong in them."""

    network: Network
    chromium: Browser
    kept: dict[tuple[object, ...], Page] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    @contextmanager
    def window(self, role: str = "", width: int = DESK, **options: Any) -> Iterator[Page]:
        """A window of somebody with that role of the demo, or of a visitor."""
        with self.context(role, width, **options) as context:
            yield context.new_page()

    def tab(self, role: str = "", **options: Any) -> Page:
        """A tab that stays open for the module's other tests, with what it has cached: a new one takes longer than a page."""
        key = (role, *sorted(options.items()))
        if key not in self.kept:
            self.kept[key] = self._open(role, DESK, options).new_page()
        return self.kept[key]

    @contextmanager
    def context(self, role: str = "", width: int = DESK, **options: Any) -> Iterator[BrowserContext]:
        """As `window`, for several windows of one person."""
        context = self._open(role, width, options)
        try:
            yield context
        finally:
            context.close()

    def _open(self, role: str, width: int, options: dict[str, Any]) -> BrowserContext:
        state = self._signed_in(role) if role else None
        context = self.chromium.new_context(
            base_url=self.network.origin,
            viewport={"width": width, "height": 740 if width == PHONE else 900},
            storage_state=state,
            reduced_motion="reduce",
            locale="en",
            **options,
        )
        context.set_default_timeout(15_000)
        context.on(
            "weberror", lambda trouble: self.troubles.append(f"{trouble.page and trouble.page.url}: {trouble.error}")
        )
        context.on("console", self._hear)
        return context

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.page and message.page.url}: {message.text}")

    def _signed_in(self, role: str) -> Any:
        if role not in self.network.cookies:
            with self.context() as context:
                form = context.request.get("/en/demo/sign-in/").text()
                token = form.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
                sent: dict[str, str | float | bool] = {"role": role, "csrfmiddlewaretoken": token}
                answer = context.request.post("/en/demo/sign-in/", form=sent)
                assert answer.url.endswith("/en/desk/"), answer.url
                self.network.cookies[role] = context.storage_state()
        return self.network.cookies[role]


@pytest.fixture(scope="module")
def _visits(network: Network, chromium: Browser) -> Visits:
    return Visits(network, chromium)


@pytest.fixture
def visits(_visits: Visits) -> Iterator[Visits]:
    """Windows on the network. No page may log an error to its console."""
    _visits.troubles.clear()
    yield _visits
    assert _visits.troubles == []
