"""Alerts: on coordinators' desks while they hold, by one letter when they begin, in each reader's language."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags

from jirani.commitments.actions.reminders import NOBODY
from jirani.config.languages import CODES
from jirani.lessons.actions.checking import TOLD_TOO_MUCH
from jirani.members.enums import NetworkDuty
from jirani.members.models import Person
from jirani.notifications.actions import (
    clear_alert,
    delete_alerts,
    raise_alert,
    raise_alerts,
    told_alerts,
)
from jirani.notifications.actions.alerts import QUIET
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import register_alert
from tests import factories as make
from tests.cast import Cast, client_of

from .conftest import MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kind() -> None:
    """An alert that says in which language it is told, and what its facts are."""
    register_alert(
        "tests.disk",
        sentence=lambda facts: f"{translation.get_language()}: {facts['full']}% is full.",
        link=lambda facts: f"/{translation.get_language()}/lessons/",
    )


def shown(person: Person, language: str = "en") -> list[tuple[str, str]]:
    """Return the network's rows on somebody's desk, and their links."""
    rows = client_of(person).get(f"/{language}/desk/").context["needed"]
    return [(strip_tags(row["what"]), row["action_url"]) for row in rows if "% is full" in row["what"]]


def test_coordinators_and_nobody_else_see_it_while_it_holds(cast: Cast) -> None:
    raise_alert("tests.disk", about="var", facts={"full": 90})
    raise_alert("tests.disk", about="var", facts={"full": 95})
    raise_alert("tests.disk", about="media", facts={"full": 80})

    told = [("en: 95% is full.", "/en/lessons/"), ("en: 80% is full.", "/en/lessons/")]
    desks = {part: shown(person) for part, person in cast.people().items()}
    assert desks == {part: told if part == "coordinator" else [] for part in desks}
    assert shown(cast.coordinator, "ar")[0] == ("ar: 95% is full.", "/ar/lessons/")

    clear_alert("tests.disk", about="var")
    assert shown(cast.coordinator) == told[1:]


def test_one_letter_when_it_begins_and_another_a_day_later(cast: Cast) -> None:
    other = make.person("Other", email="other@example.org", language="fr")
    make.duty(other, NetworkDuty.COORDINATOR)
    gone = make.person("Gone", email="gone@example.org")
    make.duty(gone, NetworkDuty.COORDINATOR, until_on=timezone.localdate() - timedelta(days=1))

    def letters() -> list[tuple[str, str]]:
        return [(one.to, one.body.splitlines()[0]) for one in Message.objects.filter(kind="notifications.alert")]

    for full in (90, 91):
        raise_alert("tests.disk", facts={"full": full})
    both = [("coordinator@example.org", "en: 90% is full."), ("other@example.org", "fr: 90% is full.")]
    assert letters() == both
    assert "http://127.0.0.1:8000/fr/lessons/" in Message.objects.get(to="other@example.org").body.splitlines()

    clear_alert("tests.disk")
    raise_alert("tests.disk", facts={"full": 92})
    assert (letters(), shown(cast.coordinator)) == (both, [("en: 92% is full.", "/en/lessons/")])

    Alert.objects.update(told_at=timezone.now() - QUIET - timedelta(minutes=1))
    raise_alert("tests.disk", facts={"full": 93})
    assert letters() == both, "it has not ended meanwhile"
    clear_alert("tests.disk")
    raise_alert("tests.disk", facts={"full": 94})
    assert letters() == [*both, (both[0][0], "en: 94% is full."), (both[1][0], "fr: 94% is full.")]


def test_what_nobody_registered_is_not_raised_and_what_an_older_version_raised_is_not_shown(cast: Cast) -> None:
    with pytest.raises(KeyError):
        raise_alert("tests.unknown", facts={})
    Alert.objects.create(kind="tests.gone", facts={})

    assert Client().get("/en/").status_code == 200
    assert client_of(cast.coordinator).get("/en/desk/").status_code == 200
    assert list(Alert.objects.values_list("kind", flat=True)) == ["tests.gone"]


def test_alerts_of_one_kind_about_several_records_are_one_row_that_leads_to_each(cast: Cast) -> None:
    lessons = [make.lesson(f"Lesson <{number}>", access="closed") for number in (1, 2, 3)]

    def rows(language: str = "en") -> list[tuple[str, str, str, list[str]]]:
        page = client_of(cast.coordinator).get(f"/{language}/desk/")
        found = [row for row in page.context["needed"] if "lesson" in row["action_url"] or row["links"]]
        return [
            (row["who"], row["what"][:20], row["action_url"], [name for name, _way in row["links"]]) for row in found
        ]

    ways = [f"/en/lessons/{lesson.pk}/" for lesson in lessons]
    raise_alert(TOLD_TOO_MUCH, about=str(lessons[0].pk), facts={"lesson": lessons[0].pk})
    assert rows() == [("Lesson <1>", "A lesson named a cit", ways[0], [])]

    for lesson in lessons[1:]:
        raise_alert(TOLD_TOO_MUCH, about=str(lesson.pk), facts={"lesson": lesson.pk})
    assert rows() == [("The network", "3 lessons named citi", "", ["Lesson <1>", "Lesson <2>", "Lesson <3>"])]
    page = client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert [f'<a href="{way}"><bdi>Lesson &lt;' in page for way in ways] == [True] * 3
    assert [len(row[3]) for row in rows("ar")] == [3]
    assert not client_of(cast.hub_coordinator).get("/en/desk/").context["needed"]
    assert "Lesson <" not in "".join(Message.objects.filter(kind="notifications.alert").values_list("body", flat=True))


def test_follow_ups_that_nobody_may_answer_are_one_row_too(cast: Cast) -> None:
    for number, place in enumerate((cast.kwale, cast.mombasa), start=7):
        name = place.organisation.name
        facts = {"names": dict.fromkeys(CODES, name), "number": 2, "follow_up": number}
        raise_alert(NOBODY, about=str(place.organisation_id), facts=facts)
    (row,) = [one for one in client_of(cast.coordinator).get("/en/desk/").context["needed"] if one["links"]]
    assert row["what"].startswith("Follow-ups of 2 organisations are due")
    assert row["links"] == (
        (cast.kwale.organisation.name, "/en/follow-ups/7/answer/"),
        (cast.mombasa.organisation.name, "/en/follow-ups/8/answer/"),
    )


def kinds(*, many: bool) -> None:
    register_alert(
        "tests.full", sentence=lambda facts: f"{facts['full']}%", link=lambda facts: f"/{facts['full']}/",
        together=(lambda count: f"{count} disks") if many else None,
        records=lambda facts: [(f"disk {one['full']}", "") for one in facts],
    )  # fmt: skip


def test_alerts_of_one_kind_are_told_apart_or_together(reader: Any) -> None:
    kinds(many=False)
    raise_alerts("tests.full", {"b": {"full": 2}, "a": {"full": 1}})
    bodies = list(Message.objects.order_by("pk").values_list("body", flat=True))
    assert [("1%" in body, "2%" in body) for body in bodies] == [(True, False), (False, True)]
    first, second = Alert.objects.order_by("pk")
    told = [(one.since, one.sentence, one.address, one.records) for one in told_alerts()]
    assert told == [(first.opened_at, "1%", "/1/", [("disk 1", "")]), (second.opened_at, "2%", "/2/", [("disk 2", "")])]
    kinds(many=True)
    (one,) = told_alerts()
    assert (one.since, one.sentence, one.address, one.records) == (
        first.opened_at,
        "2 disks",
        "",
        [("disk 1", ""), ("disk 2", "")],
    )
    clear_alert("tests.full", about="a")
    assert [one.sentence for one in told_alerts()] == ["2%"]
    closed = Alert.objects.get(about="a").closed_at
    clear_alert("tests.full", about="a")
    assert Alert.objects.get(about="a").closed_at == closed, "it was over before"
    Message.objects.all().delete()
    raise_alerts("tests.full", {name: {"full": 3} for name in ("c", "d")})
    letter = Message.objects.get()
    assert ("2 disks" in letter.body, letter.to, letter.language, letter.recipient) == (
        True,
        "coordinator@example.org",
        "fr",
        reader.user,
    )
    delete_alerts("tests.full", ["c", "x"])
    delete_alerts("tests.other", ["d"])
    assert set(Alert.objects.values_list("about", flat=True)) == {"a", "b", "d"}


def test_a_letter_goes_when_an_alert_opens_after_a_day_of_quiet(reader: Any) -> None:
    kinds(many=False)

    def raised(full: int) -> int:
        Message.objects.all().delete()
        raise_alert("tests.full", facts={"full": full})
        return Message.objects.count()

    assert [raised(1), raised(2)] == [1, 0]
    opened = Alert.objects.get().opened_at
    assert Alert.objects.get().facts == {"full": 2}
    clear_alert("tests.full")
    assert (raised(3), Alert.objects.get().closed_at, Alert.objects.get().opened_at > opened) == (0, None, True)
    for age, letters in [(QUIET - MINUTE, 0), (QUIET + MINUTE, 1)]:
        clear_alert("tests.full")
        Alert.objects.update(told_at=timezone.now() - age)
        assert raised(4) == letters
    Alert.objects.update(told_at=timezone.now() - 2 * QUIET)
    assert raised(5) == 0, "it is open"


def test_that_nobody_is_there_to_be_told_is_logged(caplog: pytest.LogCaptureFixture, reader: Any) -> None:
    kinds(many=False)
    raise_alert("tests.full", about="a", facts={"full": 1})
    assert "no coordinator" not in caplog.text
    reader.network_roles.all().delete()
    raise_alert("tests.full", about="b", facts={"full": 1})
    assert ("no coordinator" in caplog.text, Alert.objects.count()) == (True, 2)
