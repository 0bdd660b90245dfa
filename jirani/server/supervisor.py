"""`jirani up` and `jirani demo`: database, web and worker in one command that leaves nothing behind.

The supervisor starts the database, imports Django once, and forks web and worker from there: the three share the memory
of what they imported. Preparations (migrations and the like) run in forked children too, whose memory goes with them.

Everything it starts dies with it, even when it is killed with SIGKILL (the kernel sees to it on Linux; elsewhere, the
next start ends what `run/processes.json` names).
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from jirani.config import environment
from jirani.server import prepare, web
from jirani.server.backup.erasing import erase_listed
from jirani.server.database import claim, external_url, put_in_environment
from jirani.server.errors import NotThereYetError, ServerError
from jirani.server.folders import DataFolder
from jirani.server.postgres import Postgres
from jirani.server.prepare import say
from jirani.server.processes import Adopted, Forked, end, is_running, started_at
from jirani.server.services import Service
from jirani.server.sharing import check_key, missing_uploads

ANSWER_SECONDS = 90.0
WORKER_GRACE = 15.0
PIPE_BYTES = 4096  # POSIX guarantees that a pipe takes this much at once
GONE = "Stopped."
TOLD_ENDS = 4  # after this many quick ends of the worker in a row, coordinators are told


class Interrupted(Exception):
    """We were asked to stop while preparing."""


@dataclass(frozen=True)
class Options:
    host: str
    port: int

    @property
    def address(self) -> str:
        # Nobody can open the address that means "all addresses".
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104  (compared, not listened on)
        return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{self.port}"


@dataclass(frozen=True)
class Step:
    """A child that prepares something and can report why it failed."""

    what: str
    child: Forked
    reader: int

    def check(self) -> None:
        with os.fdopen(self.reader, "rb") as pipe:
            if self.child.poll():
                reason = pipe.read().decode(errors="replace")
                raise ServerError(reason or f"{self.what} could not be prepared; the reason stands above.")


class Signals:
    """SIGINT, SIGTERM and SIGHUP, noticed between two steps of work; a second one asks us to hurry."""

    def __init__(self) -> None:
        self.count = 0
        self._read, self._write = os.pipe()

    @contextmanager
    def watched(self) -> Iterator[Signals]:
        os.set_blocking(self._write, False)
        os.set_blocking(self._read, False)
        before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        handlers = {number: signal.signal(number, self._stop) for number in watched}
        handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        try:
            yield self
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def wait(self, seconds: float) -> None:
        """Sleep until a signal comes, a child ends or `seconds` have passed."""
        select.select([self._read], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._read, 4096)

    def check(self) -> None:
        """Raise Interrupted when we were asked to stop."""
        if self.count:
            raise Interrupted


class Supervisor:
    """Runs one network from one data folder."""

    def __init__(self, folder: DataFolder, options: Options) -> None:
        self.folder = folder
        self.options = options
        self.signals = Signals()
        self.services: list[Service] = []
        self.postgres: Postgres | None = None
        self.worker: Service | None = None
        self._teller: Forked | None = None
        self._lock: BinaryIO | None = None
        self._claim: socket.socket | None = None

    def run(self) -> int:
        """Prepare, serve, and stop cleanly when asked to. Returns the exit code. Raises ServerError."""
        with ExitStack() as stack:
            self._lock = stack.enter_context(self.folder.supervised())
            stack.enter_context(self.signals.watched())
            stack.callback(self._stop_all)
            with suppress(Interrupted):
                self._start()
                while not self.signals.count:
                    self._tend()
                    self.signals.wait(1.0)
                say("Stopping …")
        say(GONE)
        return 0

    # Starting

    def _start(self) -> None:
        end_leftovers(self.folder)
        self._claim = web.claim_port(self.options.host, self.options.port)
        url = self._start_database()
        claim(url, self.folder.kind)
        put_in_environment(self.folder, url, JIRANI_BASE_URL=self.options.address)
        if self.postgres is None:
            check_key(url, os.environ["JIRANI_SECRET_KEY"])
        messages = self._step("The interface's translations", prepare.compile_messages)
        import_django()
        self._finish([messages])
        self._prepare()
        make_application()
        self._launch(Service("web process", lambda: self._fork(self._serve_web)))
        self.worker = Service("worker", lambda: self._fork(self._work), grace=WORKER_GRACE, vital=False)
        self._launch(self.worker)
        self._wait_for_answer()

    def _start_database(self) -> str:
        url = self._external_url()
        if url is not None:
            return url
        new = not self.folder.postgres.exists()
        say("Making the database …" if new else "Starting the database …")
        postgres = self.postgres = Postgres(self.folder.postgres)
        self._launch(Service("database", lambda: postgres.start(tied=True), signal.SIGINT, grace=30.0))
        return postgres.url()

    def _external_url(self) -> str | None:
        """Return DATABASE_URL once its server answers: after a machine boots, the database may start later than we do."""
        deadline, told = time.monotonic() + _patience(), False
        while True:
            self.signals.check()
            try:
                return external_url(self.folder.kind)
            except NotThereYetError as error:
                if time.monotonic() > deadline:
                    raise
                if not told:
                    say(f"{error} Waiting for it …")
                told = True
                self.signals.wait(1.0)

    def _prepare(self) -> None:
        embedded = self.postgres is not None
        folder = self.folder
        self._finish(
            [
                self._step("The database", lambda: _bring_forward(folder, embedded=embedded)),
                self._step("The static files", lambda: prepare.collect_static(folder)),
            ]
        )
        if not embedded:
            self._finish([self._step("The uploads", lambda: _tell_missing(folder))])

    def _step(self, what: str, run: Callable[[], object]) -> Step:
        reader, writer = os.pipe()

        def child() -> int:
            try:
                run()
            except Exception as error:
                sentence = prepare.sentence_for(error)
                if sentence is None:
                    raise
                os.write(writer, sentence.encode()[:PIPE_BYTES])
                return 1
            return 0

        step = Step(what, self._fork(child), reader)
        os.close(writer)
        return step

    def _finish(self, steps: list[Step]) -> None:
        """Wait for preparing children, and end them if we are asked to stop or one of them fails."""
        try:
            while (codes := [step.child.poll() for step in steps]) and None in codes and not any(codes):
                self.signals.check()
                self.signals.wait(1.0)
            for step in steps:
                step.check()
        finally:
            for step in steps:
                if step.child.poll() is None:
                    end(step.child)

    def _launch(self, service: Service) -> None:
        self.signals.check()
        self.services.append(service)
        service.launch()
        self._record()

    def _fork(self, run: Callable[[], object]) -> Forked:
        def child() -> object:
            # Children must not inherit the supervisor's locks: one that outlives it would hold them.
            for held in (self._lock, self._claim):
                if held is not None:
                    held.close()
            if self.postgres is not None:
                self.postgres.release()
            return run()

        return Forked(child)

    def _serve_web(self) -> int:
        return web.serve(self.options.host, self.options.port)

    def _work(self) -> None:
        from django.core.management import call_command

        gc.enable()
        call_command("worker")

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            self._tend()
            self.signals.check()
            status = web.answers(self.options.host, self.options.port)
            if status is not None and status < 500:
                break
            if status is not None or time.monotonic() > deadline:
                why = f"answers its first page with an error ({status})" if status else "does not answer"
                raise ServerError(f"The site {why}; the reason stands above.")
            self.signals.wait(0.05)
        say(f"Jirani is at {self.options.address}  (Ctrl-C stops it)")

    # While it runs

    def _tend(self) -> None:
        started = [service.tend() for service in self.services]
        if any(started):
            self._record()
            self._tell()

    def _tell(self) -> None:
        """Tell coordinators that the worker keeps ending, since it cannot do so itself. A child does this, so that the supervisor has
        no connection to the database."""
        if self._teller is not None and self._teller.poll() is None:
            return
        if self.worker is not None and self.worker.quick_ends == TOLD_ENDS:
            self._teller = self._fork(tell_of_worker)

    def _record(self) -> None:
        """Record the running processes, for the next start after we are killed. The database has its own file."""
        running = [service.child.pid for service in self.services if service.child and service.name != "database"]
        draft = self.folder.run / "processes.new"
        draft.write_text(json.dumps([{"pid": pid, "started": started_at(pid)} for pid in running]))
        draft.replace(_record_of(self.folder))

    def _stop_all(self) -> None:
        """Stop the web first (no new requests), then the worker, then the database."""
        # The others, in the order of their start, may still have to save something.
        for service in sorted(self.services, key=lambda service: service.name == "database"):
            service.stop(hurry=self.signals.count > 1)
        if self.postgres is not None:
            self.postgres.stop()
            self.postgres.leave()
        if self._claim is not None:
            self._claim.close()
        _record_of(self.folder).unlink(missing_ok=True)


def import_django() -> None:
    """Import the whole site into this process, so that forks share it."""
    gc.disable()  # a collection would write on pages that forks could share
    from django.core.exceptions import ImproperlyConfigured

    from jirani.config.environment import BadSetting

    try:
        import django
        from django.urls import get_resolver

        django.setup()
        _ = get_resolver().url_patterns  # imports every view
    except (BadSetting, ImproperlyConfigured) as error:
        raise ServerError(str(error)) from None


def make_application() -> None:
    """Make the WSGI application, which reads the static files, as the last thing before the forks."""
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.db import connections

    from jirani.ui.storage import StaticStorage

    if isinstance(staticfiles_storage, StaticStorage):
        staticfiles_storage.reload()  # an imported form may have named a static file before they were collected
    from jirani.config import wsgi  # noqa: F401  (WhiteNoise asks the storage which names hold their content)

    connections.close_all()
    gc.freeze()


def tell_of_worker() -> None:
    """Raise the alert that background work keeps stopping; the worker clears it once it works."""
    from jirani.notifications.actions import WORKER, raise_alert

    raise_alert(WORKER, facts={})


def _bring_forward(folder: DataFolder, *, embedded: bool) -> None:
    """Migrate the tables, fill in what they must hold, and erase people again whom a backup of an earlier version brought back."""
    prepare.prepare_database(folder, embedded=embedded)
    try:
        if erased := erase_listed(folder):
            say(f"Erased again: {erased:,} of those who had been erased before.")
    except ValueError as error:
        say(str(error))


def _tell_missing(folder: DataFolder) -> None:
    sentence = missing_uploads(folder, os.environ["DATABASE_URL"])
    if sentence:
        say(sentence)


def _patience() -> int:
    """Return the seconds to wait for an external database. Raises ServerError."""
    try:
        return environment.number("JIRANI_DATABASE_WAIT", 60, least=0, most=3600)
    except environment.BadSetting as error:
        raise ServerError(str(error)) from None


def end_leftovers(folder: DataFolder) -> None:
    """End processes that an earlier supervisor of this folder left running, after checking that they are the same processes."""
    for pid, started in _recorded(folder):
        if is_running(pid) and started_at(pid) == started:
            say("Ending what an earlier start left running …")
            end(Adopted(pid))


def _record_of(folder: DataFolder) -> Path:
    return folder.run / "processes.json"


def _recorded(folder: DataFolder) -> list[tuple[int, str]]:
    try:
        return [(int(entry["pid"]), str(entry["started"])) for entry in json.loads(_record_of(folder).read_text())]
    except (OSError, ValueError, KeyError, TypeError):
        return []
