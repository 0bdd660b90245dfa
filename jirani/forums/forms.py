"""Forms of a forum, its seats and its meetings."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.facts import held, type_held
from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.acting.rows import RowForm, RowsForm
from jirani.audit.actions import ChangedMeanwhile
from jirani.core.enums import AccessMode
from jirani.core.text import active_language
from jirani.members.entry.forms.choices import access_choices
from jirani.members.entry.forms.fields import PartialDateField, WholeNumberField
from jirani.members.enums import Sector
from jirani.members.forms import EndForm, NamedForm, offer_organisations
from jirani.members.models import Organisation
from jirani.members.permissions import can_edit_authority
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.forms import choose_among, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import DayInput, Need, Several, let_text_lead, type_needs

from .actions import holder_faults, seat_faults
from .enums import PriorityMethod, SeatRole
from .models import Forum, Meeting, Priority, Seat, WorkingGroup


def organisations_near(forum: Forum) -> Any:
    """Return organisations that could have a seat: those of the country, those that work in many, and those that do or did."""
    near = Q(country__in=[forum.authority.country, ""]) | Q(forum_seats__forum=forum)
    return Organisation.objects.filter(near).distinct()


class _SourceField(forms.Form):
    source_url = forms.URLField(
        label=_("Source"), max_length=600, required=False, assume_scheme="https",
        help_text=_("An address where one can read who holds the seat. The forum’s page shows it."),
    )  # fmt: skip


class HolderForm(NamedForm, _SourceField):
    """Who sits in a seat from now on in place of another."""

    from_on = forms.DateField(label=pgettext_lazy("a post", "From"), widget=DayInput, initial=timezone.localdate)

    field_order = ("email", "name", "language", "from_on", "source_url", "once")

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat

    @property
    def about(self) -> tuple[Seat]:
        """The seat that somebody else takes."""
        return (self.seat,)

    def foresee(self) -> dict[str, str]:
        """Return faults: the person already sits there, or the day is to come or before the seat began."""
        said = self.cleaned_data
        return holder_faults(self.seat, email=said.get("email", ""), from_on=said.get("from_on"))


class SeatForm(NamedForm, _SourceField):
    """A seat: the organisation and, if known, the person who holds it."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Seat"), initial=SeatRole.MEMBER)
    from_on = forms.DateField(label=pgettext_lazy("a post", "From"), widget=DayInput, initial=timezone.localdate)

    needed: type_needs = {
        "email": Need(_("needed with a name, and for the secretary")),
        "name": Need(_("needed with an e-mail address")),
    }
    field_order = ("organisation", "role", "email", "name", "language", "from_on", "source_url", "once")

    def __init__(self, data: Any = None, *, forum: Forum, secretary: bool) -> None:
        super().__init__(data)
        self.forum = forum
        fields: dict[str, Any] = self.fields
        country, choose = forum.authority.country, str(_("Choose an organisation"))
        offer_organisations(self, "organisation", organisations_near(forum), country=country, empty=choose)
        fields["role"].choices = [one for one in SeatRole.choices if secretary or one[0] != SeatRole.SECRETARY]
        fields["email"].required = fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        """Check that address and name come together; a secretary must have both."""
        data = super().clean()
        for one, other in (("email", "name"), ("name", "email")):
            if data.get(other) and not data.get(one) and one not in self.errors:
                self.add_error(one, ValidationError(self.fields[one].error_messages["required"]))
        if data.get("role") == SeatRole.SECRETARY and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter a person: the secretary looks after the forum here."))
        return data

    def foresee(self) -> dict[str, str]:
        """Return faults: the seat is taken already, or the day is to come."""
        said = self.cleaned_data
        faults = seat_faults(self.so_far(Seat(forum=self.forum)), said.get("email", ""))
        whole = {"organisation", "role", "from_on", "email"} <= said.keys()
        return faults if whole else {"from_on": faults.get("from_on", "")}


