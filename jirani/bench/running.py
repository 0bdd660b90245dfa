"""A demo network that runs for the duration of a bench, in its own folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

#: Seconds within which a network must answer, and end.
PATIENCE = 300.0


#: Debian's shell of Chromium without windows has no other use, and takes a third less time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """Return the machine's Chromium; None if there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def free_port() -> int:
    """A port of the loopback that nobody listens at now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def demo_network(data: Path | None = None, **environment: str) -> Iterator[str]:
    """Yield the address of a fresh demo network with these variables in its environment, in a temporary folder unless one is given."""
    folder = Path(tempfile.mkdtemp(prefix="jirani-bench-"))
    port = free_port()
    command = [sys.executable, "-m", "jirani", "demo", "--port", str(port), "--data", str(data or folder / "data")]
    try:
        with running(command, cwd=None, environment=environment):
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/en/")
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: list[str], *, cwd: Path | None, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in its own process group, and end it by SIGTERM as an administrator would."""
    process = subprocess.Popen(
        command, cwd=cwd, env=os.environ | environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()


def wait_for(address: str) -> float:
    """Seconds until a page is served with status 200. Raises TimeoutError after PATIENCE."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        with suppress(OSError, urllib.error.URLError):
            if urllib.request.urlopen(address, timeout=10).status == 200:  # noqa: S310  (the loopback)
                return time.monotonic() - started
        time.sleep(0.1)
    raise TimeoutError(f"{address} was not served within {PATIENCE:.0f} s")
