"""One description of a form's fields: what a form begins with is what its record holds, and sent back as it is, it loses nothing of that."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from jirani.acting.columns import Cell, columns_of
from jirani.acting.facts import OWN, held, set_facts
from jirani.acting.forms import InstanceForm, OnceForm, RemovalForm, VersionForm
from jirani.commitments.forms import (
    AdaptationChangeForm,
    AnswerForm,
    CommitmentChangeForm,
    CompletionForm,
    DropForm,
    EvidenceChangeForm,
    OutcomeChangeForm,
)
from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Outcome
from jirani.events.forms import EventEditForm, GuestForm, ParticipationForm, SessionEditForm, StateForm
from jirani.events.models import Event, Participation, Session
from jirani.events.people.forms import ParticipantForm
from jirani.events.people.forms.lines import CELLS
from jirani.forums.forms import (
    ForumChangeForm,
    GroupChangeForm,
    MeetingChangeForm,
    PriorityChangeForm,
    SeatChangeForm,
    SeatEndForm,
)
from jirani.forums.models import Forum, Meeting, Priority, Seat, WorkingGroup
from jirani.lessons.forms import LessonChangeForm, NoteChangeForm, ResponseChangeForm, ReviewForm
from jirani.lessons.models import Lesson, Note, Response
from jirani.members.entry.forms.fields import PartialDateField
from jirani.members.forms import AgreementChangeForm, AuthorityForm, MembershipForm, OrganisationChangeForm, PersonForm
from jirani.members.models import Agreement, LocalAuthority, Membership, Organisation, Person, Tenure
from jirani.members.people.forms.posts import EndForm
from jirani.members.words.forms import WordChangeForm
from jirani.plans.forms import (
    ActivityChangeForm,
    IndicatorChangeForm,
    MeasurementChangeForm,
    ObjectiveChangeForm,
    PillarChangeForm,
    PlanChangeForm,
    ProgressForm,
)
from jirani.plans.models import ActionPlan, Activity, Indicator, Measurement, Objective, Pillar
from tests.cast import user_of
from tests.stage import fill

#: Forms that ask for nothing that a record holds, and why.
OF_NO_RECORD: dict[type[VersionForm], str] = {
    RemovalForm: "asks whether it is sure",
    StateForm: "asks whether it is sure",
    WordChangeForm: "asks for a name in each language; tests/members/words/test_taxonomy.py",
}
#: Fields that ask for what no record holds.
ASKED = {
    "version",
    "shown",
    "others",  # is counted with the seats
    "new_group",
    "new_activity",  # make a record of their own
}


def _first(model: type[models.Model], **which: Any) -> Any:
    row = model._default_manager.filter(**which).order_by("pk").first()
    assert row is not None
    return row


def _opened(by: Any) -> dict[type[VersionForm], Callable[[Any], VersionForm]]:
    """Of each form that changes a record how it is opened, or (with data) sent."""
    return {
        ActivityChangeForm: lambda data: ActivityChangeForm(
            data, instance=(one := _first(Activity)), plan=one.objective.pillar.plan, by=by
        ),
        AdaptationChangeForm: lambda data: AdaptationChangeForm(data, adaptation=_first(Adaptation)),
        AgreementChangeForm: lambda data: AgreementChangeForm(data, instance=_first(Agreement)),
        AnswerForm: lambda data: AnswerForm(data, follow_up=_first(FollowUp)),
        AuthorityForm: lambda data: AuthorityForm(data, record=_first(LocalAuthority)),
        CommitmentChangeForm: lambda data: CommitmentChangeForm(data, instance=_first(Commitment), by=by),
        CompletionForm: lambda data: CompletionForm(data, commitment=_first(Commitment)),
        DropForm: lambda data: DropForm(data, commitment=_first(Commitment, status="dropped")),
        EndForm: lambda data: EndForm(data, record=_first(Tenure)),
        EventEditForm: lambda data: EventEditForm(data, event=_first(Event), user=by),
        EvidenceChangeForm: lambda data: EvidenceChangeForm(data, evidence=_first(Evidence)),
        ForumChangeForm: lambda data: ForumChangeForm(data, instance=_first(Forum)),
        GroupChangeForm: lambda data: GroupChangeForm(data, instance=_first(WorkingGroup)),
        GuestForm: lambda data: GuestForm(data, participation=_first(Participation, person__isnull=False), proven=False),
        IndicatorChangeForm: lambda data: IndicatorChangeForm(data, instance=_first(Indicator)),
        LessonChangeForm: lambda data: LessonChangeForm(data, instance=_first(Lesson), by=by),
        MeasurementChangeForm: lambda data: MeasurementChangeForm(data, instance=_first(Measurement)),
        MeetingChangeForm: lambda data: MeetingChangeForm(data, instance=_first(Meeting)),
        MembershipForm: lambda data: MembershipForm(data, record=_first(Membership)),
        NoteChangeForm: lambda data: NoteChangeForm(data, note=_first(Note)),
        ObjectiveChangeForm: lambda data: ObjectiveChangeForm(data, instance=_first(Objective)),
        OrganisationChangeForm: lambda data: OrganisationChangeForm(data, instance=_first(Organisation, authority=None)),
        OutcomeChangeForm: lambda data: OutcomeChangeForm(data, instance=_first(Outcome)),
        ParticipationForm: lambda data: ParticipationForm(
            data, participation=_first(Participation, person__isnull=False)
        ),
        PersonForm: lambda data: PersonForm(data, person=_first(Person)),
        PillarChangeForm: lambda data: PillarChangeForm(data, instance=(one := _first(Pillar)), plan=one.plan),
        PlanChangeForm: lambda data: PlanChangeForm(data, instance=_first(ActionPlan), by=by),
        PriorityChangeForm: lambda data: PriorityChangeForm(data, instance=_first(Priority), by=by),
        ProgressForm: lambda data: ProgressForm(data, activity=_first(Activity)),
        ResponseChangeForm: lambda data: ResponseChangeForm(data, instance=_first(Response)),
        ReviewForm: lambda data: ReviewForm(data, lesson=_first(Lesson)),
        SeatChangeForm: lambda data: SeatChangeForm(data, instance=_first(Seat)),
        SeatEndForm: lambda data: SeatEndForm(data, record=_first(Seat)),
        SessionEditForm: lambda data: SessionEditForm(data, session=_first(Session)),
    }  # fmt: skip


def _every(base: type[VersionForm] = VersionForm) -> Iterator[type[VersionForm]]:
    for form in base.__subclasses__():
        if form.__module__.startswith("jirani.") and not issubclass(form, OnceForm):
            yield form
        yield from _every(form)


def _typed(form: VersionForm, **changed: str) -> MultiValueDict[str, Any]:
    """What a browser would send of a form on which nothing but this is changed."""
    values = {field.html_name: field.value() for field in form} | changed
    sent = {name: value for name, value in values.items() if value is not None and value is not False}
    lists = {name: value if isinstance(value, list) else [value] for name, value in sent.items()}
    return MultiValueDict({name: [str(one) for one in values] for name, values in lists.items()})


def _held(form: VersionForm) -> dict[str, Any]:
    """What the form writes, by column: into its record, or as facts."""
    if isinstance(form, InstanceForm):
        return {field.name: field.value_from_object(form.instance) for field in form.instance._meta.concrete_fields}
    facts = form.cleaned_data if isinstance(form, GuestForm) else form.facts  # of a guest only what changed is told
    return {name: getattr(value, "pk", value) for name, value in facts.items()}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[Any, Callable[[Any], VersionForm]]]:
    """Something of every kind, rolled back at the end: how each form is opened on it."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        stage = fill()
        Event.objects.update(place="Diani")
        yield _opened(user_of(stage.cast.coordinator))
        transaction.set_rollback(True)


