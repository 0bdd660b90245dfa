"""Forms of a local authority and of its membership; a page and a spreadsheet row use the same ones."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jirani.acting.facts import held, type_held
from jirani.acting.forms import OnceForm, VersionForm
from jirani.core.enums import Precision
from jirani.core.text import active_language
from jirani.language import fold
from jirani.members.actions import name_fault
from jirani.members.authorities.actions.authorities import NONE_YET
from jirani.members.entry.forms.choices import language_choices, spoken_languages
from jirani.members.entry.forms.fields import (
    CodesField,
    CountryField,
    DegreesField,
    NamedChoiceField,
    PartialDateField,
    WholeNumberField,
    YearField,
    YesField,
)
from jirani.members.entry.text.dates import by_day
from jirani.members.enums import AuthorityKind, Context, MembershipState
from jirani.members.models import Hub, LocalAuthority, Organisation
from jirani.members.permissions import coordinates_network, hubs_for
from jirani.members.text import KIND_WORDS, is_outside_subdivision, kilometres_outside
from jirani.taxonomy.models import Theme
from jirani.translation.forms import in_order, named
from jirani.translation.forms import language_choices as interface_languages
from jirani.translation.models import translate_now
from jirani.ui.forms import Need, type_needs
from jirani.ui.text import country, number

M = TypeVar("M", bound=Model)

#: A point farther outside its country than this is taken for a mistake: another Athens.
FAR = 100


def kinds() -> Iterable[tuple[str, Any]]:
    return AuthorityKind.choices


def contexts() -> Iterable[tuple[str, Any]]:
    return Context.choices


def states() -> Iterable[tuple[str, Any]]:
    return MembershipState.choices


def hubs() -> Iterable[tuple[str, str]]:
    """Return hubs by slug; their names are understood too."""
    return [("", gettext("None")), *_named_twice(Hub.objects.all())]


def themes() -> Iterable[tuple[str, str]]:
    """Return themes by slug; their names are understood too."""
    return _named_twice(Theme.objects.all())


def _named_twice(words: Iterable[Any]) -> list[tuple[str, str]]:
    """Return words by slug under the name they were given and then the reader's, by which an error calls them."""
    told = list(words)
    translate_now(told)
    return [(word.slug, word.name) for word in told] + [(word.slug, named(word)) for word in told]


