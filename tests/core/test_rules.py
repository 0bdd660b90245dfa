"""Rules between records: each refuses what would break it, finds records that broke it before, and lets them be corrected in part."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation

from jirani.core.constraints import find_broken, rules, sentence_of
from jirani.core.enums import Precision
from jirani.events.models import Delegation, SessionPart
from jirani.forums.enums import SeatRole
from jirani.forums.models import Attendance, Decision, Meeting, Priority, WorkingGroup
from jirani.lessons.enums import Publication
from jirani.members.models import Membership
from jirani.plans.models import Pillar
from tests import factories as make
from tests.cast import Cast
from tests.stage import fill

pytestmark = pytest.mark.django_db

Broken = tuple[models.Model, dict[str, Any], dict[str, Any]]


def _themes(cast: Cast) -> Broken:
    top = make.theme()
    below = make.theme(parent=make.theme(parent=top))
    return top, {"parent": below}, {"parent": make.theme()}


def _events(cast: Cast) -> Broken:
    first = make.event()
    return (
        first,
        {"follow_up_of": make.event(follow_up_of=make.event(follow_up_of=first))},
        {"follow_up_of": make.event()},
    )


def _plans(cast: Cast) -> Broken:
    first, other = (make.plan(cast.kwale, version=number) for number in (1, 3))
    return first, {"supersedes": make.plan(cast.kwale, version=2, supersedes=first)}, {"supersedes": other}


def _earlier(cast: Cast) -> Broken:
    event = make.event()
    day = date(2022, 1, 1)
    same_year = make.event(starts_on=date(2021, 12, 31), ends_on=date(2021, 12, 31), date_precision=Precision.YEAR)
    return event, {"follow_up_of": make.event(starts_on=day, ends_on=day)}, {"follow_up_of": same_year}


def _code(cast: Cast) -> Broken:
    town = make.authority(kind="city", subdivision="KE-19")
    assert town.subdivision == cast.kwale.subdivision  # a town lies in a county
    return make.authority(), {"subdivision": "KE-19"}, {"subdivision": "KE-21"}


def _membership(cast: Cast) -> Broken:
    there = make.authority(member=False)
    exact = {"joined_precision": Precision.DAY, "left_precision": Precision.DAY}
    Membership.objects.create(
        authority=there, state="left", left_on=date(2020, 5, 1), **exact, joined_on=date(2015, 1, 1)
    )
    again = Membership.objects.create(
        authority=there, state="member", joined_on=date(2021, 1, 1), joined_precision=Precision.DAY
    )
    return again, {"joined_on": date(2020, 4, 30)}, {"joined_on": date(2020, 5, 1)}


def _secretary(cast: Cast) -> Broken:
    seat = make.seat(cast.forum)
    return seat, {"role": SeatRole.SECRETARY}, {"role": SeatRole.CO_CHAIR}


def _attendance(cast: Cast) -> Broken:
    meeting = Meeting.objects.create(forum=cast.forum, title="Meeting", held_on=date(2024, 5, 1))
    row = Attendance.objects.create(meeting=meeting)
    return row, {"seat": make.seat(make.forum(cast.kwale))}, {"seat": make.seat(cast.forum)}


def _group(cast: Cast) -> Broken:
    meeting = Meeting.objects.create(forum=cast.forum, title="Meeting", held_on=date(2024, 5, 1))
    other, own = (WorkingGroup.objects.create(forum=one, name="Group") for one in (make.forum(cast.kwale), cast.forum))
    return meeting, {"working_group": other}, {"working_group": own}


def _priority(cast: Cast) -> Broken:
    row = Priority.objects.create(authority=cast.mombasa, theme=make.theme(), method="vote")
    return row, {"forum": make.forum(cast.kwale)}, {"forum": cast.forum}


def _after_own(cast: Cast) -> Broken:
    plan, own = (make.plan(cast.kwale, version=number) for number in (5, 4))
    return plan, {"supersedes": cast.plan}, {"supersedes": own}


def _version(cast: Cast) -> Broken:
    make.plan(cast.kwale, version=7)
    return make.plan(cast.kwale, version=8), {"version": 7}, {"version": 9}


def _own_forum(cast: Cast) -> Broken:
    return cast.plan, {"forum": make.forum(cast.kwale)}, {"forum": make.forum(cast.mombasa)}


def _pillar(cast: Cast) -> Broken:
    other, own = (WorkingGroup.objects.create(forum=one, name="Group") for one in (make.forum(cast.kwale), cast.forum))
    pillar = Pillar.objects.create(plan=cast.plan, number=40, title="Pillar")
    return pillar, {"working_group": other}, {"working_group": own}


def _decision(cast: Cast) -> Broken:
    made = []
    for forum in (make.forum(cast.kwale), cast.forum):
        meeting = Meeting.objects.create(forum=forum, title="Meeting", held_on=date(2024, 5, 1))
        made.append(Decision.objects.create(meeting=meeting, text="Decided"))
    return make.activity(cast.plan), {"decided_in": made[0]}, {"decided_in": made[1]}


def _part(cast: Cast) -> Broken:
    other, own = (make.participation(event, make.person()) for event in (make.event(), cast.event))
    part = SessionPart.objects.create(session=cast.session, participation=own, role="speaker")
    return part, {"participation": other}, {"participation": make.participation(cast.event, make.person())}


def _delegation(cast: Cast) -> Broken:
    other, own = (Delegation.objects.create(event=e, authority=make.authority()) for e in (make.event(), cast.event))
    return make.participation(cast.event, make.person()), {"delegation": other}, {"delegation": own}


def _session(cast: Cast) -> Broken:
    lesson = make.lesson(event=cast.event)
    return lesson, {"session": make.session(make.event())}, {"session": cast.session}


def _lesson_access(cast: Cast) -> Broken:
    commitment = make.commitment(cast.kwale.organisation, lesson=make.lesson(access="network"), access="network")
    return commitment, {"access": "public"}, {"access": "closed"}


def _draft(cast: Cast) -> Broken:
    draft = make.lesson(state=Publication.DRAFT)
    return make.commitment(cast.kwale.organisation), {"lesson": draft}, {"lesson": make.lesson()}


def _city(cast: Cast) -> Broken:
    own = make.activity(make.plan(cast.kwale, version=20))
    return make.commitment(cast.kwale.organisation), {"activity": make.activity(cast.plan)}, {"activity": own}


def _evidence(cast: Cast) -> Broken:
    one, other = (make.commitment(cast.kwale.organisation) for _ in "12")
    return make.evidence(one), {"outcome": make.outcome(other)}, {"outcome": make.outcome(one)}


def _days(cast: Cast) -> Broken:
    period = {"from_on": date(2022, 1, 1), "until_on": date(2024, 1, 1)}
    plan = make.plan(cast.kwale, version=30, from_precision=Precision.YEAR, until_precision=Precision.YEAR, **period)
    return make.activity(plan), {"until_on": date(2025, 1, 1)}, {"until_on": date(2024, 12, 31)}


def _outcome_access(cast: Cast) -> Broken:
    outcome = make.outcome(make.commitment(cast.kwale.organisation, access="network"), access="network")
    return outcome, {"access": "public"}, {"access": "closed"}


def _evidence_access(cast: Cast) -> Broken:
    evidence = make.evidence(make.commitment(cast.kwale.organisation, access="network"), access="network")
    return evidence, {"access": "public"}, {"access": "closed"}


def _proof_access(cast: Cast) -> Broken:
    made = make.commitment(cast.kwale.organisation)
    evidence = make.evidence(made, outcome=make.outcome(made, access="network"), access="closed")
    return evidence, {"access": "public"}, {"access": "network"}


def _observed(cast: Cast) -> Broken:
    made = make.commitment(cast.kwale.organisation, made_on=date(2021, 6, 15))
    year = {"observed_on": date(2021, 1, 1), "observed_precision": Precision.YEAR}
    return make.outcome(made), {"observed_on": date(2021, 6, 14)}, year


def _made(cast: Cast) -> Broken:
    made = make.commitment(cast.kwale.organisation, made_on=date(2020, 1, 1))
    make.outcome(made, observed_on=date(2021, 5, 1), observed_precision=Precision.MONTH)
    return made, {"made_on": date(2021, 6, 1)}, {"made_on": date(2021, 5, 31)}


#: By rule, how to break it: a record that holds, what it must not say, and what it may.
CASES: dict[str, Callable[[Cast], Broken]] = {
    "theme_in_no_circle": _themes,
    "event_in_no_circle": _events,
    "plan_in_no_circle": _plans,
    "event_follows_an_earlier": _earlier,
    "authority_code_once": _code,
    "membership_apart": _membership,
    "seat_one_secretary": _secretary,
    "attendance_of_own_seat": _attendance,
    "meeting_of_own_group": _group,
    "priority_of_own_forum": _priority,
    "plan_after_own_plan": _after_own,
    "plan_version_once": _version,
    "plan_of_own_forum": _own_forum,
    "pillar_of_own_group": _pillar,
    "activity_of_own_decision": _decision,
    "part_of_own_participant": _part,
    "participation_of_own_delegation": _delegation,
    "lesson_of_own_session": _session,
    "commitment_no_wider_than_lesson": _lesson_access,
    "commitment_to_shown_lesson": _draft,
    "commitment_in_own_plan": _city,
    "evidence_of_own_outcome": _evidence,
    "activity_within_plan": _days,
    "outcome_after_commitment": _observed,
    "commitment_before_outcomes": _made,
    "outcome_no_wider_than_commitment": _outcome_access,
    "evidence_no_wider_than_commitment": _evidence_access,
    "evidence_no_wider_than_outcome": _proof_access,
}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_refuses_finds_and_lets_be(name: str, cast: Cast) -> None:
    record, wrong, right = CASES[name](cast)
    rule, rows = rules()[name], type(record)._base_manager.filter(pk=record.pk)
    own = {field.name: getattr(record, field.name) for field in record._meta.fields if field.name in wrong}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        rows.update(**wrong)
    cause: Any = refused.value.__cause__
    assert (cause.diag.constraint_name, find_broken()) == (name, {})

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {rule.table} DISABLE TRIGGER {name}")
        rows.update(**wrong)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {rule.table} ENABLE TRIGGER {name}")
    assert record.pk in find_broken()[name]
    record.refresh_from_db()
    record.save()  # as it was before there was the rule: what else is wrong can be corrected
    rows.update(**own)
    rows.update(**right)
    assert find_broken() == {}


def test_every_rule_is_tried_and_stands_in_the_database_as_it_is_written() -> None:
    assert set(CASES) == set(rules())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname = p.proname AND NOT t.tgisinternal"
        )
        there = {name: (table, body) for name, table, body in cursor.fetchall() if f"rule {name}" in body}
    assert there == {name: (rule.table, rule.body()) for name, rule in rules().items()}


def test_every_rule_has_its_sentence_in_every_language() -> None:
    for name, rule in rules().items():
        said = set()
        for code in ("en", "fr", "ar", "sw"):
            with translation.override(code):
                said.add(str(sentence_of(name)[0]))
        assert (len(said), sentence_of(name)[1]) == (4, rule.field), name


def test_records_of_every_kind_break_no_rule() -> None:
    fill()

    assert find_broken() == {}
