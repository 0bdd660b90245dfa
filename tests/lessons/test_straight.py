"""Each action on lessons and notes asks for itself who may, and says in the audit what was done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events.models import Participation
from jirani.lessons import actions
from jirani.lessons.actions.holding import hold_session
from jirani.lessons.actions.narrowing import follow
from jirani.lessons.enums import Attribution, LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Response
from tests import factories as make
from tests.cast import Cast
from tests.straight import Call, entries_amiss, itself, not_called, refusals_missing

pytestmark = pytest.mark.django_db


def answers(cast: Cast) -> list[Call]:
    """Calls for Kwale, which not even Mombasa's focal point may make."""
    may, others = cast.kwale_focal_point, (cast.mombasa_focal_point, cast.participant, cast.outsider)
    wanted = make.lesson(kind=LessonKind.RECOMMENDATION, addressees=["cities"])
    facts = {"lesson": wanted, "organisation": cast.kwale.organisation, "language": "en"}
    day = timezone.localdate() - timedelta(days=1)
    supported = make.lesson()
    endorsed = Endorsement.objects.create(**{**facts, "lesson": supported}, endorsed_on=day)
    given = Response.objects.create(**facts, text="We begin", answered_on=day)
    return [
        Call(actions.endorse_lesson, lambda by: actions.endorse_lesson(Endorsement(**facts), by=by), may, others,
             (("lessons.endorse_lesson", itself),)),
        Call(actions.withdraw_endorsement, lambda by: actions.withdraw_endorsement(endorsed, by=by), may, others,
             (("lessons.withdraw_endorsement", endorsed),)),
        Call(actions.answer_recommendation, lambda by: actions.answer_recommendation(Response(**facts, text="Yes"), by=by),
             may, others, (("lessons.answer_recommendation", itself),)),
        Call(actions.edit_response, lambda by: actions.edit_response(given, by=by), may, others,
             (("lessons.edit_response", given),)),
        Call(actions.withdraw_response, lambda by: actions.withdraw_response(given, by=by), may, others,
             (("lessons.withdraw_response", given),)),
    ]  # fmt: skip


def lessons(cast: Cast) -> list[Call]:
    """Calls about a lesson of the session: its rapporteur may make them, and people of other rooms and offices may not."""
    may, others = cast.rapporteur, (cast.participant, cast.mombasa_focal_point, cast.outsider)
    draft = make.lesson(state=Publication.DRAFT, body="How", event=cast.event, session=cast.session)
    shown = make.lesson(body="How", event=cast.event, session=cast.session)
    room = make.session(cast.event, access=AccessMode.CLOSED)
    wide = make.lesson(event=cast.event, session=room)

    def write(**where: object) -> Lesson:
        return Lesson(kind=LessonKind.LESSON, title="Rotate", body="How", **where)

    says = (("lessons.write_lesson", itself),)
    told = {"event": cast.event, "session": cast.session}
    return [
        Call(actions.write_lesson, lambda by: actions.write_lesson(write(**told), links={}, by=by), may, others, says),
        Call(actions.write_lesson, lambda by: actions.write_lesson(write(event=cast.event), links={}, by=by),
             cast.hub_coordinator, (cast.rapporteur, *others), says),
        Call(actions.write_lesson, lambda by: actions.write_lesson(write(), links={}, by=by),
             cast.mombasa_focal_point, (cast.rapporteur, cast.participant, cast.outsider), says),
        Call(actions.edit_lesson, lambda by: actions.edit_lesson(shown, links={}, by=by), may, others,
             (("lessons.edit_lesson", shown),)),
        Call(actions.publish_lesson, lambda by: actions.publish_lesson(draft, by=by), may, others,
             (("lessons.publish_lesson", draft),)),
        Call(actions.withdraw_lesson, lambda by: actions.withdraw_lesson(shown, by=by), may, others,
             (("lessons.withdraw_lesson", shown),)),
        Call(actions.review_lesson, lambda by: actions.review_lesson(shown, review_level="inspiring", by=by), cast.editor,
             (may, *others), (("lessons.review_lesson", shown),)),
        Call(follow, lambda by: follow(room, by), may, (), (("lessons.narrow_lesson", wide),)),
    ]  # fmt: skip


def notes(cast: Cast) -> list[Call]:
    """Calls about notes of the session: those who keep its record may change them, and a note's speaker alone widens what is told."""
    keeper, others = cast.rapporteur, (cast.participant, cast.editor, cast.outsider)
    part = Participation.objects.get(event=cast.event, person=cast.participant)
    facts: dict[str, Any] = {"session": cast.session, "text": "Rotate", "language": "en"}
    note, asked = make.note(cast.session), make.note(cast.session, speaker=cast.participant)
    said = Attribution.NAMED
    return [
        Call(actions.write_note, lambda by: actions.write_note(**facts, by=by), keeper, others,
             (("lessons.write_note", itself),), apart=True),
        Call(actions.write_note, lambda by: actions.write_note(**facts, speaker=part, by=by), keeper, others,
             (("lessons.write_note", itself),), apart=True),
        Call(actions.edit_note, lambda by: actions.edit_note(note, text="Keep", language="en", by=by), keeper, others,
             (("lessons.edit_note", note),), apart=True),
        Call(actions.withdraw_note, lambda by: actions.withdraw_note(note, by=by), keeper, others,
             (("lessons.withdraw_note", note),), apart=True),
        Call(actions.withdraw_note, lambda by: actions.withdraw_note(asked, by=by), cast.participant,
             (cast.editor, cast.outsider), (("lessons.withdraw_note", asked),), apart=True),
        Call(actions.attribute_note, lambda by: actions.attribute_note(asked, said, by=by), cast.participant,
             (keeper, cast.coordinator, cast.editor, cast.outsider), (("lessons.attribute_note", asked),), apart=True),
        Call(actions.narrow_note, lambda by: actions.narrow_note(asked, Attribution.UNATTRIBUTED, by=by), keeper, others,
             (("lessons.narrow_note", asked),), apart=True),
        Call(hold_session, lambda by: hold_session(cast.session, by=by), keeper, others),
    ]  # fmt: skip


def test_every_action_refuses_those_who_may_not_and_records_what_others_do(cast: Cast) -> None:
    calls = [*answers(cast), *lessons(cast), *notes(cast)]

    assert not_called(actions, calls) == set()
    assert refusals_missing(calls) == []
    assert entries_amiss(calls) == {}