class AuthorityForm(VersionForm):
    """What is known of a local authority."""

    name = forms.CharField(label=_("Name"), max_length=200)
    local_name = forms.CharField(
        label=_("Name in its own language"), required=False, max_length=200, help_text=_("In its own script.")
    )
    kind = NamedChoiceField(label=_("Kind"), choices=kinds, words=KIND_WORDS)
    country = CountryField(label=_("Country"))
    subdivision = forms.CharField(
        label=_("ISO 3166-2 code"), required=False, max_length=8, help_text=_("Such as KE-19, if there is one.")
    )
    latitude = DegreesField(label=_("Latitude"), required=False, most=90, letters="NS")
    longitude = DegreesField(label=_("Longitude"), required=False, most=180, letters="EW")
    population = WholeNumberField(label=_("Population"), required=False)
    population_year = YearField(label=_("Year of the population figure"), required=False, least=1800, most=2100)
    population_source = forms.CharField(label=_("Source of the population figure"), required=False, max_length=300)
    languages = CodesField(label=_("Languages"), required=False, choices=language_choices, sample="sw")
    contexts = CodesField(label=_("Context"), required=False, choices=contexts)
    hub = NamedChoiceField(label=_("Regional hub"), required=False, choices=hubs, fixed=False)
    themes = CodesField(label=_("Themes"), required=False, choices=themes, fixed=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    source_url = forms.URLField(label=_("Source"), required=False, assume_scheme="https", max_length=600)
    language = forms.ChoiceField(
        label=_("Written in"), choices=interface_languages, initial=get_language, required=False
    )

    held: ClassVar[type_held] = {
        "hub": held("hub", read=lambda authority: authority.hub.slug if authority.hub else ""),
        "themes": held("themes", read=lambda authority: [theme.slug for theme in authority.themes.all()]),
    }
    needed: type_needs = {
        "latitude": Need(_("needed with the longitude")),
        "longitude": Need(_("needed with the latitude")),
        "population": Need(_("needed with a year")),
    }

    def holders(self, record: LocalAuthority) -> tuple[Model, ...]:
        """Return the authority and its organisation, which stores its name, country and website."""
        return record, record.organisation

    def version_of(self, record: LocalAuthority) -> str:
        """Use the organisation's version: each save of an authority saves it too."""
        return record.organisation.version

    def offer(self, user: Any, authority: LocalAuthority | None = None) -> None:
        """Offer the hubs among which the user may place it, or place a new one if there is none yet; without any hub the field is left out.
        Offer themes that are not retired, and those it has already.
        """
        self._offer_themes(authority)
        held = authority.languages if authority else []
        languages = cast("CodesField", self.fields["languages"])
        languages.offer(lambda: spoken_languages(*held))
        field: Any = self.fields["hub"]
        offered = list(hubs_for(user, authority))
        translate_now(offered)
        field.choices = [(hub.slug, named(hub)) for hub in offered]
        if coordinates_network(user):
            field.choices = [("", gettext("None")), *field.choices]
            return
        field.required = True
        if not offered:
            del self.fields["hub"]

    def _offer_themes(self, authority: LocalAuthority | None) -> None:
        offered = list(Theme.objects.offered([theme.pk for theme in authority.themes.all()] if authority else []))
        translate_now(offered)
        named_themes = in_order((theme.slug, named(theme)) for theme in offered)
        cast("CodesField", self.fields["themes"]).offer(lambda: named_themes)

    def clean_subdivision(self) -> str:
        """The code in capitals, of the stated country."""
        code = fold(self.cleaned_data["subdivision"]).upper()
        stated = self.cleaned_data.get("country", "")
        if code and not re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", code):
            raise forms.ValidationError(
                _("Enter two letters, a hyphen and one to three letters or digits, such as KE-19.")
            )
        if code and stated and code[:2] != stated:
            names = {"country": country(stated), "code": stated}
            raise forms.ValidationError(_("Enter a code of %(country)s, which begins with %(code)s-."), params=names)
        return code

    def clean(self) -> dict[str, Any]:
        """Check that a point is complete and lies in the country, and that a population figure has a year."""
        data = super().clean()
        points = data.get("latitude"), data.get("longitude")
        if (points[0] is None) != (points[1] is None) and not {"latitude", "longitude"} & self.errors.keys():
            missing = "latitude" if points[0] is None else "longitude"
            self.add_error(missing, _("Latitude and longitude go together. Enter both or neither."))
        if data.get("population_year") and not data.get("population"):
            self.add_error("population_year", _("A population figure needs its year. Enter both or neither."))
        data["language"] = data.get("language") or active_language()
        self._place(data)
        return data

    def _place(self, data: dict[str, Any]) -> None:
        if data.get("latitude") is None or data.get("longitude") is None or not data.get("country"):
            return
        point, code = (float(data["latitude"]), float(data["longitude"])), data.get("subdivision") or ""
        away = kilometres_outside(data["country"], *point)
        if away is not None and away > FAR:
            where = {"country": country(data["country"]), "away": number(round(away))}
            reason = gettext(
                "Enter a point in %(country)s; this one lies about %(away)s km outside. Is it another place with the same name?"
            )
            self.add_error("latitude", reason % where)
        elif is_outside_subdivision(code, *point):
            reason = gettext(
                "Enter a point in %(code)s; this one lies outside. Is it another place with the same name?"
            )
            self.add_error("latitude", reason % {"code": code})


class AuthorityCreateForm(AuthorityForm, OnceForm):
    """A new local authority. However often it is sent, it makes one."""

    def foresee(self) -> dict[str, str]:
        """Check that the name is not taken."""
        said = {name: self.cleaned_data.get(name) or "" for name in ("kind", "country", "subdivision")}
        named = Organisation(name=self.cleaned_data.get("name", ""))
        fault = (
            name_fault(LocalAuthority(organisation=named, **said))
            if all((named.name, said["kind"], said["country"]))
            else ""
        )
        return {"name": fault} if fault else {}


class MembershipForm(VersionForm):
    """Whether an authority belongs to the network, since when, until when, as far as it is known."""

    state = NamedChoiceField(label=_("Membership"), choices=states)
    joined = PartialDateField(
        label=_("Member since"), required=False, help_text=_("2021-03-25, 2021-03, 2021, or “by 2021-03”.")
    )
    left = PartialDateField(label=_("Member until"), required=False)
    unconfirmed = YesField(
        label=_("Not confirmed yet"), required=False,
        help_text=_("“Unconfirmed” is then shown beside the membership, for everybody to read."),
    )  # fmt: skip
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300)
    language = forms.ChoiceField(
        label=_("Written in"), choices=interface_languages, initial=get_language, required=False
    )
    membership_source = forms.URLField(
        label=_("Source of the membership"), required=False, assume_scheme="https", max_length=600
    )

    held: ClassVar[type_held] = {
        "joined": held("joined_on", "joined_precision"),
        "left": held("left_on", "left_precision"),
        "membership_source": held("source_url"),
        # The first remark is in the language of whoever writes it.
        "language": held(
            "language", read=lambda membership: membership.language if membership.remark else get_language()
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of two who begin one, the second is told of the first, as of two who change one.
        self.initial.setdefault("version", NONE_YET)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and a member that joins in the future."""
        data = super().clean()
        joined = data.get("joined", (None, ""))
        if "left" not in self.errors and (fault := self._left_fault(data)):
            self.add_error("left", fault)
        already = data.get("state") == MembershipState.MEMBER and joined[1] not in (Precision.BY, Precision.BY_MONTH)
        if already and joined[0] and joined[0] > timezone.localdate():
            self.add_error("joined", _("Enter a date in the past: it is a member already."))
        data["language"] = data.get("language") or active_language()
        return data

    def _left_fault(self, data: dict[str, Any]) -> str:
        """Return the first thing that is wrong with the end of the membership; other faults may disappear with it."""
        joined, left = data.get("joined", (None, "")), data.get("left", (None, ""))
        if data.get("state") == MembershipState.LEFT and not left[0]:
            return gettext("Enter when it left, as exactly as it is known, such as “%(day)s”.") % {
                "day": by_day("2024")
            }
        if left[0] and data.get("state") not in {MembershipState.LEFT, None, ""}:
            only = gettext("Leave this empty: only a membership in the state “%(state)s” has an end.")
            return only % {"state": MembershipState.LEFT.label}
        if left[0] and left[1] not in (Precision.BY, Precision.BY_MONTH) and left[0] > timezone.localdate():
            return gettext("Enter today or a day in the past: it has left already.")
        if joined[0] and left[0] and left[0] < joined[0]:
            return gettext("Enter a date after the one on which it joined.")
        return ""
