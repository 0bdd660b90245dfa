"""A mailing is sent as it was shown, and to nobody else."""

import pytest
from django.core.exceptions import ValidationError

from jirani.notifications.actions import (
    Letter,
    Mailing,
    NotShown,
    Recipient,
)
from jirani.notifications.forms import MailingForm
from jirani.notifications.models import Message

from .conftest import left

pytestmark = pytest.mark.django_db


def test_a_mailing_is_sent_as_it_was_shown_and_to_nobody_else() -> None:
    people = [Recipient(key, name, f"{name}@example.org", code, to=f"{name}@example.org") for key, name, code in
              [(1, "asha", "fr"), (2, "badru", "en"), (3, "chege", "fr")]]  # fmt: skip

    def mailing(about: str = "", greeting: str = "Hello") -> Mailing:
        def write(to: Recipient) -> Letter:
            return Letter(greeting, f"{greeting} {to.name}", to.language)

        return Mailing(
            "tests.kind", people, write=write, sample=write, about=about, records=lambda to: [f"x.y:{to.key}"]
        )

    shown = [stamp for stamp, _one, _letter in mailing().samples]
    assert [(letter.body, count) for letter, count in mailing().letters] == [("Hello asha", 2), ("Hello badru", 1)]
    assert len(set(shown)) == 3
    for seen in ([], shown[:2]):
        with pytest.raises(NotShown):
            mailing().send(seen)
    with pytest.raises(NotShown):
        mailing(greeting="Bye").send(shown)
    assert left() == set()
    assert mailing().send([*shown, "more"]) == 3
    sent = Message.objects.order_by("to").values_list("to", "language", "records", "about")
    assert list(sent) == [
        ("asha@example.org", "fr", ["x.y:1"], ""), ("badru@example.org", "en", ["x.y:2"], ""), ("chege@example.org", "fr", ["x.y:3"], ""),
    ]  # fmt: skip
    assert (mailing("x.y:1").send(), mailing("x.y:1", "Again").send(), Message.objects.count()) == (3, 3, 6)
    assert set(Message.objects.filter(about="x.y:1").values_list("subject", flat=True)) == {"Again"}
    form = MailingForm({"shown": [*shown, "x-1", "-2", "1" * 19 + "-3"]}, mailing=mailing())
    assert (form.is_valid(), form.chosen) == (True, [1, 2, 3])
    other = mailing()
    form.refuse(NotShown(other))
    assert form.mailing is other
    form.refuse(ValidationError("No."))
    assert form.mailing is other
