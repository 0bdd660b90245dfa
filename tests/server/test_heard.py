"""What a process hears of the generation."""

import pytest

from jirani.server.heard import ASKING, HOLDS, Heard


class Over(Exception):
    """Ends what goes on until the process does."""


def test_an_answer_counts_for_a_second_from_when_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed after that it does not hold, however long it is on its way."""
    now, answers = 0.0, [7]
    monkeypatch.setattr("time.monotonic", lambda: now)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    def ask() -> int:
        nonlocal now
        if not answers:
            raise Over
        now += HOLDS / 2
        return answers.pop()

    listening = Heard(ask, "")
    assert listening() is None
    with pytest.raises(Over):
        listening._follow()

    assert (now, listening()) == (HOLDS / 2, 7)
    now = HOLDS - 0.01
    assert listening() == 7
    now = HOLDS
    assert listening() is None
    assert ASKING * 2 < HOLDS <= 1
