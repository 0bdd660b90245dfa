"""The data folder: whose it is, what it holds, who runs on it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from jirani.server.errors import ServerError
from jirani.server.folders import Kind, open_folder
from jirani.server.secrets import secret_key

pytestmark = pytest.mark.pure


def test_demo_and_real_data_refuse_each_other(tmp_path: Path) -> None:
    demo = open_folder(tmp_path / "demo", Kind.DEMO)
    real = open_folder(tmp_path / "real", Kind.REAL)

    assert open_folder(demo.path, Kind.DEMO).kind is Kind.DEMO
    assert open_folder(demo.path).kind is Kind.DEMO  # `manage` takes what is there
    with pytest.raises(ServerError, match="holds the demo network, which `jirani up` never serves"):
        open_folder(demo.path, Kind.REAL)
    with pytest.raises(ServerError, match="holds a real network, which `jirani demo` never touches"):
        open_folder(real.path, Kind.DEMO)


def test_somebody_elses_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("ten years of work")

    with pytest.raises(ServerError, match="holds files that are not Jirani's"):
        open_folder(tmp_path, Kind.REAL)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_the_demo_may_lie_within_the_real_folder(tmp_path: Path) -> None:
    open_folder(tmp_path / "demo", Kind.DEMO)

    assert open_folder(tmp_path, Kind.REAL).kind is Kind.REAL


@pytest.mark.parametrize("content", ["", "{}", '{"kind": "toy"}', "[]", "\x00"])
def test_a_damaged_marker_is_not_guessed_at(tmp_path: Path, content: str) -> None:
    (tmp_path / "jirani.json").write_text(content)

    with pytest.raises(ServerError, match=r"jirani\.json is damaged"):
        open_folder(tmp_path, Kind.REAL)


def test_a_lost_marker_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()

    with pytest.raises(ServerError, match=r"holds a database but its jirani\.json is missing"):
        open_folder(tmp_path, Kind.REAL)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(ServerError, match="is a file where a folder should be"):
        open_folder(tmp_path / "data", Kind.REAL)


def test_two_supervisors_never_share_a_folder(tmp_path: Path) -> None:
    folder = open_folder(tmp_path, Kind.REAL)

    with folder.supervised(), pytest.raises(ServerError, match=r"already runs on .* \(process \d+\): stop it first"):
        folder.supervised().__enter__()
    with folder.supervised():
        pass  # the first one has left


def test_the_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    folder = open_folder(tmp_path, Kind.REAL)

    key = secret_key(folder)

    assert secret_key(folder) == key
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_secret_that_was_opened_is_closed_again_and_a_cut_one_refused(tmp_path: Path) -> None:
    folder = open_folder(tmp_path, Kind.REAL)
    secret_key(folder)
    (tmp_path / "secret_key").chmod(0o644)

    secret_key(folder)

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(ServerError, match="secret_key is damaged"):
        secret_key(folder)


def test_uploads_that_a_former_version_left_open_are_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media").chmod(0o775)
    open_folder(tmp_path)
    assert stat.S_IMODE((tmp_path / "media").stat().st_mode) == 0o770  # whom its owner lets in stays in
