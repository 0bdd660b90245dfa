"""A network in one file, and back."""

from pathlib import Path

import psycopg
import pytest

from jirani.server.backup import read_backup, write_backup
from jirani.server.database import database
from jirani.server.errors import ServerError
from jirani.server.folders import DataFolder, Kind, open_folder


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A folder with an embedded database of its own, one row, one file and a key."""
    monkeypatch.delenv("DATABASE_URL")
    folder = open_folder(tmp_path / "here", Kind.REAL)
    (folder.path / "media" / "evidence").mkdir(parents=True)
    (folder.path / "media" / "evidence" / "minutes.pdf").write_bytes(b"%PDF")
    (folder.path / "secret_key").write_text("key")
    with database(folder) as url, psycopg.connect(url) as connection:
        connection.execute("create table lessons (title text)")
        connection.execute("insert into lessons values ('درس')")
    return folder


@pytest.mark.sweep
def test_what_was_backed_up_is_there_again_and_only_in_an_empty_folder(network: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "backup.tgz"
    write_backup(network, file)
    other = open_folder(tmp_path / "there", Kind.REAL)

    read_backup(other, file)

    with database(other) as url, psycopg.connect(url) as connection:
        assert connection.execute("select title from lessons").fetchall() == [("درس",)]
    assert (other.path / "media" / "evidence" / "minutes.pdf").read_bytes() == b"%PDF"
    assert (other.path / "secret_key").read_text() == "key"
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(ServerError, match="holds tables already"):
        read_backup(other, file)
    with pytest.raises(ServerError, match="exists"):
        write_backup(network, file)


def test_a_file_that_is_no_backup_changes_nothing(network: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "letter.tgz"
    file.write_text("Dear coordinator")

    with pytest.raises(ServerError, match="not a backup"):
        read_backup(network, file)

    assert (network.path / "secret_key").read_text() == "key"
