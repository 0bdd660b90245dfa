"""A clock that jumps: nothing is forgotten and nobody is asked, until it comes back or somebody says that it is right."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from jirani.audit.actions import (
    BACK,
    FORWARD,
    believe_clock,
    erase_expired_data,
    last_believed,
    look_at_clock,
    note_alive,
    worker_last_seen,
)
from jirani.audit.models import Clock, Entry, Forgetting
from jirani.audit.tasks import nightly
from jirani.core import registry
from jirani.core.registry import register_nightly
from jirani.notifications import tasks
from jirani.notifications.models import Alert, Message
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)

PAGE = "/en/people/clock/"
TODAY = timezone.localdate()


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Set the clock to that day from here on."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
    """Record what was done by night and asked by day, with a person whose data has long expired."""
    settings.DEMO = False
    found: list[str] = []
    monkeypatch.setattr(registry, "_nightly", {})
    register_nightly("tests.night", lambda: found.append("night"))
    monkeypatch.setattr("jirani.notifications.registry._jobs", {"tests.ask": lambda today: found.append("ask")})
    return found


def round_of_the_worker() -> None:
    """Do what the worker does every ten minutes."""
    tasks.watch()
    tasks.remind()
    nightly()


@pytest.mark.parametrize("jump", [FORWARD + 1, 30, 3652, -4, -3652])
def test_a_jump_stops_what_goes_by_the_calendar_until_the_clock_comes_back(
    cast: Cast, done: list[str], monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    seat = make.participation(make.event(), make.person())
    round_of_the_worker()
    assert (done, Alert.objects.open().count()) == (["ask", "night"], 0)
    done.clear()

    on(monkeypatch, TODAY + timedelta(days=jump))
    round_of_the_worker()
    assert erase_expired_data(TODAY + timedelta(days=jump)) == {}
    seat.refresh_from_db()
    assert (done, seat.person is not None, last_believed()) == ([], True, TODAY)
    assert Alert.objects.open().get().kind == "notifications.clock"
    assert "today is" in Message.objects.get(kind="notifications.alert").body
    assert client_of(cast.coordinator).get("/en/desk/").content.decode().count(PAGE) == 2

    on(monkeypatch, TODAY + timedelta(days=1))
    round_of_the_worker()
    assert (done, Alert.objects.open().count(), last_believed()) == (["ask", "night"], 0, TODAY + timedelta(days=1))


def test_a_network_that_was_switched_off_goes_on_once_a_coordinator_says_so(
    cast: Cast, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    round_of_the_worker()
    done.clear()
    later = TODAY + timedelta(days=40)
    on(monkeypatch, later)
    round_of_the_worker()

    for part, person in cast.people().items():
        if part != "coordinator":
            assert client_of(person).post(PAGE, {"day": later.isoformat()}).status_code == 403, part
    client = client_of(cast.coordinator)
    assert client.post(PAGE, {"day": TODAY.isoformat()}).status_code == 422, "that is not what the page shows"
    assert client.get(PAGE).context["doubt"]
    assert client.post(PAGE, {"day": later.isoformat()}).status_code == 302
    assert (Alert.objects.open().count(), client.get(PAGE).context["doubt"]) == (0, False)
    told = Entry.objects.get(verb="audit.believe_clock")
    assert (told.actor, told.details) == (cast.coordinator.user, {"on": later.isoformat()})

    round_of_the_worker()
    assert done == ["ask", "night"]


def test_data_of_earlier_versions_begin_with_the_last_day_on_which_something_was_forgotten(
    cast: Cast, done: list[str]
) -> None:
    Clock.objects.all().delete()
    Forgetting.objects.create(app="events", on=TODAY - timedelta(days=FORWARD + 3))
    round_of_the_worker()
    round_of_the_worker()
    assert (done, last_believed()) == ([], TODAY - timedelta(days=FORWARD + 3))
    assert Alert.objects.open().get().kind == "notifications.clock"
    letter = Message.objects.get(kind="notifications.alert", recipient=cast.coordinator.user)
    client = client_of(cast.coordinator)
    page = client.get(PAGE)
    assert (page.context["last"], page.context["doubt"]) == (TODAY - timedelta(days=FORWARD + 3), True)
    assert client.get("/en/desk/").content.decode().count(PAGE) == 2
    assert PAGE in letter.body

    client.post(PAGE, {"day": TODAY.isoformat()})
    round_of_the_worker()
    assert (done, Alert.objects.open().count()) == (["ask", "night"], 0)


def test_of_data_without_any_day_the_clock_is_believed(cast: Cast, done: list[str]) -> None:
    Clock.objects.all().delete()
    round_of_the_worker()
    assert (done, last_believed(), Alert.objects.open().count()) == (["ask", "night"], TODAY, 0)


def test_whoever_runs_the_server_may_say_so_too(
    done: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    look_at_clock(TODAY)
    call_command("believe_clock")
    assert Entry.objects.count() == 0, "nobody doubted it"
    on(monkeypatch, TODAY - timedelta(days=4000))
    assert look_at_clock(TODAY - timedelta(days=4000)) == -4000
    call_command("believe_clock")
    assert (Entry.objects.get().actor, look_at_clock(TODAY - timedelta(days=4000))) == (None, 0)
    assert capsys.readouterr().out.splitlines()[-1] == f"It is {TODAY - timedelta(days=4000)}."


def test_a_clock_that_was_put_back_after_all_does_not_stop_forgetting_for_years(done: list[str]) -> None:
    """As it was found: what was forgotten in 2036 was not forgotten again until then."""
    Forgetting.objects.create(app="events", on=TODAY + timedelta(days=3652))
    assert look_at_clock(TODAY) == -3652, "of data that know no other day"
    call_command("believe_clock")
    make.participation(make.event(), make.person())
    assert erase_expired_data(TODAY)["events"] == 1


@pytest.mark.parametrize(
    ("days", "said"), [(FORWARD, 0), (FORWARD + 1, FORWARD + 1), (-BACK, 0), (-BACK - 1, -BACK - 1)]
)
def test_how_far_a_day_may_be_from_the_last_one_that_was_believed(days: int, said: int) -> None:
    Clock.objects.get_or_create()
    Clock.objects.update(believed_on=TODAY)
    assert look_at_clock(TODAY + timedelta(days=days)) == said
    assert last_believed() == (TODAY if said else TODAY + timedelta(days=days))


@pytest.mark.parametrize(("days", "said"), [(-4, -4), (-3, 0), (0, 0), (7, 0), (8, 8)])
def test_a_clock_is_believed_within_some_days(days: int, said: int) -> None:
    Clock.objects.create(believed_on=TODAY)
    assert look_at_clock(TODAY + days * DAY) == said
    assert Clock.objects.get().believed_on == (TODAY if said else TODAY + days * DAY)


def test_whoever_believes_the_clock_is_recorded() -> None:
    user = make.user()
    clock = believe_clock(TODAY, by=user)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id, entry.details) == (
        "audit.believe_clock",
        user,
        clock.pk,
        {"on": TODAY.isoformat()},
    )
    assert (Clock.objects.get().believed_on, worker_last_seen()) == (TODAY, None)
    note_alive()
    seen = worker_last_seen()
    assert seen is not None
    assert timedelta() <= timezone.now() - seen < timedelta(minutes=1)
    assert Clock.objects.get().believed_on == TODAY
