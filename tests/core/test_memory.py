"""What a machine's processes remember together, and what cannot be remembered or read."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jirani.core.memory import Memory


def test_what_was_cut_short_is_not_remembered(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path), {})
    memory.set("place", "x" * 1000)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    assert memory.get("place") == "x" * 1000
    for content in (b"", whole[:3], whole[:-3], b"something else"):
        kept.write_bytes(content)
        assert memory.get("place", "none") == "none"


def test_a_folder_that_cannot_be_made_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    memory = Memory(str(tmp_path / "file" / "folder"), {})
    memory.set("place", 7)
    assert memory.get("place", "none") == "none"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/en/", "/en/lessons/", "/en/commitments/"])
def test_pages_with_counts_are_shown_if_nothing_can_be_remembered(
    client: Client, settings: Any, tmp_path: Path, address: str
) -> None:
    (tmp_path / "file").touch()
    memory = settings.CACHES["memory"] | {"LOCATION": tmp_path / "file" / "folder"}
    settings.CACHES = settings.CACHES | {"memory": memory}
    assert client.get(address).status_code == 200
