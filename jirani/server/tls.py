"""A tunnel to a server that insists on TLS, for the PostgreSQL programs that come with us, which are built without TLS.

A separate process forwards the traffic, so that the process that starts programs has no threads. It reads what it needs from
standard input, says when it is ready, and ends when that input ends, even if its parent was killed.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from jirani.server.errors import ServerError

#: The first message to a server when TLS is wanted; it answers "S" (PostgreSQL's protocol, SSLRequest).
REQUEST = struct.pack("!II", 8, 80877103)
#: An authentication method bound to TLS, which the programs don't see (RFC 5802); the server offers another one as well.
BOUND = b"SCRAM-SHA-256-PLUS\0"
CHUNK = 1 << 16


@contextmanager
def without_tls(url: str) -> Iterator[str]:
    """Yield a URL at which programs without TLS reach the same database: `url` itself if the driver uses no TLS there.

    Raises ServerError if the tunnel cannot be opened, and psycopg's errors if the database cannot be reached.
    """
    from psycopg import connect
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    with connect(url) as connection:
        used = connection.pgconn.ssl_in_use
        far = {"host": connection.info.host, "port": connection.info.port, **_trust(connection.info.get_parameters())}
    if not used:
        yield url
        return
    kept = {name: value for name, value in conninfo_to_dict(url).items() if not name.startswith("ssl")}
    with tempfile.TemporaryDirectory(prefix="jirani-") as folder, _carried(far, Path(folder) / ".s.PGSQL.5432"):
        near = {"host": folder, "port": 5432, "hostaddr": None, "channel_binding": None}
        yield make_conninfo(**{**kept, **near})  # type: ignore[arg-type]


def _trust(parameters: Mapping[str, str]) -> dict[str, str | None]:
    """Return which certificates the driver trusts and presents: libpq's parameters, or files in its home."""
    mode, root = parameters.get("sslmode", "prefer"), parameters.get("sslrootcert")
    if mode.startswith("verify") and root is None:
        root = str(Path.home() / ".postgresql/root.crt")
    names = ("sslcert", "sslkey", "sslpassword")
    return {"mode": mode, "root": root, **{name: parameters.get(name) for name in names}}


@contextmanager
def _carried(far: Mapping[str, str | int | None], near: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "jirani.server.tls"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({**far, "near": str(near)}) + "\n")
        process.stdin.flush()
        if not process.stdout.readline():
            raise ServerError("PostgreSQL's programs have no way to the server by TLS.")
        yield  # leaving the block closes the child's input


def context(trust: Mapping[str, str | None]) -> ssl.SSLContext:
    """Trust what the driver trusts: any certificate, or those of a file or the machine, with or without checking the host name."""
    mode, root = trust["mode"] or "", trust["root"]
    made = ssl.create_default_context(cafile=None if root == "system" else root)
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT  # libpq does not ask a network's own authority for every extension
    made.check_hostname = mode == "verify-full" or root == "system"
    if root is None:
        made.verify_mode = ssl.CERT_NONE
    if trust["sslcert"]:
        made.load_cert_chain(trust["sslcert"], trust["sslkey"], trust["sslpassword"])
    return made


def _greet(host: str, port: int) -> socket.socket:
    """Connect to a server and agree to speak TLS from the next byte on."""
    connection = socket.create_connection((host, port), timeout=30)
    connection.sendall(REQUEST)
    if connection.recv(1) != b"S":
        connection.close()
        raise ConnectionError("the server speaks no TLS")
    connection.setblocking(False)
    return connection


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(CHUNK):
            target.write(chunk)
            await target.drain()
    target.close()


async def _first_messages(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Forward the server's first messages up to its authentication request, from which we remove methods that need TLS."""
    kind = b"v"  # NegotiateProtocolVersion, after which more messages follow
    while kind == b"v":
        kind, length = struct.unpack("!cI", await source.readexactly(5))
        body = (await source.readexactly(length - 4)).replace(BOUND, b"")
        target.write(struct.pack("!cI", kind, len(body) + 4) + body)


async def _answers(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError):
        await _first_messages(source, target)
    await _pass_on(source, target)


async def carry(host: str, port: int, trust: Mapping[str, str | None], near: str) -> None:
    """Forward each connection to the socket `near` to the server over TLS, until standard input ends."""
    secure = context(trust)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = await asyncio.to_thread(_greet, host, port)
        far_reader, far_writer = await asyncio.open_connection(sock=connection, ssl=secure, server_hostname=host)
        await asyncio.gather(_pass_on(reader, far_writer), _answers(far_reader, writer))

    async with await asyncio.start_unix_server(answer, near):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    asyncio.run(carry(told.pop("host"), told.pop("port"), told, told.pop("near")))