@pytest.mark.gaps
def test_each_form_that_changes_a_record_is_tried_here() -> None:
    tried = set(_opened(None)) | set(OF_NO_RECORD)
    assert set(_every()) - tried == set(), "say in _opened() how each is opened on a record, or in OF_NO_RECORD why not"
    assert tried - set(_every()) == set(), "there is no such form any more"
    for form in OF_NO_RECORD:
        assert set(form.base_fields) <= {"version", "shown", "parent", "summary", "source_url"}


@pytest.mark.parametrize("kind", sorted(_opened(None), key=str))
def test_a_form_begins_with_what_its_record_holds_and_loses_nothing_of_it(
    scene: dict[Any, Callable[[Any], VersionForm]], kind: type[VersionForm], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), transaction.atomic():
        opened = scene[kind](None)
        assert opened.initial["version"]
        asked = {name for name in opened.fields if name in kind.base_fields and kind.where(name) in (None, OWN)}
        assert {name for name in asked if kind.where(name) is None} <= ASKED
        sent = scene[kind](_typed(opened))
        assert (sent.is_valid(), dict(sent.errors)) == (True, {})
        stored = type(opened.record)._default_manager.get(pk=opened.record.pk)  # type: ignore[union-attr]
        holders = (stored,) if isinstance(sent, InstanceForm) else sent.holders(stored)
        told = _held(sent)
        for name in set(sent.fields) & set(kind.base_fields) - asked:
            _compare(kind, name, told, holders, stored)
        transaction.set_rollback(True)


