"""Each action on commitments asks for itself who may, and says in the audit what was done."""

from datetime import date
from typing import Any

import pytest

from jirani import commitments as app
from jirani.commitments import actions
from jirani.commitments.actions import Proof
from jirani.commitments.actions.narrowing import follow
from jirani.commitments.actions.notices import tell_taken_up
from jirani.commitments.enums import Side
from jirani.commitments.models import Adaptation, Commitment, FollowUp
from jirani.core.enums import AccessMode
from jirani.lessons.models import Lesson
from jirani.plans.enums import Completion, Status
from jirani.plans.models import Activity
from tests import factories as make
from tests.cast import Cast
from tests.straight import Call, itself, not_called, outcomes_amiss, refusals_missing

from .pages import made, objective

pytestmark = pytest.mark.django_db

TEXTS = {"kept": "The order", "changed": "", "left_out": "", "why": "It fits", "language": "en"}


def others(cast: Cast) -> tuple[Any, ...]:
    """People who do not speak for Kwale."""
    return cast.mombasa_focal_point, cast.editor, cast.participant, cast.outsider


def promises(cast: Cast) -> list[Call]:
    """Calls about promises of Kwale. Its focal point makes none for others, of what they may not read, or in a plan of others."""
    may, body = cast.kwale_focal_point, cast.kwale.organisation
    lesson, hidden = make.lesson(), make.lesson(access=AccessMode.CLOSED)
    strange, draft, open_ = make.activity(cast.plan), made(cast, status=Status.DRAFT), made(cast)
    own, narrow = objective(cast), make.lesson()
    helper = make.organisation()
    make.tenure(cast.editor, helper)
    wide = make.commitment(body, lesson=narrow)
    make.narrowed_alone(narrow, AccessMode.NETWORK)

    def make_one(by: Any, who: Any = body, new: Activity | None = None, **fields: Any) -> Commitment:
        promise = Commitment(organisation=who, title="Rotate", **{"lesson": lesson} | fields)
        return actions.make_commitment(promise, by=by, new_activity=new)

    def move(by: Any) -> Commitment:
        moved = Commitment.objects.get(pk=draft.pk)
        moved.organisation = cast.mombasa.organisation
        return actions.edit_commitment(moved, by=by)

    def new() -> Activity:
        return Activity(objective=own, title="Rotate the chair")

    says = (("commitments.make_commitment", itself),)
    edited = (("commitments.edit_commitment", draft),)
    return [
        Call(actions.make_commitment, make_one, may, others(cast), says),
        Call(actions.make_commitment, lambda by: make_one(by, lesson=hidden, access=hidden.access), cast.coordinator, (may,), says),
        Call(actions.make_commitment, lambda by: make_one(by, helper, activity=strange), cast.coordinator, (cast.editor,), says),
        Call(actions.make_commitment, lambda by: make_one(by, cast.mombasa.organisation), cast.mombasa_focal_point, (may,), says),
        Call(actions.make_commitment, lambda by: make_one(by, new=new()), may, others(cast),
             (("plans.add_activity", lambda promise: promise.activity), *says)),
        Call(actions.edit_commitment, lambda by: actions.edit_commitment(draft, by=by), may, others(cast), edited),
        Call(actions.edit_commitment, move, cast.coordinator, (may, *others(cast)), edited),
        Call(actions.publish_commitment, lambda by: actions.publish_commitment(draft, by=by), may, others(cast),
             (("commitments.publish_commitment", draft),)),
        Call(actions.drop_commitment, lambda by: actions.drop_commitment(open_, because="No money", by=by), may,
             others(cast), (("commitments.drop_commitment", open_),)),
        Call(tell_taken_up, lambda by: tell_taken_up(open_, by=by), may, refuses_nobody="a part of publishing it, which has asked"),
        Call(follow, lambda by: follow(narrow, by), may, (), (("commitments.narrow_commitment", wide),),
             refuses_nobody="follows what is narrowed, by whoever may"),
    ]  # fmt: skip


def results(cast: Cast) -> list[Call]:
    """Calls about what came of a promise of Kwale."""
    may, promise = cast.kwale_focal_point, made(cast, completion=Completion.LIMITED)
    adaptation = Adaptation.objects.create(commitment=promise, kept="All", why="It fits")
    outcome, proof = make.outcome(promise), Proof(title="Minutes", link="https://example.org/m")
    shown = make.evidence(promise, outcome=outcome)
    asked = FollowUp.objects.create(commitment=promise, months=3, side=Side.GOVERNMENT, due_on=date(2026, 1, 1))

    def practice(by: Any) -> Any:
        lesson = Lesson(title="Rotate", body="How")
        actions.make_practice(outcome, lesson=lesson, links={}, by=by)
        return lesson

    def happened(by: Any) -> Any:
        return actions.record_outcome(type(outcome)(commitment=promise, change="Elders meet"), by=by)

    told = ("commitments.set_completion", promise)
    gone = (("commitments.withdraw_outcome", outcome), ("commitments.remove_evidence", shown), told)
    rows: list[tuple[Any, Any, tuple[Any, ...]]] = [
        (actions.set_completion, lambda by: actions.set_completion(promise, completion="complete", by=by), (told,)),
        (actions.record_adaptation, lambda by: actions.record_adaptation(promise, **TEXTS, by=by),
         (("commitments.record_adaptation", itself),)),
        (actions.edit_adaptation, lambda by: actions.edit_adaptation(adaptation, **TEXTS, by=by),
         (("commitments.edit_adaptation", adaptation),)),
        (actions.remove_adaptation, lambda by: actions.remove_adaptation(adaptation, by=by),
         (("commitments.remove_adaptation", adaptation),)),
        (actions.add_evidence, lambda by: actions.add_evidence(promise, proof=proof, by=by),
         (("commitments.add_evidence", itself),)),
        (actions.edit_evidence, lambda by: actions.edit_evidence(shown, title="Minutes", access="public", by=by),
         (("commitments.edit_evidence", shown),)),
        (actions.remove_evidence, lambda by: actions.remove_evidence(shown, by=by),
         (("commitments.remove_evidence", shown), told)),
        (actions.record_outcome, happened, (("commitments.record_outcome", itself),)),
        (actions.edit_outcome, lambda by: actions.edit_outcome(outcome, by=by), (("commitments.edit_outcome", outcome),)),
        (actions.withdraw_outcome, lambda by: actions.withdraw_outcome(outcome, by=by), gone),
        (actions.make_practice, practice,
         (("lessons.write_lesson", itself), ("commitments.make_practice", outcome))),
        (actions.answer_follow_up, lambda by: actions.answer_follow_up(
            asked, completion="limited", words="Begun", language="en", by=by), (("commitments.answer_follow_up", asked),)),
    ]  # fmt: skip
    return [Call(action, run, may, others(cast), says) for action, run, says in rows]


def test_every_action_refuses_those_who_may_not_and_records_what_others_do(cast: Cast) -> None:
    calls = [*promises(cast), *results(cast)]

    assert not_called(app, calls) == set()
    assert refusals_missing(calls) == []
    assert outcomes_amiss(calls) == {}