class SeatChangeForm(VersionForm, InstanceForm[Seat]):
    """What is said of a seat, corrected: the sector, if it belongs to no organisation that has one, and the source."""

    class Meta:
        model = Seat
        fields = ("sector", "source_url")
        help_texts: ClassVar[dict[str, Any]] = {
            "source_url": _("An address where one can read who holds the seat. The forum’s page shows it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = (
            str(_("That of its organisation"))
            if self.instance.organisation_id
            else str(pgettext_lazy("no choice", "None"))
        )
        self.fields["sector"] = forms.ChoiceField(
            label=_("Sector"), required=False, choices=[("", none), *Sector.choices],
            help_text=_("What part of society it speaks for."),
        )  # fmt: skip


class SeatEndForm(EndForm):
    """The last day of a seat, which gives no rights until then."""

    until_on = forms.DateField(label=_("Last day"), widget=DayInput)


def _ask_mode_and_language(form: Any, new: bool, closed: str = "") -> None:
    """Who may see it, in sentences, `closed` being the last; in which language it is written."""
    closed = closed or str(_("Closed: only the forum’s people may see it"))
    form.fields["access"] = forms.ChoiceField(
        label=_("Who may see it"), choices=access_choices(closed=closed), widget=forms.RadioSelect
    )
    form.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices)
    if new:
        form.initial["language"] = active_language()
    let_text_lead(form.fields.values())