def _compare(kind: type[VersionForm], name: str, told: dict[str, Any], holders: Any, stored: models.Model) -> None:
    where = kind.where(name)
    assert where is not None
    for column in where.columns:
        if where.read is not None and column in told:
            assert told[column] == where.read(stored), (name, column)
            continue
        record = next(one for one in holders if column in {field.name for field in one._meta.get_fields()})
        field = record._meta.get_field(column)
        if isinstance(field, models.ManyToManyField):
            continue  # is sent among the links; the sweep of tests/test_unchanged.py compares them
        assert column in told, f"{kind.__name__}.{name} tells the action nothing of {column}"
        assert told[column] == field.value_from_object(record), (name, column)


@pytest.mark.parametrize("kind", sorted(_opened(None), key=str))
def test_days_known_in_part_are_written_where_they_were_read(
    scene: dict[Any, Callable[[Any], VersionForm]], kind: type[VersionForm], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), transaction.atomic():
        opened = scene[kind](None)
        for name in (name for name, field in opened.fields.items() if isinstance(field, PartialDateField)):
            sent = scene[kind](_typed(opened, **{name: "2019"}))
            sent.is_valid()
            day, precision = kind.where(name).columns  # type: ignore[union-attr]
            if name in sent.cleaned_data:
                assert (_held(sent)[day], _held(sent)[precision]) == (date(2019, 1, 1), "year")
        transaction.set_rollback(True)


class _Forgetful(VersionForm):
    """A form of a membership in which nothing says where it is held."""

    remark = forms.CharField()
    joined = PartialDateField()


def test_a_field_that_no_record_holds_and_no_one_describes_is_an_error_at_once() -> None:
    membership = Membership(remark="x")

    class Described(_Forgetful):
        held = {"joined": held("joined_on", "joined_precision")}

    assert Described(record=membership).initial.keys() == {"version", "remark", "joined"}
    with pytest.raises(FieldDoesNotExist, match="'joined'"):
        _Forgetful(record=membership)
    with pytest.raises(FieldDoesNotExist, match="'joined'"):
        set_facts({"joined": None}, membership)


def test_a_column_for_each_field_whatever_is_said_of_it() -> None:
    class Described(_Forgetful):
        held = {"joined": held("joined_on", "joined_precision")}

    columns = columns_of(Described, {"remark": Cell("Shown beside it.", "Twinned")})
    assert [(one.name, one.hint, one.example) for one in columns] == [
        ("remark", "Shown beside it.", "Twinned"),
        ("joined", "", ""),
    ]
    with pytest.raises(ValueError, match="left"):
        columns_of(Described, {"left": Cell("Gone.")})


def test_a_pasted_line_holds_what_the_form_of_one_person_asks() -> None:
    assert set(CELLS) == set(ParticipantForm.base_fields) - {"once"}
