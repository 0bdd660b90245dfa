"""What `jirani up` says of a network that nobody can sign in to yet."""

from pathlib import Path

import pytest

from jirani.server.prepare import tell_how_to_begin
from tests import factories as make


@pytest.mark.django_db
def test_how_to_name_the_first_coordinator_is_said_until_there_is_somebody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "our network"

    tell_how_to_begin(data)
    said = capsys.readouterr().out
    make.person()
    tell_how_to_begin(data)

    assert (f"JIRANI_DATA='{data}'" in said, said.splitlines()[-1].endswith("--email ADDRESS")) == (True, True)
    assert capsys.readouterr().out == ""
