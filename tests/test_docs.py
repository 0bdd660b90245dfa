"""The documents' links lead somewhere, and the commands the README promises work."""

import os
import subprocess
from pathlib import Path

import pytest

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


def test_promised_commands_are_those_of_marked_blocks(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "<!-- run -->\n```console\n$ echo one\none\n$ echo two\n```\n\n```console\n$ rm -rf /\n```\n", "utf-8"
    )

    assert links.promised_commands(page) == ["echo one", "echo two"]


@pytest.mark.parametrize("command", links.promised_commands(links.ROOT / "README.md"))
def test_commands_of_the_readme_work(command: str, tmp_path: Path) -> None:
    """Each runs as it is written, in a shell at the root of the repository, with data of its own."""
    path = f"{links.ROOT / '.uv' / 'bin'}{os.pathsep}{os.environ['PATH']}"  # where `make` put uv, if it had to
    environment = os.environ | {"JIRANI_DATA": str(tmp_path), "PATH": path}
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
