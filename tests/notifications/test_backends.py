"""If no mail server is set, a message is a file. The demo's console shows its text; a real network's only names the file."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from jirani.notifications.actions import Letter, deliver_due, queue_letter
from jirani.notifications.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_of_a_real_networks_the_console_tells_where_it_is(
    folder: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = False
    queue_letter("accounts.code", Letter("1234", "1234", "en"), to="asha@example.org")
    deliver_due()

    (path,) = folder.iterdir()
    assert capsys.readouterr().out == f"E-mail is in {path}\n"
    assert b"1234" in path.read_bytes()


def test_a_message_of_the_demo_is_written_to_both(
    folder: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = True
    queue_letter("events.invitation", Letter("دعوة", "أهلًا\n\nhttp://x/\n", "ar"), to="asha@example.org")
    assert deliver_due() == 1

    (path,) = folder.iterdir()
    assert capsys.readouterr().out == f"\n── E-mail to asha@example.org\nدعوة\n\nأهلًا\n\nhttp://x/\n── {path}\n"
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (
        "asha@example.org",
        "دعوة",
        Message.objects.get().message_id,
    )


def test_what_people_typed_does_not_steer_the_terminal(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO = True
    queue_letter("events.invitation", Letter("A\x1b[2Jb", "c\x07\x9bd\n", "en"), to="asha@example.org")
    deliver_due()
    assert "A[2Jb\n\ncd\n" in capsys.readouterr().out


def test_a_console_that_is_gone_holds_up_no_message(
    folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True

    class Gone:
        encoding = "ascii"

        def write(self, text: str) -> None:
            text.encode(self.encoding)
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Gone())
    queue_letter("events.invitation", Letter("دعوة", "أهلًا\n", "ar"), to="asha@example.org")
    assert (deliver_due(), len(list(folder.iterdir()))) == (1, 1)
