"""Letters that could not be delivered: who is told, and what can be done about them."""

import pytest
from django.urls import reverse

from jirani.audit.models import Entry
from jirani.notifications.actions import tell_undelivered
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Message
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

PAGE = "/en/people/letters/"
LOST, SLOW, OTHER = "lost@example.org", "slow@example.org", "other@example.org"


def letter(to: str, state: MessageState = MessageState.FAILED, kind: str = "events.invitation") -> Message:
    number = Message.objects.count()
    return Message.objects.create(
        kind=kind, to=to, language="en", subject="You are invited", body="Come.", message_id=f"<{number}>", state=state,
        attempts=8, last_error="550 no such user",
    )  # fmt: skip


def on_desk(cast: Cast) -> int:
    """Count the links on the coordinator's desk that lead to the page."""
    return client_of(cast.coordinator).get("/en/desk/").content.decode().count(PAGE)


def test_network_coordinators_see_to_whom_nothing_was_delivered_and_nothing_else(cast: Cast) -> None:
    client, desk = client_of(cast.coordinator), reverse("desk:desk_detail")
    letter(OTHER, kind="accounts.code")
    letter(OTHER, MessageState.QUEUED)
    assert PAGE not in client.get(desk).content.decode()
    assert "Every e-mail was delivered." in client.get(PAGE).content.decode()

    for address in (LOST, SLOW, LOST):
        letter(address)
    tell_undelivered()

    assert client.get(desk).content.decode().count(PAGE) == 2
    page = client.get(PAGE)
    assert [(row["to"], row["number"]) for row in page.context["rows"]] == [(LOST, 2), (SLOW, 1)]
    assert [word for word in ("invited", "Come", "550", OTHER) if word in page.content.decode()] == []
    for part, person in cast.people().items():
        may = part == "coordinator"
        assert client_of(person).get(PAGE).status_code == (200 if may else 403), part
        assert (PAGE in client_of(person).get(desk).content.decode()) == may, part


def test_they_are_sent_again_or_left(cast: Cast) -> None:
    for address in (LOST, LOST, SLOW, OTHER):
        letter(address)
    code = letter(LOST, kind="accounts.code")
    tell_undelivered()
    assert on_desk(cast) == 2
    client, states = client_of(cast.coordinator), Message.objects.order_by("pk").values_list("to", "state", "attempts")
    states = states.exclude(kind="notifications.alert")

    assert client_of(cast.hub_coordinator).post(PAGE, {"address": LOST, "do": "again"}).status_code == 403
    assert client.post(PAGE, {"address": LOST, "do": "burn"}).status_code == 422
    assert {state for _to, state, _attempts in states} == {MessageState.FAILED}

    assert client.post(PAGE, {"address": LOST, "do": "again"})["Location"] == PAGE
    client.post(PAGE, {"address": SLOW, "do": "leave"})

    assert list(states.all()) == [
        (LOST, MessageState.QUEUED, 0),
        (LOST, MessageState.QUEUED, 0),
        (OTHER, MessageState.FAILED, 8),
        (code.to, MessageState.FAILED, 8),
    ]
    assert on_desk(cast) == 2, "one address is left"
    client.post(PAGE, {"address": OTHER, "do": "leave"})
    assert on_desk(cast) == 0
    told = Entry.objects.filter(verb__startswith="members.").order_by("pk").values_list("verb", "details")
    assert list(told) == [
        ("members.send_letters_again", {"letters": 2}),
        *[("members.leave_letters", {"letters": 1})] * 2,
    ]
