"""No column that only a loader can fill: each is asked by a form, or it is said here what fills it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from jirani.acting.forms import ActingForm, InstanceForm
from jirani.commitments import forms as commitments
from jirani.commitments.forms.commitments import MilestoneForm
from jirani.events import forms as events
from jirani.forums import forms as forums
from jirani.lessons import forms as lessons
from jirani.members import forms as members
from jirani.plans import forms as plans

#: The forms of each model that has forms besides those that Django makes of its columns.
FORMS: dict[str, tuple[type[Any], ...]] = {
    "commitments.Adaptation": (commitments.AdaptationForm,),
    "commitments.Commitment": (commitments.CompletionForm,),
    "commitments.Evidence": (commitments.EvidenceForm, commitments.EvidenceChangeForm),
    "commitments.FollowUp": (commitments.AnswerForm,),
    "commitments.Milestone": (MilestoneForm,),
    "events.Event": (events.EventEditForm,),
    "events.EventParty": (events.PartyForm,),
    "events.Participation": (events.ParticipationForm,),
    "events.Session": (events.SessionEditForm,),
    "events.SessionPart": (events.PartForm,),
    "forums.Decision": (forums.DecisionForm,),
    "forums.Seat": (forums.SeatForm, forums.SeatChangeForm, forums.SeatEndForm),
    "lessons.Lesson": (lessons.ReviewForm,),
    "lessons.Note": (lessons.NoteForm, lessons.AttributionForm),
    "members.Hub": (members.WordForm,),
    "members.Grant": (events.GrantForm,),
    "members.LocalAuthority": (members.AuthorityForm,),
    "members.Membership": (members.MembershipForm,),
    "members.NetworkRole": (members.DutyForm, members.EndForm),
    "members.Person": (members.PersonForm,),
    "members.Tenure": (members.PostForm, members.EndForm),
    "plans.Activity": (plans.ProgressForm,),
}
#: Models that nobody types: what is kept by the programme itself, and what has pages of its own in the newsroom.
WITHOUT_FORMS = {
    "accounts.User": "is given by a post or a duty; passwords are allauth's forms",
    "audit": "is written down by actions and by the worker",
    "events.RemovedSession": "is what a removed session leaves behind",
    "forums.Attendance": "MeetingForm says which seats were taken",
    "members.Consent": "is given with a button, each purpose by itself",
    "newsroom": "is written in the newsroom, in Wagtail's own forms",
    "notifications": "is written by actions",
    "taxonomy": "comes from the files of the Sustainable Development Goals, or is named in WordForm",
    "translation": "is typed in the translators' pages, or made from what is translated",
}
#: Columns that no form asks for, by what fills them.
OTHERWISE = {
    "is what the page was opened for": {
        "commitments.Commitment.lesson",
        "commitments.Evidence.outcome",
        "lessons.Lesson.event",
        "lessons.Lesson.session",
    },
    "is whoever does it, and when": {
        "commitments.Commitment.published_at",
        "commitments.Commitment.writer",
        "commitments.FollowUp.answered_on",
        "lessons.Endorsement.endorsed_on",
        "lessons.Lesson.published_at",
        "lessons.Lesson.writer",
        "lessons.Note.attributed_at",
        "lessons.Note.typist",
        "lessons.Response.answered_on",
    },
    "follows from what was chosen beside it": {
        "commitments.Commitment.event",
        "commitments.Evidence.language",
        "commitments.Milestone.language",
        "forums.Decision.language",
        "lessons.Note.authority",
        "lessons.Note.organisation",
        "lessons.Note.sector",
        "members.Grant.language",
        "members.Hub.language",
        "plans.Activity.number",
        "plans.Objective.number",
        "plans.Pillar.number",
    },
    "is done with a button": {
        "commitments.Commitment.dropped_because",
        "commitments.Commitment.status",
        "commitments.Outcome.became",
        "events.Event.state",
        "lessons.Lesson.state",
    },
    "is asked for under another name": {
        "events.Event.grants",  # GrantForm
        "events.Event.organisations",  # PartyForm
        "events.Participation.person",
        "forums.Seat.person",
        "members.Hub.name",  # WordForm, in each language
        "members.Person.email",
        "members.Person.user",  # where they are named to something
        "members.Tenure.from_on",
        "members.Tenure.from_precision",  # PostForm.since
    },
    "is planned when a commitment is published": {
        "commitments.FollowUp.due_on",
        "commitments.FollowUp.months",
        "commitments.FollowUp.side",
    },
    "marks what is made up for a demonstration": {"lessons.Lesson.details_illustrative"},
}
#: What fills a column of this name, of whatever model.
ANYWHERE = {
    "illustrative": "marks what is made up for a demonstration",
    "slug": "is made from the name",
    "position": "is counted",
}


def _asked_by(form: type[Any]) -> set[str]:
    """The columns that a form's fields say, and their own names."""
    names = {*form.base_fields, *((getattr(form, "_meta", None) and form._meta.fields) or ())}
    held = (
        {column for name in names if (where := form.where(name)) for column in where.columns}
        if issubclass(form, ActingForm)
        else set()
    )
    return names | held


def _below(form: type[Any]) -> Iterator[type[Any]]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)


def _forms_of(model: type[Model]) -> list[type[Any]]:
    made = [form for form in _below(InstanceForm) if getattr(form._meta, "model", None) is model]
    return [*made, *FORMS.get(model._meta.label, ())]


def _must_be_there(field: Field[Any, Any]) -> bool:
    """Whether no row is saved without it: its key, and the record to which it belongs, which is mostly the one that its page is about."""
    return field.primary_key or (isinstance(field, ForeignKey) and not field.null and not field.has_default())


def _unfilled() -> Iterator[str]:
    """Each column of ours that could stay empty: no form asks for it, and it is not filled in the same way everywhere."""
    for model in apps.get_models():
        if not model.__module__.startswith("jirani.") or {model._meta.app_label, model._meta.label} & set(
            WITHOUT_FORMS
        ):
            continue
        asked = {name for form in _forms_of(model) for name in _asked_by(form)}
        for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many):
            if field.editable and not _must_be_there(field) and field.name not in asked | set(ANYWHERE):
                yield f"{model._meta.label}.{field.name}"


@pytest.mark.gaps
def test_each_column_is_asked_by_a_form_or_it_is_said_what_fills_it() -> None:
    said = [name for names in OTHERWISE.values() for name in names]
    assert len(said) == len(set(said))
    assert set(_unfilled()) - set(said) == set(), (
        "ask each in a form of its model (one that Django does not make of it stands in FORMS), or say in OTHERWISE what fills it"
    )
    assert set(said) - set(_unfilled()) == set(), "these are asked by a form, or there is no such column"


def test_each_reason_is_of_a_model_that_there_is() -> None:
    known = {label for model in apps.get_models() for label in (model._meta.app_label, model._meta.label)}
    assert {*WITHOUT_FORMS, *FORMS} - known == set()
