"""The list of who was erased, after a full disk or a power cut."""

from pathlib import Path

import pytest

from jirani.core.erasures import Erased, add_erased, read_erased

pytestmark = pytest.mark.pure

ONE, TWO = (Erased(n, f"2026-01-0{n}T00:00:00.000000+00:00") for n in (1, 2))


@pytest.mark.parametrize("left", ['{"person": 2, "creat', "{", '{"person": 2, "created": "2026-01-0'])
def test_half_a_line_stops_nothing(tmp_path: Path, left: str) -> None:
    path = tmp_path / "erased.jsonl"
    add_erased(path, [ONE])
    whole = path.read_text()
    path.write_text(whole + left)
    assert read_erased(path) == {ONE}

    add_erased(path, [TWO])
    assert (read_erased(path), path.read_text().startswith(whole)) == ({ONE, TWO}, True)
    assert len(path.read_text().splitlines()) == 2


def test_a_whole_line_without_its_end_stays(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    add_erased(path, [ONE])
    path.write_text(path.read_text().rstrip())
    add_erased(path, [TWO])
    assert read_erased(path) == {ONE, TWO}


def test_damage_elsewhere_is_said(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    add_erased(path, [ONE])
    path.write_text('{"person": 2, "creat\n' + path.read_text())
    with pytest.raises(ValueError, match="is damaged at"):
        read_erased(path)
