"""The `jirani` command, run as a person runs it: quick help, and one sentence for what can be mended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from jirani.server.database import claim, put_in_environment
from jirani.server.errors import ServerError
from jirani.server.folders import Kind, open_folder
from jirani.server.web import claim_port
from tests.database import empty_database

COMMANDS = ("demo", "up", "import", "manage", "bench")


def jirani(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("JIRANI_") and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-m", "jirani", *map(str, arguments)],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIRANI_")}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "jirani", *map(str, arguments)],
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_each_command_is_for(command: str) -> None:
    told = jirani(command, "--help")

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(f"usage: jirani {command} ")


def test_help_is_instant_and_imports_no_django() -> None:
    begun = time.monotonic()
    jirani("--help")
    assert time.monotonic() - begun < 3  # a tenth of a second on an idle machine, where Django alone takes seconds

    script = "import sys; from jirani.cli.main import parser; parser(); print(sorted({'django', 'wagtail', 'psycopg'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def refused(told: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a command that refused to run."""
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    lines = told.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/jirani", "DATABASE_URL must begin with postgresql:// (Jirani needs PostgreSQL)."),
        ("postgresql://localhost:port/jirani", "DATABASE_URL is not an address."),
        ("postgresql://localhost/jirani?colour=red", "DATABASE_URL is not an address that PostgreSQL understands."),
        (
            "postgresql://me:hush@127.0.0.1:1/jirani",
            "Nothing answers at the server that DATABASE_URL names: start PostgreSQL there, or correct DATABASE_URL.",
        ),
    ],
)
@pytest.mark.parametrize("command", ["up", "manage"])
def test_a_bad_database_url(tmp_path: Path, command: str, url: str, sentence: str) -> None:
    more = ["check"] if command == "manage" else ["--port", str(free_port())]

    told = jirani(command, "--data", tmp_path, *more, DATABASE_URL=url, JIRANI_DATABASE_WAIT="0")

    assert refused(told) == f"jirani: {sentence}"
    assert not (tmp_path / "postgres").exists()


def test_a_start_waits_for_a_database_that_comes_later(tmp_path: Path) -> None:
    """The machine has started, PostgreSQL has not yet: what it gets in the end is that server's own answer."""
    port = free_port()
    url = f"postgresql://me:hush@127.0.0.1:{port}/jirani"
    waiting = start("up", "--data", tmp_path, "--port", str(free_port()), DATABASE_URL=url, JIRANI_DATABASE_WAIT="60")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == (
        "Nothing answers at the server that DATABASE_URL names: start PostgreSQL there, or correct DATABASE_URL. Waiting for it …\n"
    )
    with socket.create_server(("127.0.0.1", port)) as late:
        connection, _ = late.accept()
        connection.recv(8)
        connection.sendall(b"N")  # no TLS here
        connection.recv(1024)
        fault = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"
        connection.sendall(b"E" + (len(fault) + 4).to_bytes(4, "big") + fault)
        connection.close()
        _out, err = waiting.communicate(timeout=30)

    assert (waiting.returncode, err) == (1, "jirani: The user or the password in DATABASE_URL is wrong.\n")


def test_a_database_that_does_not_exist(tmp_path: Path) -> None:
    url = os.environ["DATABASE_URL"].replace("/jirani?", "/no_such_database?")

    told = jirani("manage", "--data", tmp_path, "check", DATABASE_URL=url)

    assert refused(told) == (
        "jirani: The database or the user that DATABASE_URL names does not exist: create it, or correct DATABASE_URL."
    )


def test_a_wrong_password_is_told_and_not_shown() -> None:
    from jirani.server.database import _explained

    message = (
        'connection to server at "10.0.0.7", port 5432 failed: FATAL:  password authentication failed for user "me"'
    )

    assert str(_explained(message)) == "The user or the password in DATABASE_URL is wrong."


def test_a_taken_port(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]

        told = jirani("demo", "--data", tmp_path, "--port", str(port))

    assert refused(told) == (
        f"jirani: Port {port} is taken by another program: stop it, or choose another with --port."
    )
    assert not (tmp_path / "postgres").exists()


def test_a_port_that_another_network_is_about_to_take(tmp_path: Path) -> None:
    port = free_port()
    with closing(claim_port("127.0.0.1", port)):
        told = jirani("demo", "--data", tmp_path, "--port", str(port))

    assert refused(told).startswith(f"jirani: Port {port} is taken")
    assert not (tmp_path / "postgres").exists()


def test_a_port_that_is_none() -> None:
    told = jirani("up", "--port", "80000")

    assert told.returncode == 2
    assert "'80000' is not a port: give a number from 1 to 65535" in told.stderr


def test_a_folder_of_the_other_kind(tmp_path: Path) -> None:
    (tmp_path / "jirani.json").write_text('{"kind": "demo"}')

    told = jirani("up", "--data", tmp_path)

    assert refused(told) == (
        f"jirani: {tmp_path} holds the demo network, which `jirani up` never serves: choose another folder with --data."
    )


def test_a_file_to_import_that_is_not_there(tmp_path: Path) -> None:
    told = jirani("import", "members", tmp_path / "members.xlsx", "--data", tmp_path / "data")

    assert refused(told) == f"jirani: There is no file {tmp_path / 'members.xlsx'}."


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_the_demo_and_a_real_network_refuse_each_others_database(tmp_path: Path) -> None:
    unset = "unset DATABASE_URL, or name another."
    never = f"jirani: The database holds a real network, which `jirani demo` never touches: {unset}"
    with empty_database("kinds") as url:
        with psycopg.connect(url) as connection:
            connection.execute("create table lessons (title text)")
        ports = ["--port", str(free_port())]

        unmarked = jirani("demo", "--data", tmp_path / "demo", *ports, DATABASE_URL=url)
        assert refused(unmarked) == (
            "jirani: The database that DATABASE_URL names holds something already, and `jirani demo` fills empty ones "
            f"only: {unset}"
        )
        claim(url, Kind.REAL)
        assert refused(jirani("demo", "--data", tmp_path / "demo", *ports, DATABASE_URL=url)) == never
        assert refused(jirani("manage", "--data", tmp_path / "demo", "load_demo", DATABASE_URL=url)) == never
        with psycopg.connect(url) as connection:
            tables = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
            assert tables.fetchall() == [("jirani_kind",), ("lessons",)]
            connection.execute("drop table jirani_kind, lessons")

        claim(url, Kind.DEMO)
        served = jirani("up", "--data", tmp_path / "real", *ports, DATABASE_URL=url)
        assert refused(served) == f"jirani: The database holds the demo network: {unset}"
        with pytest.raises(ServerError):
            claim(url, Kind.REAL)


def test_the_demo_answers_on_this_machine_only_whatever_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {}
    for kind in Kind:
        for name in ("DATABASE_URL", "JIRANI_DATA", "JIRANI_DEMO", "JIRANI_SECRET_KEY"):
            monkeypatch.setenv(name, os.environ.get(name, ""))
        monkeypatch.setenv("JIRANI_HOSTS", "network.example.org")
        put_in_environment(open_folder(tmp_path / kind, kind), "postgresql://localhost/jirani")
        told[kind] = os.environ["JIRANI_HOSTS"]

    assert told == {Kind.DEMO: "127.0.0.1,localhost,[::1]", Kind.REAL: "network.example.org"}
