"""What the forms of a session and of parts in it offer, and what they refuse."""

from datetime import timedelta

import pytest

from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.events.forms import PartForm, SessionCreateForm, SessionEditForm
from jirani.events.models import Event
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import values

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_what_the_form_of_a_session_offers(cast: Cast, coming: Event) -> None:
    first = coming.starts_on
    form = SessionCreateForm(event=coming)
    days = ["", *((first + number * DAY).isoformat() for number in range(3))]
    assert (values(form, "held_on"), form.fields["held_on"].initial) == (days, first.isoformat())
    assert (form.fields["language"].initial, form.fields["access"].initial) == (coming.language, "public")
    assert values(form, "host")[0] == ""
    assert (values(form, "floor_language")[0], values(form, "interpretation")) == ("", list(CODES))
    for length, listed in [(31, True), (32, False)]:
        coming.ends_on = first + (length - 1) * DAY
        assert hasattr(SessionCreateForm(event=coming).fields["held_on"], "choices") is listed
    coming.access = AccessMode.NETWORK
    narrow = SessionCreateForm(event=coming)
    assert ("public" in values(narrow, "access"), narrow.fields["access"].initial) == (False, "network")
    # What is spoken and interpreted already stays to be chosen.
    session = coming.sessions.get()
    session.floor_language, session.interpretation = "la", ["fr", "la"]
    edit = SessionEditForm(session=session)
    assert values(edit, "interpretation") == [*CODES, "la"]
    assert ("la" in values(edit, "floor_language"), edit.source()) == (True, session)


def test_a_day_is_read_from_the_list_and_faults_are_foreseen(cast: Cast, coming: Event) -> None:
    said = {"kind": "panel", "title": "New", "language": "en", "access": "public", "once": "f" * 32}

    def form(**more: str) -> SessionCreateForm:
        return SessionCreateForm(said | more, event=coming)

    good, none = form(held_on=coming.ends_on.isoformat()), form()
    assert (good.is_valid(), none.is_valid()) == (True, True)
    assert (good.cleaned_data["held_on"], none.cleaned_data["held_on"]) == (coming.ends_on, None)
    rows: list[tuple[dict[str, str], set[str]]] = [
        ({"starts_at": "09:00"}, {"held_on"}), ({"ends_at": "09:00"}, {"starts_at"}), ({"held_on": "2001-01-01"}, {"held_on"}),
        ({"kind": "site-visit", "title": ""}, {"title", "place"}),
    ]  # fmt: skip
    assert [set(form(**more).errors) for more, _wrong in rows] == [wrong for _more, wrong in rows]


def test_who_may_be_named_at_a_session(cast: Cast, coming: Event) -> None:
    states = ["invited", "applied", "confirmed", "waitlisted", "attended", "declined", "cancelled"]
    parts = {state: make.participation(coming, make.person(f"P {state}"), state=state) for state in states}
    gone = make.participation(coming, make.person("Gone"))
    type(gone).objects.filter(pk=gone.pk).update(person=None)
    elsewhere = make.participation(cast.event, make.person("Elsewhere"))
    user = user_of(cast.coordinator)
    form = PartForm(event=coming, user=user)
    labels = [str(label) for _value, label in form.fields["participation"].choices]  # type: ignore[attr-defined]
    assert labels == ["Choose a person", "P applied", "P attended", "P confirmed", "P invited", "P waitlisted"]
    keys = {"confirmed": parts["confirmed"], "declined": parts["declined"], "gone": gone, "elsewhere": elsewhere}
    wrong = {
        name: set(
            PartForm({"participation": one.pk, "role": "speaker", "once": "a" * 32}, event=coming, user=user).errors
        )
        for name, one in keys.items()
    }
    assert wrong == {"confirmed": set(), **{name: {"participation"} for name in ("declined", "gone", "elsewhere")}}
