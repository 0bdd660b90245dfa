"""The form of a lesson, in the order in which one thinks of it."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.enums import AccessMode
from jirani.core.paging import LONG
from jirani.core.text import active_language
from jirani.events.forms import NarrowingForm
from jirani.lessons.actions import cities_fault, lesson_modes
from jirani.lessons.enums import Addressee, Attribution, LessonKind
from jirani.lessons.models import Lesson, Note
from jirani.lessons.permissions import visible_occasion
from jirani.members.models import LocalAuthority, standing_of
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.forms import choose_among, in_order, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import Need, Several, let_text_lead, type_needs
from jirani.ui.text import inserted

_NEEDED = _("needed before it is published")


class _LessonFields(InstanceForm[Lesson]):
    needed: type_needs = {
        "kind": Need(_NEEDED),
        "addressees": Need(_("needed for a recommendation")),
        "title": Need(_NEEDED),
        "body": Need(_NEEDED),
    }

    addressees = forms.MultipleChoiceField(
        label=_("Addressees"), required=False, choices=Addressee.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for a recommendation: who it is for. Choose all that apply."),
    )  # fmt: skip

    class Meta:
        model = Lesson
        fields = (
            "kind", "addressees", "title", "body", "language",
            "cost", "staff", "mandate", "time_needed",
            "why_it_works", "what_did_not_work", "what_to_change",
            "themes", "drivers", "targets", "authorities", "notes", "access", "source_url",
        )  # fmt: skip
        widgets = {
            "kind": forms.RadioSelect,
            "body": forms.Textarea(attrs={"class": "large", "rows": 8}),
            "themes": forms.CheckboxSelectMultiple,
            "drivers": forms.CheckboxSelectMultiple,
            "targets": Several,
            "authorities": Several,
            "notes": forms.CheckboxSelectMultiple,
            "access": forms.RadioSelect,
            "language": forms.Select,
            "why_it_works": forms.Textarea(attrs={"rows": 4}),
            "what_did_not_work": forms.Textarea(attrs={"rows": 4}),
            "what_to_change": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "title": _("A sentence that somebody else can repeat: “Rotate the seats in pillar meetings.”"),
            "body": _("What was done, by whom, and what came of it."),
            "cost": _("Such as “no cost” or “two meetings a year”."),
            "staff": _("Such as “one officer, a day a week”."),
            "mandate": _("Such as “a decision of the county assembly”."),
            "time_needed": _("Such as “three months to set up”."),
            "source_url": _("A web address where people can read more."),
        }

    #: Whether the session has notes that are not offered here.
    leaves_notes_out = False

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lesson = self.instance
        given = kwargs.get("initial") or {}
        self._offer_language(lesson, given)
        self.fields["kind"].choices = Lesson._meta.get_field("kind").choices  # type: ignore[attr-defined]
        self._offer_words(lesson)
        self._offer_authorities(lesson, by, given)
        self._offer_notes(lesson, by)
        self._offer_modes(lesson, given)
        let_text_lead(self.fields.values())

    def _offer_language(self, lesson: Lesson, given: dict[str, Any]) -> None:
        known = language_choices()
        self.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=known)
        here = active_language()
        if lesson._state.adding and here in dict(known) and "language" not in given:
            self.initial["language"] = here

    def _offer_words(self, lesson: Lesson) -> None:
        """Offer themes and drivers that are not retired, and those that the lesson has already."""
        fields: dict[str, Any] = self.fields
        for name, model in (("themes", Theme), ("drivers", Driver)):
            chosen = [] if lesson._state.adding else [word.pk for word in getattr(lesson, name).all()]
            fields[name].queryset = model.objects.offered(chosen)
            choose_among(fields[name], fields[name].queryset)
        targets = list(fields["targets"].queryset)
        translate_now(targets)
        fields["targets"].choices = [(target.pk, f"{target.code} {named(target, 'title')}") for target in targets]
        if not targets:
            del fields["targets"]

    def _offer_authorities(self, lesson: Lesson, by: Any, given: dict[str, Any]) -> None:
        """Offer the authorities that may have told it, and those that the lesson has already. A user who may not see its session cannot change them."""
        if not _sees_occasion(lesson, by):
            del self.fields["authorities"]
            return
        told = _may_have_told(lesson, by)
        if not lesson._state.adding:
            told |= Q(lessons=lesson)
        offered = LocalAuthority.objects.filter(told).select_related("organisation").distinct()
        field: Any = self.fields["authorities"]
        field.queryset = offered
        rows = list(offered)
        translate_now([row.organisation for row in rows])
        field.choices = in_order((row.pk, named(row.organisation)) for row in rows)
        field.help_text = _(
            "Name a city or county only if it told this openly. A note whose speaker wants no attribution reveals nothing about where it comes "
            "from."
        )
        if lesson._state.adding and lesson.event is None and "authorities" not in given:
            speaks_for = standing_of(by).focal_organisations
            self.initial["authorities"] = [
                row.pk for row in rows if row.organisation_id in speaks_for and len(rows) == 1
            ]
        if not rows:
            del self.fields["authorities"]

    def _offer_notes(self, lesson: Lesson, by: Any) -> None:
        """Offer the session's notes that the writer may read; an editor who may not read them cannot change them."""
        field: Any = self.fields["notes"]
        if lesson.session is None:
            del self.fields["notes"]
            return
        field.queryset = Note.objects.visible_to(by).filter(session=lesson.session)
        rows, made_up = self._notes_shown(field.queryset), gettext("illustrative")
        # A note in another script would otherwise carry its last full stop to the other side.
        shown = [(note, inserted(note.text)) for note in rows]
        field.choices = [(note.pk, f"{said} ({made_up})" if note.illustrative else said) for note, said in shown]
        if not rows:
            del self.fields["notes"]

    def _notes_shown(self, notes: QuerySet[Note]) -> list[Note]:
        """Offer the notes that are chosen and the first of the others; if there are many, they are picked on the page
        of the session's notes.
        """
        sent: Any = self.data
        chosen = sent.getlist("notes") if self.is_bound else []
        # As many digits as fit into a key for certain: PostgreSQL answers a larger number with an error.
        keys = {int(value) for value in chosen if re.fullmatch(r"[0-9]{1,18}", value)}
        for note in self.initial.get("notes") or ():
            keys.add(note.pk if isinstance(note, Note) else note)
        others = notes.exclude(pk__in=keys).values("pk")[: LONG + 1]  # one more tells whether there are others yet
        rows = list(notes.filter(Q(pk__in=keys) | Q(pk__in=others)))
        offered = [note for note in rows if note.pk not in keys]
        self.leaves_notes_out = len(offered) > LONG
        return [note for note in rows if note not in offered[LONG:]]

    def _offer_modes(self, lesson: Lesson, given: dict[str, Any]) -> None:
        modes = lesson_modes(lesson)
        if not lesson._state.adding and AccessMode(lesson.access) not in modes:
            modes = [*modes, AccessMode(lesson.access)]
        field: Any = self.fields["access"]
        field.choices = [(mode.value, mode.label) for mode in modes]
        if lesson._state.adding and "access" not in given:
            self.initial["access"] = modes[0].value
        if lesson.event is None:
            field.help_text = _("Public: everybody. Network: signed-in people of members.")
        elif len(modes) < len(AccessMode):
            field.help_text = _("Never wider than the session it was told in.")
        else:
            field.help_text = _(
                "Public: everybody. Network: signed-in people of members. Closed: the people of the event."
            )

    def clean(self) -> dict[str, Any]:
        """Addressees belong to a recommendation; elsewhere they are left aside."""
        cleaned = super().clean()
        if "addressees" in self.fields and cleaned.get("kind") != LessonKind.RECOMMENDATION:
            cleaned["addressees"] = []
        return cleaned

    def foresee(self) -> dict[str, str]:
        """Check that the speakers of its notes allow its cities to be named."""
        said, stored = self.cleaned_data, not self.instance._state.adding
        if "authorities" not in said or ("notes" in self.fields and "notes" not in said):
            return {}
        named = set(self.instance.authorities.values_list("pk", flat=True)) if stored else set()
        links = (
            self.links if "notes" in self.fields or not stored else {**self.links, "notes": self.instance.notes.all()}
        )
        return {"authorities": cities_fault(self.instance, links, named)}

    @property
    def links(self) -> dict[str, Any]:
        """Return the lesson's related records by field. A field that was not offered stays unchanged."""
        links = super().links
        if "notes" in links and not self.instance._state.adding:
            offered: Any = self.fields["notes"]
            links["notes"] = [*links["notes"], *self.instance.notes.exclude(pk__in=offered.queryset.values("pk"))]
        return links


def _sees_occasion(lesson: Lesson, by: Any) -> bool:
    event, session = visible_occasion(by, lesson)
    return (event is not None or lesson.event is None) and (session is not None or lesson.session is None)


def _may_have_told(lesson: Lesson, by: Any) -> Q:
    """Match authorities at the event; in a closed session those that a note names; without an event those that the writer speaks for."""
    if lesson.session is not None and lesson.session.is_closed:
        return Q(notes__in=_telling(lesson))
    if lesson.event is None:
        return Q(pk__in=LocalAuthority.objects.editable_by(by).values("pk"))
    return (
        Q(delegations__event=lesson.event)
        | Q(organisation__event_parts__event=lesson.event)
        | Q(organisation__sessions_hosted__event=lesson.event)
    )


def _telling(lesson: Lesson) -> Any:
    return Note.objects.filter(session=lesson.session).exclude(attribution=Attribution.UNATTRIBUTED).values("pk")


class LessonForm(OnceForm, _LessonFields):
    """A new lesson."""


class LessonChangeForm(NarrowingForm, VersionForm, _LessonFields):
    """A lesson, changed."""

    def source(self) -> Lesson:
        """The lesson as it is stored: the form has not written into it yet."""
        return self.instance
