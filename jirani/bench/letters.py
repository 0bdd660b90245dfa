"""How long somebody waits for their sign-in code while a mailing of hundreds of letters is on its way.

Method. A fresh demo network is served on the loopback, with web and worker as they always are. Its mail server takes SECONDS for each
letter and speaks to one client at a time, then to several. LETTERS letters are queued in one transaction. Once the first has arrived, somebody
asks for a code on the sign-in page, again and again at different moments, each time for another account, for each way in which the server speaks. The time
from sending the form to the server's acceptance of the code counts, its own SECONDS among it; between the two it may accept the letter in hand, and one that
it had begun before the code was in the database. The figure is the longest wait. All letters that have not arrived by then must still wait, and none may
have arrived twice.
"""

import re
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from .output import figure, tell
from .running import demo_network

LETTERS, SECONDS = 300, 1.0
LIMIT = 5.0
#: How many seconds after the last code the next is asked for.
MOMENTS = (0.1, 0.4, 0.7, 1.3)
PATIENCE = 120.0
#: Letters that may arrive between a form that was sent and its code.
BETWEEN = 2

FILL = f"""
from django.db import transaction
from jirani.accounts.models import User
from jirani.notifications.actions import Letter, queue_letter
for number in range({2 * len(MOMENTS)}):
    User.objects.create_user(f"code{{number}}@example.org")
with transaction.atomic():
    for number in range({LETTERS}):
        queue_letter("events.invitation", Letter("Hello", "Hello.\\n", "en"), to=f"letter{{number}}@example.org")
"""


class Slow(socketserver.ThreadingTCPServer):
    """A mail server that takes its time. `arrived` is to whom and when."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.arrived: list[tuple[str, float]] = []
        self.alone: threading.Lock | None = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a worker that leaves in the middle of a conversation."""

    def when(self, to: str) -> float:
        """Return when the letter to this address was accepted. Raises TimeoutError after PATIENCE."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for known, at in self.arrived[:]:
                if known == to:
                    return at
            time.sleep(0.02)
        raise TimeoutError(f"Nothing arrived for {to} within {PATIENCE:.0f} s")


class _Conversation(socketserver.StreamRequestHandler):
    server: Slow

    def handle(self) -> None:
        alone = self.server.alone
        if alone is None:
            self._speak()
        else:
            with alone:
                self._speak()

    def _speak(self) -> None:
        to = ""
        self._say("220 mail.example.org")
        for line in iter(self.rfile.readline, b""):
            command = line[:4].strip().upper()
            if command == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            if command == b"DATA":
                self._say("354 go on")
                for _ in iter(self.rfile.readline, b".\r\n"):
                    pass
                time.sleep(SECONDS)
                self.server.arrived.append((to, time.monotonic()))
            self._say("221 bye" if command == b"QUIT" else "250 fine")
            if command == b"QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def run(argv: list[str]) -> int:
    """Measure. Returns 0 if nobody waits longer, and each code is next after the letter in hand."""
    as_json = "--json" in argv
    with _mail_server() as server, tempfile.TemporaryDirectory(prefix="jirani-letters-") as folder:
        data, smtp = Path(folder) / "data", f"smtp://127.0.0.1:{server.server_address[1]}"
        with demo_network(data=data, JIRANI_SMTP_URL=smtp) as origin:
            command = [
                sys.executable,
                "-m",
                "jirani",
                "manage",
                "--data",
                str(data),
                "shell",
                "--no-imports",
                "-c",
                FILL,
            ]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            server.when("letter0@example.org")
            waits = _ask(origin, server, 0, as_json=as_json)
            server.alone = None
            waits += _ask(origin, server, len(MOMENTS), as_json=as_json)
    letters = [to for to, _at in server.arrived if to.startswith("letter")]
    sound = len(set(letters)) == len(letters) < LETTERS and all(between <= BETWEEN for _seconds, between in waits)
    tell(
        {"letters": len(letters), "twice": len(letters) - len(set(letters)), "waiting": LETTERS - len(letters)},
        as_json=as_json,
    )
    held = figure("letters", max(seconds for seconds, _between in waits), "s", LIMIT, as_json=as_json)
    return 0 if held and sound else 1


def _ask(origin: str, server: Slow, first: int, *, as_json: bool) -> list[tuple[float, int]]:
    """How long each code took, and how many letters arrived between."""
    found = []
    for number, pause in enumerate(MOMENTS, first):
        time.sleep(pause)
        to = f"code{number}@example.org"
        sent = time.monotonic()
        _ask_for_code(origin, to)
        arrived = server.when(to)
        between = sum(sent < at < arrived for _to, at in server.arrived)
        found.append((arrived - sent, between))
        clients = "several" if server.alone is None else "one"
        tell(
            {"code": number, "clients": clients, "s": round(arrived - sent, 2), "letters before it": between},
            as_json=as_json,
        )
    return found


def _ask_for_code(origin: str, to: str) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address = f"{origin}/en/accounts/code/"
    page = opener.open(address, timeout=30).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "email": to}).encode()
    opener.open(urllib.request.Request(address, form, {"Referer": address}), timeout=30).read()  # noqa: S310  (the loopback)


@contextmanager
def _mail_server() -> Iterator[Slow]:
    with Slow() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
