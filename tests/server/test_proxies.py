"""The proxies that docs/how-to/install.md shows load unchanged, pass on the headers we rely on, and log nothing that is secret."""

import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jirani.bench.running import free_port
from jirani.server.pages import SHARED

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/install.md").read_text("utf-8")
#: Addresses that hold a secret or name a note, with and without a language; and some that don't.
SECRET = [
    "/en/my-programme/TOKEN/",
    "/my-programme/TOKEN/notes/",
    "/ar/notes/4711/attribution/",
    "/sw/events/a-b/sessions/7/notes/new/",
    "/fr//notes/4711",
    "/en/n%6Ftes/4711/attribution/",
]
#: Our own pages make none of these, but somebody may.
ASKED = [
    "/en/accounts/sign-in/?next=/en/notes/4711/attribution/",
    "/en/accounts/code/confirm/?next=%2Fen%2Fmy-programme%2fTOKEN%2F",
    "/en/events/?next=%252Fen%252Fmy-programme%252FTOKEN",
    "/en/people/?q=TOKEN@example.org",
]
OPEN = ["/en/lessons/12/", "/static/ui/notes.css"]


def example(language: str, first: str = "") -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return next(block for block in found if block.startswith(first))


@contextmanager
def backend() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """Run a site that records the headers of its requests."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            body = f"{self.path} {self.headers.get('Accept-Encoding', '')}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            if "/lessons/" in self.path:
                self.send_header("Cache-Control", SHARED.replace("s-maxage=1", "s-maxage=60"))
                self.send_header("Vary", "Accept-Encoding, Cookie")
            if "/sets/" in self.path:
                self.send_header("Set-Cookie", "language=fr")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(*command: str | Path, port: int, errors: Path) -> Iterator[None]:
    with errors.open("ab") as output:
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + 20
            while not answers(port):
                assert process.poll() is None, errors.read_text()
                assert time.monotonic() < deadline, errors.read_text()
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(20)


def answers(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
            connection.connect()
    except OSError:
        return False
    return True


def certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=network.example.org",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


FORGED = {"Host": "network.example.org", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
          "Referer": "https://network.example.org/en/my-programme/TOKEN/"}  # fmt: skip


def nginx(folder: Path, *, plain: int, secure: int, port: int) -> Path:
    """nginx's configuration with the page's example, on ports and in folders of a test's own."""
    certificate(folder)
    site = example("nginx", "# Log no referring page").replace("listen [::]", "# listen [::]")
    for old, new in (("listen 80;", f"listen 127.0.0.1:{plain};"), ("listen 443 ", f"listen 127.0.0.1:{secure} "), ("127.0.0.1:8000", f"127.0.0.1:{port}"),
                     ("/etc/letsencrypt/live/network.example.org", str(folder)), ("/var/log/nginx", str(folder)), ("/var/cache/nginx", str(folder))):  # fmt: skip
        assert old in site, old
        site = site.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{\n{temporary}{site}\n}}"
    )
    return config


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here")
def test_nginx_as_it_stands_in_the_page(tmp_path: Path) -> None:
    plain, secure = free_port(), free_port()
    with backend() as (port, asked):
        config = nginx(tmp_path, plain=plain, secure=secure, port=port)
        with running("nginx", "-p", tmp_path, "-c", config, port=secure, errors=tmp_path / "nginx.err"):
            assert {ask(secure, path)[0] for path in SECRET + ASKED + OPEN} == {200}
            with closing(HTTPConnection("127.0.0.1", plain)) as connection:
                connection.request("GET", "/en/my-programme/TOKEN/", headers={"Host": "evil.example"})
                moved = connection.getresponse()
                assert (moved.status, moved.headers["Location"]) == (
                    301,
                    "https://network.example.org/en/my-programme/TOKEN/",
                )
    shown = [(one["x-forwarded-for"], one["x-forwarded-host"], one["x-forwarded-proto"], one["host"]) for one in asked]
    assert set(shown) == {("127.0.0.1", "network.example.org", "https", "network.example.org")}
    with running("nginx", "-p", tmp_path, "-c", config, port=secure, errors=tmp_path / "nginx.err"):  # nobody behind it
        assert {ask(secure, path)[0] for path in SECRET + ASKED} == {502}
    log = (tmp_path / "jirani.log").read_text()
    beneath = [path.partition("?")[0] for path in ASKED]
    told = [(path, "200") for path in beneath + OPEN] + [(path, "502") for path in beneath]
    assert sorted(re.findall(r'"GET (\S+)" (\d+) ', log)) == sorted(told)
    assert [path.name for path in sorted(tmp_path.glob("*.log")) if re.search("TOKEN|/4711", path.read_text())] == []


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with closing(HTTPSConnection("127.0.0.1", port, context=context)) as connection:
        connection.request("GET", path, headers=FORGED | headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


#: Headers of two readers, and how often Jirani is asked for the page that they want.
READERS: list[tuple[dict[str, str], dict[str, str], int]] = [
    ({}, {}, 1),
    ({}, {"Cookie": "__Host-language=fr; csrftoken=abc"}, 1),
    ({}, {"Accept-Language": "ar", "User-Agent": "another"}, 1),
    ({}, {"Cookie": "sessionid=abc"}, 2),
    ({"Cookie": "__Host-sessionid=abc"}, {}, 2),
    ({}, {"Cookie": "language=fr; sessionid=abc"}, 2),
    ({}, {"Cookie": "sessionid=abc; language=fr"}, 2),
    ({}, {"Cookie": "x_language=fr"}, 2),
    ({"Authorization": "Basic abc"}, {}, 2),
    ({"Referer": "https://network.example.org/fr/"}, {}, 2),
    ({"Referer": "https://network.example.org/en/"}, {}, 1),
    ({"Referer": "https://elsewhere.example/fr/"}, {}, 1),
    ({"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip, deflate, br"}, 1),
    ({"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}, 2),
    ({"Accept-Encoding": "deflate, *"}, {"Accept-Encoding": ""}, 1),
    ({"Accept-Encoding": "br;q=0"}, {"Accept-Encoding": "identity"}, 1),
]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here")
def test_nginx_keeps_visitors_pages_and_nobody_elses(tmp_path: Path) -> None:
    secure = free_port()
    with backend() as (port, asked):
        config = nginx(tmp_path, plain=free_port(), secure=secure, port=port)
        with running("nginx", "-p", tmp_path, "-c", config, port=secure, errors=tmp_path / "nginx.err"):
            for number, (first, second, times) in enumerate(READERS):
                asked.clear()
                bodies = [ask(secure, f"/en/lessons/{number}/", **headers)[1] for headers in (first, second)]
                assert len(asked) == times, (first, second)
                assert times == 2 or bodies[0] == bodies[1]
            for path in ("/en/events/", "/en/lessons/sets/"):  # says nothing of how long; sets a cookie
                asked.clear()
                assert {ask(secure, path)[0] for _ in range(2)} == {200}
                assert len(asked) == 2
            asked.clear()
            assert len({ask(secure, f"/en/lessons/{query}")[1] for query in ("?a", "?b", "%3Fa", "")}) == 4


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not here")
def test_caddy_as_it_stands_in_the_page(tmp_path: Path) -> None:
    serving = free_port()
    with backend() as (port, asked):
        site = example("caddy").replace("network.example.org {", f"http://network.example.org:{serving} {{")
        site = site.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace(
            "{\n\tlog", "{\n\tadmin off\n\tauto_https off\n\tlog", 1
        )
        config, errors = tmp_path / "Caddyfile", tmp_path / "caddy.err"
        config.write_text(site)
        with running("caddy", "run", "--adapter", "caddyfile", "--config", config, port=serving, errors=errors):
            for path in SECRET + OPEN:
                with closing(HTTPConnection("127.0.0.1", serving)) as connection:
                    connection.request("GET", path, headers=FORGED)
                    assert connection.getresponse().status == 200
    shown = {(one["x-forwarded-for"], one["x-forwarded-host"], one["x-forwarded-proto"]) for one in asked}
    assert shown == {("127.0.0.1", "network.example.org", "http")}
    with running("caddy", "run", "--adapter", "caddyfile", "--config", config, port=serving, errors=errors):
        for path in SECRET:
            with closing(HTTPConnection("127.0.0.1", serving)) as connection:
                connection.request("GET", path, headers=FORGED)
                assert connection.getresponse().status == 502
    assert re.findall("TOKEN|/4711", errors.read_text()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.skipif(not os.access("/tmp", os.W_OK), reason="systemd-analyze writes in /tmp, whatever TMPDIR says")
def test_the_unit_is_understood(tmp_path: Path) -> None:
    unit = tmp_path / "jirani.service"
    unit.write_text(
        example("ini", "[Unit]")
        .replace("/srv/jirani/jirani/.venv/bin/jirani up", "/bin/true")
        .replace("User=jirani\n", "")
    )

    told = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)

    assert (told.returncode, "jirani.service" in told.stderr) == (0, False), told.stderr
