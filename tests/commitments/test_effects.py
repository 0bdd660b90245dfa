"""What each action on commitments leaves behind: every column, every row that stays or goes, every letter; and which rows querysets find."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from jirani.commitments import actions
from jirani.commitments.actions import Proof, Step
from jirani.commitments.actions.narrowing import follow, foresee
from jirani.commitments.actions.notices import tell_taken_up
from jirani.commitments.actions.personal import erase_person, export_person
from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp
from jirani.core.enums import AccessMode, Precision
from jirani.lessons.models import Lesson
from jirani.members.enums import NetworkDuty
from jirani.notifications.models import Message
from jirani.plans.enums import Completion, Status
from tests import factories as make
from tests.cast import Cast, user_of
from tests.refused import refused_at

from .pages import made

pytestmark = pytest.mark.django_db

PUBLIC, NETWORK, CLOSED = AccessMode


def stored(commitment: Commitment) -> Commitment:
    return Commitment.objects.get(pk=commitment.pk)


def test_a_promise_is_kept_as_a_draft_of_its_writer_in_its_own_plan(cast: Cast) -> None:
    by, lesson = user_of(cast.kwale_focal_point), make.lesson(event=cast.event, access=NETWORK)
    helper, ngo = make.organisation(), make.organisation()
    strange = make.activity(cast.plan)

    def promise(who: Any = by, **fields: Any) -> Commitment:
        facts = {
            "organisation": cast.kwale.organisation,
            "title": "Rotate",
            "access": NETWORK,
            "lesson": lesson,
        } | fields
        return actions.make_commitment(
            Commitment(status=Status.DONE, **facts),
            links={"supporting": [helper]},
            steps=[Step("Ask", date(2030, 1, 1))],
            by=who,
        )

    kept, home = stored(promise()), stored(promise(lesson=None, access=PUBLIC))
    assert (kept.status, kept.writer, kept.event, home.event) == (
        Status.DRAFT,
        cast.kwale_focal_point,
        cast.event,
        None,
    )
    assert list(kept.supporting.all()) == [helper]
    assert list(kept.milestones.values_list("title", "due_on", "done_on")) == [("Ask", date(2030, 1, 1), None)]
    assert refused_at(lambda: promise(access=PUBLIC)) == ["access"]
    coordinator = user_of(cast.coordinator)
    assert refused_at(lambda: promise(coordinator, activity=strange)) == ["activity"]
    assert promise(coordinator, organisation=ngo, activity=strange).activity == strange
    assert Commitment.objects.count() == 3


def test_what_became_of_a_promise_stays_however_it_is_changed(cast: Cast) -> None:
    by, day = user_of(cast.coordinator), date(2026, 3, 1)
    lesson = make.lesson()
    promise = made(
        cast, lesson, completion=Completion.LIMITED, status=Status.DROPPED, dropped_because="Why", made_on=day
    )
    first, outcome, shown = promise.published_at, make.outcome(promise, observed_on=None), make.evidence(promise)
    draft = made(cast, lesson, status=Status.DRAFT)
    other = make.outcome(made(cast, lesson))

    def change(which: Commitment, steps: tuple[Step, ...] = (), **fields: Any) -> Commitment:
        changed = stored(which)
        unread = {
            "status": Status.OPEN,
            "completion": Completion.COMPLETE,
            "published_at": timezone.now(),
            "dropped_because": "",
        }
        for name, value in (unread | fields).items():
            setattr(changed, name, value)
        actions.edit_commitment(changed, by=by, steps=steps)
        return stored(which)

    changed = change(promise, title="Keep", access=NETWORK, steps=(Step("Ask"), Step("Ask"), Step("Begin")))
    assert (changed.title, changed.status, changed.completion, changed.published_at, changed.dropped_because) == (
        "Keep", Status.DROPPED, Completion.LIMITED, first, "Why",
    )  # fmt: skip
    for record in (outcome, shown, other):
        record.refresh_from_db()
    assert [outcome.access, shown.access, other.access] == [NETWORK, NETWORK, PUBLIC]
    keys = list(promise.milestones.values_list("pk", flat=True))
    change(promise, steps=(Step("Ask", None, date(2026, 5, 1)), Step("End")))
    kept = list(promise.milestones.values_list("title", "done_on"))
    assert sorted(kept, key=str) == sorted([("Ask", date(2026, 5, 1)), ("End", None)], key=str)
    assert promise.milestones.filter(pk__in=keys).count() == 1
    assert not FollowUp.objects.exists()
    change(draft, made_on=day - timedelta(days=1), made_precision=Precision.DAY)
    assert not FollowUp.objects.exists()
    change(promise, made_on=day, made_precision=Precision.MONTH)
    assert FollowUp.objects.filter(commitment=promise).exists()
    assert refused_at(lambda: change(promise, organisation=cast.mombasa.organisation)) == ["organisation"]
    assert change(draft, organisation=cast.mombasa.organisation).organisation == cast.mombasa.organisation


def test_a_promise_is_published_once_and_dropped_with_a_reason(cast: Cast) -> None:
    by, today = user_of(cast.kwale_focal_point), timezone.localdate()
    yesterday = today - timedelta(days=1)
    draft: dict[str, Any] = {"status": Status.DRAFT}
    late, known, due, plain = (
        made(cast, **draft, **more)
        for more in ({"due_on": yesterday}, {"due_on": yesterday, "made_on": date(2022, 1, 1), "made_precision": Precision.YEAR},
                     {"due_on": today}, {})
    )  # fmt: skip
    assert len(refused_at(lambda: actions.publish_commitment(late, by=by))) == 1
    days = [actions.publish_commitment(one, by=by) for one in (known, due, plain)]
    assert [(one.made_on, one.made_precision) for one in map(stored, days)] == [
        (date(2022, 1, 1), Precision.YEAR), (today, Precision.DAY), (today, Precision.DAY),
    ]  # fmt: skip
    moment = stored(plain).published_at
    assert actions.publish_commitment(plain, by=by).published_at == moment
    assert [stored(one).status for one in (late, plain)] == [Status.DRAFT, Status.OPEN]

    assert refused_at(lambda: actions.drop_commitment(plain, because=" ", by=by)) == ["because"]
    assert len(refused_at(lambda: actions.drop_commitment(late, because="No money", by=by))) == 1
    actions.drop_commitment(plain, because=" No money ", by=by)
    assert (stored(plain).status, stored(plain).dropped_because) == (Status.DROPPED, "No money")
    assert stored(due).status == Status.OPEN


def test_who_wrote_a_lesson_and_who_coordinates_where_it_was_told_hear_of_it_once(cast: Cast) -> None:
    hubless = make.event()
    mute = make.person()
    type(mute).objects.filter(pk=mute.pk).update(email="")
    other = make.person()
    make.duty(other, NetworkDuty.HUB_COORDINATOR, make.hub())
    make.duty(cast.editor, NetworkDuty.COORDINATOR, until_on=date(2020, 1, 1))
    by = user_of(cast.kwale_focal_point)

    def told(access: AccessMode = PUBLIC, **lesson: Any) -> list[str]:
        Message.objects.all().delete()
        promise = made(cast, make.lesson(**lesson) if lesson else None, access=access)
        tell_taken_up(Commitment.objects.get(pk=promise.pk), by=by)
        return sorted(message.to.partition("@")[0] for message in Message.objects.all())

    assert told() == []
    assert told(writer=cast.rapporteur) == ["rapporteur"]
    assert told(writer=cast.kwale_focal_point) == told(writer=mute) == []
    assert told(event=cast.event) == ["hub_coordinator"]
    assert told(event=hubless) == ["coordinator"]
    assert told(event=cast.event, writer=cast.hub_coordinator) == ["hub_coordinator"]
    assert told(CLOSED, event=cast.event, writer=cast.rapporteur) == ["hub_coordinator"]
    assert told(NETWORK, event=cast.event, writer=cast.outsider) == ["hub_coordinator"]


def test_a_narrowed_room_narrows_what_was_promised_by_it_and_nothing_else(cast: Cast) -> None:
    other, elsewhere = make.session(cast.event), make.event()
    lessons = {
        "session": make.lesson(event=cast.event, session=cast.session), "other": make.lesson(event=cast.event, session=other),
        "event": make.lesson(event=cast.event), "alone": make.lesson(session=cast.session),
        "elsewhere": make.lesson(event=elsewhere, session=make.session(elsewhere)), "home": make.lesson(),
    }  # fmt: skip
    promises = {name: made(cast, lesson) for name, lesson in lessons.items()} | {
        "draft": made(cast, lessons["session"], status=Status.DRAFT),
        "narrow": made(cast, lessons["session"], access=CLOSED),
    }

    def modes() -> dict[str, str]:
        return {name: str(stored(one).access) for name, one in promises.items()}

    def foreseen(source: Any, mode: AccessMode) -> list[str]:
        return [line.partition(" ")[0] + line.rpartition("shown to ")[2][:11] for line in foresee(source, mode)]

    assert foreseen(cast.session, NETWORK) == ["2the network"]
    assert foreseen(cast.event, NETWORK) == ["4the network"]
    assert foreseen(cast.event, CLOSED) == ["4the people "]
    assert foreseen(lessons["home"], CLOSED) == ["1the people "]
    assert foreseen(lessons["home"], PUBLIC) == []
    make.narrowed_alone(lessons["home"], NETWORK)
    follow(lessons["home"], user_of(cast.coordinator))
    before = dict.fromkeys(promises, "public") | {"narrow": "closed"}
    assert modes() == before | {"home": "network"}
    cast.session.access = NETWORK
    follow(cast.session, user_of(cast.coordinator))
    narrowed = before | dict.fromkeys(("home", "session", "alone", "draft"), "network")
    assert modes() == narrowed
    cast.event.access = NETWORK
    follow(cast.event, user_of(cast.coordinator))
    assert modes() == narrowed | {"other": "network", "event": "network"}


def test_how_far_it_got_closes_a_promise_or_opens_it_but_none_that_was_dropped(cast: Cast) -> None:
    by, proof = user_of(cast.kwale_focal_point), Proof(title="Minutes", link="https://example.org/m", language="fr")
    open_, dropped = made(cast), made(cast, status=Status.DROPPED, dropped_because="Why")
    draft = made(cast, status=Status.DRAFT)
    assert refused_at(lambda: actions.set_completion(open_, completion="limited", by=by)) == ["title"]
    assert refused_at(lambda: actions.set_completion(open_, completion="great", by=by)) == ["completion"]
    assert len(refused_at(lambda: actions.set_completion(draft, completion="not-started", by=by))) == 1

    states = []
    for promise, close, shows in (
        (open_, True, proof),
        (open_, False, None),
        (dropped, True, proof),
        (dropped, False, None),
    ):
        actions.set_completion(promise, completion="limited", proof=shows, close=close, by=by)
        states.append((stored(promise).status, stored(promise).completion))
    assert [status for status, _level in states] == [Status.DONE, Status.OPEN, Status.DROPPED, Status.DROPPED]
    assert {level for _status, level in states} == {Completion.LIMITED}
    kept: Any = Evidence.objects.order_by("pk").values_list(
        "commitment", "title", "link", "access", "language", "outcome"
    )
    assert list(kept) == [
        (promise.pk, "Minutes", "https://example.org/m", "public", "fr", None) for promise in (open_, dropped)
    ]


def test_results_are_tied_to_their_own_promise_and_keep_within_it(cast: Cast) -> None:
    by, promise, draft = user_of(cast.kwale_focal_point), made(cast, access=NETWORK), made(cast, status=Status.DRAFT)
    outcome, strange = make.outcome(promise, access=CLOSED), make.outcome(made(cast))
    shown = make.evidence(promise, outcome=outcome, access=CLOSED)

    def add(access: AccessMode, of: Any = None, **proof: str) -> Evidence:
        facts: dict[str, Any] = {"link": "https://example.org/m"} | proof
        return actions.add_evidence(promise, proof=Proof(title="Minutes", access=access, **facts), outcome=of, by=by)

    assert add(CLOSED, outcome).outcome == outcome
    assert add(NETWORK).outcome is None
    assert refused_at(lambda: add(PUBLIC)) == refused_at(lambda: add(NETWORK, outcome)) == ["access"]
    assert len(refused_at(lambda: add(CLOSED, strange))) == 1
    assert refused_at(lambda: add(CLOSED, link="")) == ["link"]
    assert refused_at(lambda: actions.edit_evidence(shown, title="New", access=NETWORK, by=by)) == ["access"]
    texts = {"kept": "", "changed": "", "left_out": "", "why": "It fits", "language": "en"}
    for name in ("kept", "changed", "left_out"):
        adaptation = actions.record_adaptation(promise, **{**texts, name: "Much"}, by=by)
        assert (getattr(adaptation, name), adaptation.why, adaptation.language) == ("Much", "It fits", "en")
    assert len(refused_at(lambda: actions.record_adaptation(promise, **{**texts, "kept": " "}, by=by))) == 1
    assert len(refused_at(lambda: actions.record_adaptation(draft, **{**texts, "kept": "Much"}, by=by))) == 1
    assert len(refused_at(lambda: actions.edit_adaptation(adaptation, left_out="", by=by))) == 1
    actions.edit_adaptation(adaptation, changed="Less", left_out="", by=by)
    assert list(Adaptation.objects.filter(pk=adaptation.pk).values_list("changed", "left_out")) == [("Less", "")]

    practice = actions.make_practice(
        outcome, lesson=Lesson(kind="success", title="Rotate", access=NETWORK), links={}, by=by
    )
    outcome.refresh_from_db()
    assert (outcome.became, practice.kind) == (practice, "good-practice")
    assert len(refused_at(lambda: actions.make_practice(outcome, lesson=Lesson(title="Again"), links={}, by=by))) == 1
    assert Lesson.objects.count() == 1


def test_a_promise_is_applied_to_those_who_may_see_what_shows_it(cast: Cast) -> None:
    visitor, network, own = AnonymousUser(), user_of(cast.editor), user_of(cast.kwale_focal_point)
    limited: dict[str, Any] = {"completion": Completion.LIMITED}
    promises = {
        "public": made(cast, **limited), "network": made(cast, **limited), "closed": made(cast, **limited),
        "inner": made(cast, **limited), "unproven": made(cast, **limited), "claims nothing": made(cast, completion=Completion.NOT_STARTED),
        "dropped": made(cast, status=Status.DROPPED, dropped_because="Why", **limited),
        "draft": made(cast, status=Status.DRAFT, **limited),
    }  # fmt: skip
    for name in ("public", "claims nothing", "dropped", "draft"):
        make.evidence(promises[name])
    make.evidence(promises["network"], access=NETWORK)
    make.evidence(promises["closed"], access=CLOSED)
    make.evidence(promises["inner"], outcome=make.outcome(promises["inner"], access=NETWORK), access=NETWORK)
    names = {promise.pk: name for name, promise in promises.items()}

    def found(rows: Any) -> set[str]:
        return {names[row.pk] for row in rows}

    rows: Any = Commitment.objects.all()
    assert found(rows.taken_up()) == {*promises} - {"draft"}
    assert found(rows.dropped()) == {"dropped"}
    assert [found(rows.applied(user)) for user in (visitor, network, own)] == [
        {"public", "dropped"}, {"public", "dropped", "network", "inner"}, {"public", "dropped", "network", "inner", "closed"},
    ]  # fmt: skip
    for user in (visitor, network, own):
        noted = {names[row.pk] for row in rows.with_applied(user).filter(is_applied=True)}
        assert noted - {"draft"} == found(rows.applied(user))
        proven = {names[row.pk] for row in rows.with_proof(user).exclude(proof=None)}
        assert proven == {*promises} - found(rows.unproven(user))
        assert proven - {"draft", "claims nothing"} == found(rows.applied(user))


def test_what_a_person_wrote_is_exported_and_stays_without_them(cast: Cast) -> None:
    own, other = made(cast, title="Rotate", writer=cast.rapporteur), made(cast, writer=cast.editor)
    assert export_person(cast.rapporteur) == {"commitments_written": [{"title": "Rotate", "status": Status.OPEN}]}
    erase_person(cast.rapporteur)
    assert [stored(one).writer for one in (own, other)] == [None, cast.editor]
