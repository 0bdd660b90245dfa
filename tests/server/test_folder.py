"""The folder in which processes find one another's pages: whole files, few bytes, nothing that is old."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from jirani.server.folder import EVERY, PART, Folder, emptied


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return emptied(tmp_path / "run" / "pages")


def held(place: Path) -> int:
    return sum(each.stat().st_size for each in place.iterdir())


def test_what_one_puts_there_others_find(place: Path) -> None:
    mine, theirs = Folder(place, 10_000, lasts=60), Folder(place, 10_000, lasts=60)
    mine.put(("a", "b"), "first", made=time.time())
    mine.put(("a", "b"), "second", made=time.time())

    assert (theirs.get(("a", "b")), theirs.get(("ab", ""))) == ("second", None)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_the_first_made_go_when_it_is_too_much(place: Path) -> None:
    folder = Folder(place, 20_000, lasts=60)
    for number in range(50):
        folder.put(number, "x" * 1000, made=time.time() - 50 + number)
        assert held(place) <= 20_000 * (1 + 1 / 16)

    assert [folder.get(number) is None for number in (0, 20, 49)] == [True, True, False]


def test_what_is_old_or_was_never_finished_goes(place: Path) -> None:
    folder = Folder(place, 20_000, lasts=60)
    for key, age in (("young", 0), ("old", 61), ("soon", 61 - EVERY)):
        folder.put(key, key, made=time.time() - age)
    cut = place / f"cut.1.2{PART}"
    cut.write_bytes(b"half a pa")
    os.utime(cut, (time.time() - 70,) * 2)
    folder.tidy()

    assert [folder.get(key) for key in ("young", "old", "soon")] == ["young", None, None]
    assert not cut.exists()


def test_a_file_that_was_cut_short_or_a_folder_that_is_gone_is_none(place: Path) -> None:
    folder = Folder(place, 20_000, lasts=60)
    folder.put("page", "x" * 1000, made=time.time())
    (file,) = place.iterdir()
    file.write_bytes(file.read_bytes()[:500])
    assert folder.get("page") is None
    file.write_bytes(b"")
    assert folder.get("page") is None

    emptied(place).rmdir()
    folder.put("page", "x", made=time.time())
    folder.tidy()
    assert folder.get("page") is None


def test_a_page_that_cannot_be_put_there_leaves_no_half(place: Path) -> None:
    folder = Folder(place, 20_000, lasts=60)
    folder.put("page", "x", made=time.time())
    (file,) = place.iterdir()
    file.unlink()
    (file / "in the way").mkdir(parents=True)
    folder.put("page", "x", made=time.time())
    assert list(place.iterdir()) == [file]


def test_a_folder_is_emptied_and_closed_whatever_stands_in_its_place(tmp_path: Path) -> None:
    theirs, link, open_to_all, file = (tmp_path / name for name in ("theirs", "link", "open", "file"))
    file.touch()
    for each in (theirs, open_to_all):
        each.mkdir(mode=0o777)
        (each / "file").write_text("x")
    link.symlink_to(theirs)
    for each in (link, open_to_all, file):
        emptied(each)
        assert (each.is_symlink(), list(each.iterdir()), stat.S_IMODE(each.stat().st_mode)) == (False, [], 0o700)
    assert (theirs / "file").exists()
