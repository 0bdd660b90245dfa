"""The documents' links lead somewhere, and the commands the README promises work."""

import argparse
import importlib.util
import os
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from jirani.cli.main import parser
from tools import links


@pytest.mark.parametrize("path", links.documents(), ids=lambda path: path.relative_to(links.ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    assert list(links.dead_links(path)) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# One `thing`\n\n## Été: où\n\n## One thing\n", "utf-8")
    page = tmp_path / "a.md"
    page.write_text(
        "# Here\n[1](b.md) [2](b.md#one-thing-1) [3](b.md#été-où) [4](#here) [5](https://x.test/) `[6](no.md)`\n"
        "```\n[7](no.md)\n```\n[8](c.md) [9](b.md#two) [10](#there)\n\n[11]: d.md\n![12](e.png)\n",
        "utf-8",
    )

    assert list(links.dead_links(page)) == [
        "c.md: no such file",
        "b.md#two: no such heading",
        "#there: no such heading",
        "e.png: no such file",
        "d.md: no such file",
    ]


def test_a_file_that_is_named_and_gone_is_found(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "`tests/stage.py` `tests/stage/` `tests/stage/APP.py` `jirani/locale/{fr,ar}/x.po`\n```\n`tools/no.py`\n```\n",
        "utf-8",
    )

    assert list(links.dead_links(page)) == ["tests/stage.py: no such file"]


def test_promised_commands_are_those_of_marked_blocks(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "<!-- run -->\n```console\n$ echo one\none\n$ echo two\n```\n\n```console\n$ rm -rf /\n```\n", "utf-8"
    )

    assert links.promised_commands(page) == ["echo one", "echo two"]


@pytest.mark.parametrize("command", links.promised_commands(links.ROOT / "README.md"))
def test_commands_of_the_readme_work(command: str, tmp_path: Path) -> None:
    """Each runs as written, in a shell at the root of the repository, with its own data folder."""
    environment = os.environ | {"JIRANI_DATA": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        check=False,
        capture_output=True,
        cwd=links.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=120,
    )

    assert (done.returncode, done.stderr if done.returncode else "") == (0, "")


TARGETS = set(re.findall(r"^([a-z-]+):", (links.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
[COMMANDS] = [action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]


def unknown(command: str) -> str:
    """Return the part of a command that does not exist on a machine with `make`, a clone and what `make setup` installs; "" if all exists."""
    if re.search(r"(^|\s)(\S*/)?(uv|uvx|pip)\s", command):
        return "uv and pip may be missing"
    told = re.search(r"(?:^|&& |-- |\w=\S+ )make ([a-z]\S*)", command)
    if told and told[1] not in TARGETS:
        return f"make {told[1]}"
    program = re.search(r"(?:^|\s)\.venv/bin/(\w\S*)(?: -m (\S+))?", command)
    if program and not (links.ROOT / ".venv" / "bin" / program[1]).exists():
        return program[1]
    if program and program[2] and importlib.util.find_spec(program[2]) is None:
        return program[2]
    ours = re.search(r"(?:^|\s)(?:\.venv/bin/)?jirani ([a-z]\S*)(?: ([a-z_]+))?", command)
    if ours and command.split(maxsplit=1)[0].endswith("jirani") and ours[1] not in COMMANDS:
        return ours[1]
    return ours[2] if ours and ours[1] == "manage" and ours[2] and ours[2] not in get_commands() else ""


@pytest.mark.parametrize("path", links.documents(), ids=lambda path: path.relative_to(links.ROOT).as_posix())
def test_shown_commands_are_there_on_a_machine_without_uv(path: Path) -> None:
    assert {command: unknown(command) for command in links.shown_commands(path) if unknown(command)} == {}


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("uv run pytest", "uv and pip may be missing"),
        ("cd a && .uv/bin/uv lock", "uv and pip may be missing"),
        ("make everything", "everything"),
        (".venv/bin/nothing", "nothing"),
        (".venv/bin/python -m tools.nothing x", "tools.nothing"),
        ("jirani serve", "serve"),
        (".venv/bin/jirani manage no_such", "no_such"),
        ("runuser -u jirani -- make install", ""),
        (".venv/bin/jirani manage worker --once", ""),
        ("jirani demo", ""),
        ("cp a jirani there", ""),
    ],
)
def test_a_command_that_is_not_there_is_found(command: str, missing: str, tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(f"1. So:\n\n   ```console\n   $ {command}\n   said\n   ```\n", "utf-8")

    assert links.shown_commands(page) == [command]
    assert unknown(command).removeprefix("make ") == missing


def test_no_file_of_the_house_asks_for_uv_on_path() -> None:
    listed = subprocess.run(
        ["git", "grep", "-lE", "uv (run|sync|pip) "], cwd=links.ROOT, capture_output=True, text=True, check=True
    )

    assert listed.stdout.split() == ["tests/test_docs.py"]
