"""Of two who do the same at one moment the second waits: what each action takes for itself first, and in which order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.accounts.models import User
from jirani.events.actions import change_event
from jirani.events.models import Event
from jirani.forums.actions import add_seat, end_seat
from jirani.lessons.actions import edit_lesson, endorse_lesson, write_note
from jirani.lessons.models import Endorsement
from jirani.members.actions import (
    change_organisation,
    create_organisation,
    end_duty,
    erase_person,
    put_authority,
)
from jirani.members.models import LocalAuthority, NetworkRole, Organisation, Person
from jirani.members.people.actions.accounts import held_person_at
from jirani.members.people.actions.personal import erase_expired
from jirani.members.words.actions import add_word, edit_word
from jirani.plans.actions import add_part, change_plan, create_plan, move_part
from jirani.plans.models import ActionPlan, Pillar
from jirani.taxonomy.models import Theme
from tests import factories as make
from tests.cast import Cast, user_of
from tests.turns import turns

pytestmark = pytest.mark.django_db

Row = tuple[str, Callable[[], object], str]


def renamed(record: Any, name: str) -> Any:
    """Return the record as it is stored, under another name that is not saved yet."""
    found = type(record)._default_manager.get(pk=record.pk)
    found.name = name
    return found


def places(cast: Cast) -> list[Row]:
    by, kwale, body = user_of(cast.coordinator), cast.kwale, make.organisation("Amani")
    new = {"name": "Lamu", "kind": "county", "country": "KE", "subdivision": "KE-21"}
    same = {"name": "Kwale County", "kind": "county", "country": "KE", "subdivision": "KE-19"}

    def put(authority: LocalAuthority | None, **facts: Any) -> Callable[[], object]:
        stored = authority and LocalAuthority.objects.get(pk=authority.pk)
        return lambda: put_authority(stored, by=by, **facts)

    theme = make.theme("Peace")
    return [
        ("new place", put(None, **new), "members.slug"),
        (
            "renamed place",
            put(kwale, **same | {"name": "Kwale"}),
            "members.slug members_organisation members_localauthority",
        ),
        ("changed place", put(kwale, **same, population=5), "members_organisation members_localauthority"),
        ("new body", lambda: create_organisation(Organisation(name="Sauti", sector="women"), by=by), "members.slug"),
        (
            "renamed body",
            lambda: change_organisation(renamed(body, "Sauti"), by=by),
            "members.slug members_organisation",
        ),
        ("changed body", lambda: change_organisation(renamed(body, "Amani"), by=by), "members_organisation"),
        ("new word", lambda: add_word(Theme(), by=by, names={"en": "New"}), "members.add_theme"),
        (
            "changed word",
            lambda: edit_word(renamed(theme, "x"), by=by, names={"en": "New"}),
            "members.add_theme taxonomy_theme",
        ),
    ]


def people(cast: Cast) -> list[Row]:
    by, today = user_of(cast.coordinator), timezone.localdate()
    make.duty(cast.translator, "coordinator")  # type: ignore[arg-type]
    own, editor = (NetworkRole.objects.get(person=one) for one in (cast.coordinator, cast.editor))
    old = make.person("Old")
    long_ago = timezone.now() - timedelta(days=999)
    Person.objects.filter(pk=old.pk).update(created_at=long_ago)
    User.objects.filter(person=old).update(date_joined=long_ago)
    who = {"email": cast.outsider.email, "name": "Outsider"}
    return [
        ("end of a coordinator", lambda: end_duty(own, by=by, until_on=today), "accounts_user members_networkrole"),
        ("end of an editor", lambda: end_duty(editor, by=by, until_on=today), "members_networkrole"),
        ("erased", lambda: erase_person(cast.outsider, by=by), "members_person accounts_user notifications_message"),
        ("expired", lambda: erase_expired(today - timedelta(days=700)), "members_tenure members_networkrole members_person accounts_user notifications_message"),
        ("known", lambda: held_person_at(**who), "members_person"),
        ("seat without a name", lambda: add_seat(
            cast.forum, by=by, organisation=make.organisation(), role="member", from_on=today), "forums.seat"),
        ("seat given up", lambda: end_seat(cast.forum.seats.first(), by=by, until_on=today), "forums_seat"),  # type: ignore[arg-type]
    ]  # fmt: skip


def records(cast: Cast) -> list[Row]:
    by, plan = user_of(cast.coordinator), cast.plan
    pillar = Pillar.objects.create(plan=plan, number=1, title="First")
    Pillar.objects.create(plan=plan, number=2, title="Second")
    part = make.participation(cast.event, cast.editor)
    lesson, told = make.lesson(body="How"), make.lesson(body="How", event=cast.event, session=cast.session)
    before = make.event(starts_on=cast.event.starts_on, ends_on=cast.event.starts_on)
    said: dict[str, Any] = {"session": cast.session, "text": "Rotate", "language": "en", "by": user_of(cast.rapporteur)}
    endorsement = {"lesson": lesson, "organisation": cast.kwale.organisation}
    return [
        ("new plan", lambda: create_plan(ActionPlan(authority=cast.mombasa, title="Next", version=9), by=by, links={}), "plans.place"),
        ("changed plan", lambda: change_plan(ActionPlan.objects.get(pk=plan.pk), by=by, links={}), "plans.place plans_actionplan"),
        ("new part", lambda: add_part(Pillar(plan=plan, title="New"), by=by), "plans_actionplan"),
        ("moved part", lambda: move_part(pillar, to=2, by=by), "plans_actionplan"),
        ("note of somebody", lambda: write_note(**said, speaker=part), "members_person events_event events_session"),
        ("note of nobody", lambda: write_note(**said), "events_session"),
        ("lesson of a session", lambda: edit_lesson(told, links={}, by=by), "events_event events_session lessons_lesson"),
        ("endorsement", lambda: endorse_lesson(Endorsement(**endorsement), by=user_of(cast.kwale_focal_point)), "lessons_lesson"),
        ("what an event follows", lambda: change_event(Event.objects.get(pk=cast.event.pk), by=by, follow_up_of=before), "event_in_no_circle events_event"),
        ("an event's title", lambda: change_event(Event.objects.get(pk=cast.event.pk), by=by, title="Other"), "events_event"),
    ]  # fmt: skip


def test_what_is_taken_first(cast: Cast) -> None:
    rows = [*places(cast), *people(cast), *records(cast)]
    assert {name: turns(act) for name, act, _wanted in rows} == {name: wanted.split() for name, _act, wanted in rows}