class _ForumFields(InstanceForm[Forum]):
    formed = PartialDateField(label=_("Formed"), required=False, past=True, help_text=_("2021-03-25, 2021-03 or 2021."))
    held: ClassVar[type_held] = {"formed": held("formed_on", "formed_precision")}

    class Meta:
        model = Forum
        fields = ("name", "summary", "language", "access", "source_url")
        widgets: ClassVar[dict[str, Any]] = {"summary": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar[dict[str, Any]] = {"summary": _("In two sentences")}

    field_order = ("name", "summary", "formed", "language", "access", "source_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_mode_and_language(self, self.instance._state.adding)


class ForumForm(OnceForm, _ForumFields):
    """A new forum."""


class ForumChangeForm(VersionForm, _ForumFields):
    """A forum, changed."""


class _GroupFields(InstanceForm[WorkingGroup]):
    class Meta:
        model = WorkingGroup
        fields = ("name", "language", "organisations")
        widgets: ClassVar[dict[str, Any]] = {"organisations": Several}
        labels: ClassVar[dict[str, Any]] = {"organisations": _("Organisations in the group")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group, forum = self.instance, self.instance.forum
        self.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices)
        if group._state.adding:
            self.initial["language"] = active_language()
        inside = Q(working_groups=group) if group.pk else Q(pk__in=[])
        near = Organisation.objects.filter(Q(pk__in=organisations_near(forum)) | inside).distinct()
        offer_organisations(self, "organisations", near, country=forum.authority.country)
        let_text_lead(self.fields.values())


class GroupForm(OnceForm, _GroupFields):
    """A new working group."""


class GroupChangeForm(VersionForm, _GroupFields):
    """A working group, changed."""


class _PriorityFields(InstanceForm[Priority]):
    rank = WholeNumberField(label=_("Rank"), least=1, most=99, help_text=_("1 is what matters most."))

    class Meta:
        model = Priority
        fields = (
            "theme", "driver", "rank", "words", "method", "from_on", "until_on", "forum", "language", "access", "source_url",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "words": forms.Textarea(attrs={"rows": 3}), "method": forms.RadioSelect,
            "from_on": DayInput, "until_on": DayInput,
        }  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "theme": _("Theme"),
            "driver": _("Driver"),
            "words": _("In its own words"),
            "forum": _("The forum that set it"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "source_url": _("An address where one can read how it was set."),
        }

    needed: type_needs = {name: Need(_("one of these two is needed")) for name in ("theme", "driver")}

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        priority = self.instance
        for name, model in (("theme", Theme), ("driver", Driver)):
            field: Any = self.fields[name]
            field.queryset = model.objects.offered([getattr(priority, f"{name}_id") or 0])
            choose_among(field, field.queryset, empty=str(pgettext_lazy("no choice", "None")))
        method: Any = self.fields["method"]
        method.choices = PriorityMethod.choices
        self._offer_forums(by)
        closed = str(_("Closed: only its authority’s and its forum’s people may see it"))
        _ask_mode_and_language(self, priority._state.adding, closed)
        if priority._state.adding:
            self.initial["rank"] = Priority.objects.filter(authority=priority.authority).count() + 1

    def _offer_forums(self, by: Any) -> None:
        """Offer the authority's forums. Somebody who writes as a forum's secretary can choose only their own."""
        priority, field = self.instance, cast("Any", self.fields["forum"])
        speaks = can_edit_authority(by, priority.authority)
        forums = Forum.objects.all() if speaks else Forum.objects.editable_by(by)
        field.queryset = forums.filter(authority=priority.authority)
        rows = list(field.queryset)
        if not rows:
            del self.fields["forum"]
            return
        field.required = not speaks
        choose_among(field, rows, empty=str(_("No forum, but the authority itself")) if speaks else None)
        if priority._state.adding and not speaks:
            self.initial["forum"] = rows[0].pk


class PriorityForm(OnceForm, _PriorityFields):
    """A new priority."""


class PriorityChangeForm(VersionForm, _PriorityFields):
    """A priority, changed."""


#: The most people that a meeting may have had besides seat holders.
MOST_OTHERS = 999


def _taken(meeting: Meeting) -> list[int | None]:
    """The key of each seat that was taken at a meeting; None for one of the others who came."""
    return list(meeting.attendances.values_list("seat", flat=True))


class DecisionForm(RowForm):
    """What was decided. One that somebody else has deleted meanwhile is written down anew."""

    decision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Decision"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class _MeetingFields(RowsForm, InstanceForm[Meeting]):
    row, rows_prefix, row_key, row_words = DecisionForm, "decisions", "decision", "text"

    seats = forms.ModelMultipleChoiceField(
        label=_("Seats represented"), queryset=Seat.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    others = WholeNumberField(
        label=_("Others who came"), required=False, most=MOST_OTHERS,
        help_text=_("How many, not counting those whose seats you chose. Nobody is named."),
    )  # fmt: skip

    #: Who else came is counted with the seats.
    held: ClassVar[type_held] = {"seats": held(read=_taken), "others": None}

    class Meta:
        model = Meeting
        fields = ("title", "held_on", "working_group", "minutes", "language", "access", "source_url")
        widgets: ClassVar[dict[str, Any]] = {
            "held_on": DayInput, "minutes": forms.Textarea(attrs={"rows": 6}),
        }  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"working_group": _("Working group of the forum")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance
        self._offer_groups(meeting)
        self._offer_seats(meeting)
        self._offer_decisions()
        _ask_mode_and_language(self, meeting._state.adding)
        if meeting._state.adding:
            self.initial["access"] = AccessMode.CLOSED

    def _offer_decisions(self) -> None:
        meeting = self.instance
        known = [] if meeting._state.adding else meeting.decisions.order_by("pk").values("pk", "text")
        self.offer_rows({"decision": one["pk"], "text": one["text"]} for one in known)

    def refuse(self, error: ValidationError) -> None:
        """Show the error as any form does. What somebody else saved while the form was checked is known then."""
        super().refuse(error)
        if isinstance(error, ChangedMeanwhile):
            self._offer_decisions()

    def _offer_groups(self, meeting: Meeting) -> None:
        field: Any = self.fields["working_group"]
        field.queryset = WorkingGroup.objects.filter(forum=meeting.forum)
        choose_among(field, field.queryset, empty=str(_("The forum itself")))
        if not field.queryset:
            del self.fields["working_group"]

    def _offer_seats(self, meeting: Meeting) -> None:
        """Offer seats that are held today, and those represented at this meeting."""
        taken: list[Any] = self.initial.get("seats", [])
        self.initial["others"] = taken.count(None) or None
        seats = Seat.objects.filter(forum=meeting.forum).filter(Q(until_on=None) | Q(pk__in=[pk for pk in taken if pk]))
        field: Any = self.fields["seats"]
        field.queryset = seats
        rows = list(seats.select_related("organisation", "person").order_by("role", "pk"))
        translate_now([seat.organisation for seat in rows])
        field.choices = [(seat.pk, _seat_name(seat)) for seat in rows]
        if not rows:
            del self.fields["seats"]

    @property
    def facts(self) -> dict[str, Any]:
        """Return who was there and what was decided, besides the record's own columns."""
        data, rows = self.cleaned_data, [row.cleaned_data for row in self.sent_rows if row.cleaned_data]
        known = {one["decision"] for one in self.rows.initial or ()}
        return super().facts | {
            "seats": data.get("seats") or [],
            "others": data["others"] or 0,
            "decided": {row["decision"]: row["text"] for row in rows if row["decision"] in known},
            "also_decided": [row["text"] for row in rows if row["text"] and row["decision"] not in known],
        }

    def clean_held_on(self) -> Any:
        """Refuse a day to come: a meeting is recorded after it was held."""
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Enter today or a day in the past."))
        return day


def _seat_name(seat: Seat) -> str:
    """Who holds it: the organisation and the person, as whoever entered them knows them."""
    body = named(seat.organisation) if seat.organisation else str(capfirst(seat.get_sector_display()))
    return " · ".join(words for words in (body, seat.called, str(seat.get_role_display())) if words)


class MeetingForm(OnceForm, _MeetingFields):
    """A meeting that was held."""


class MeetingChangeForm(VersionForm, _MeetingFields):
    """What is recorded of a meeting, changed."""
