"""How long a visitor waits for a page while spreadsheets are sent that are damaged or made to hurt.

Method. A fresh demo network is served on the loopback with the threads that it always has. A visitor fetches PAGE once every PAUSE
seconds, over a connection of their own, with a cookie for which the page is made and not taken from those that are kept: what waits is
Django. Each answer is timed to its last byte. First nobody else is there for QUIET seconds; then SENDERS
coordinators, signed in, send the FILES one after another, each the next that nobody has sent yet (again, if too many are being read), and
the visitor goes on until all are read; then it is quiet again for QUIET seconds, so that a machine which slows down meets both sides alike. No file may be answered with an error of
ours (5xx), or later than PATIENCE seconds. The figure is the 95th percentile of the visitor's times while files were sent, over that of both
quiet stretches.
"""

import re
import statistics
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from uuid import uuid4

from .output import figure, tell
from .running import demo_network
from .sheet_files import FILES

PAGE = "/en/lessons/"
#: A cookie of which nobody knows whether a page depends on it.
UNKNOWN = "visitor=1"
IMPORT = "/en/local-authorities/import/"
WARM, QUIET, PAUSE, PATIENCE = 3.0, 15.0, 0.05, 60.0
SENDERS = 4
#: What is answered while too many files are being read, and after how many seconds a sender tries again.
BUSY, AGAIN = "Other files are being read just now", 1.0
LIMIT = 2.0


def run(argv: list[str]) -> int:
    """Measure. Returns 0 if a visitor waits at most twice as long, and every file gets a sentence."""
    as_json = "--json" in argv
    files = {name: make() for name, make in FILES.items()}
    with demo_network() as origin:
        senders = [_signed_in(origin) for _ in range(SENDERS)]
        visit(origin, _until(WARM))
        quiet = visit(origin, _until(QUIET))
        sound, busy = _while_sending(origin, senders, files, as_json=as_json)
        quiet += visit(origin, _until(QUIET))
    alone, meanwhile = (statistics.quantiles(times, n=20)[-1] for times in (quiet, busy))
    for name, times, slow in (("quiet", quiet, alone), ("sending", busy, meanwhile)):
        tell({"visitor": name, "pages": len(times), "p95 ms": round(slow * 1000, 1)}, as_json=as_json)
    held = figure("sheets", meanwhile / alone, "ratio of p95", LIMIT, as_json=as_json)
    return 0 if held and sound else 1


def _until(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def visit(origin: str, over: Callable[[], bool]) -> list[float]:
    """Seconds that each page took, until it is over."""
    times = []
    connection = HTTPConnection(urllib.parse.urlsplit(origin).netloc, timeout=PATIENCE)
    while not over():
        started = time.perf_counter()
        connection.request("GET", PAGE, headers={"Cookie": UNKNOWN})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - started)
        if answer.status != 200:
            raise RuntimeError(f"{PAGE} answers {answer.status}")
        time.sleep(PAUSE)
    connection.close()
    return times


def _while_sending(
    origin: str, senders: list[urllib.request.OpenerDirector], files: dict[str, bytes], *, as_json: bool
) -> tuple[bool, list[float]]:
    """Return whether each file got an answer that is not a server error, and the visitor's times meanwhile."""
    waiting, lock = iter(files.items()), threading.Lock()
    answers: list[tuple[str, int, int, float]] = []

    def send() -> None:
        sender = senders.pop()
        for name, content in _taken(waiting, lock):
            started = time.monotonic()
            status = _send(sender, origin, content)
            answers.append((name, len(content), status, time.monotonic() - started))

    threads = [threading.Thread(target=send) for _ in list(senders)]
    for thread in threads:
        thread.start()
    times = visit(origin, lambda: not any(thread.is_alive() for thread in threads))
    for name, size, status, seconds in answers:
        tell({"file": name, "bytes": size, "status": status, "seconds": round(seconds, 2)}, as_json=as_json)
    return len(answers) == len(files) and all(status < 500 for _, _, status, _ in answers), times


def _taken(waiting: Iterator[tuple[str, bytes]], lock: threading.Lock) -> Iterator[tuple[str, bytes]]:
    while True:
        with lock:
            found = next(waiting, None)
        if found is None:
            return
        yield found


def _signed_in(origin: str) -> urllib.request.OpenerDirector:
    """A browser of the demo's coordinator."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    sign_in = f"{origin}/en/demo/sign-in/"
    fields = {**_hidden(opener, sign_in), "role": "coordinator"}
    opener.open(sign_in, urllib.parse.urlencode(fields).encode(), timeout=PATIENCE).read()
    return opener


def _hidden(opener: urllib.request.OpenerDirector, address: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    page = opener.open(address, timeout=PATIENCE).read().decode()
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def _send(sender: urllib.request.OpenerDirector, origin: str, content: bytes) -> int:
    """The status with which a file is answered once it was read; while others are being read it is sent again."""
    while True:
        status, page = _post(sender, origin + IMPORT, content)
        if BUSY not in page:
            return status
        time.sleep(AGAIN)


def _post(sender: urllib.request.OpenerDirector, address: str, content: bytes) -> tuple[int, str]:
    mark = uuid4().hex
    fields = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in _hidden(sender, address).items()
    )
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = fields.encode() + head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    request = urllib.request.Request(  # noqa: S310  (the loopback)
        address, body, {"Content-Type": f"multipart/form-data; boundary={mark}", "Referer": address}
    )
    try:
        with sender.open(request, timeout=PATIENCE) as answer:
            return int(answer.status), answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
