"""Local authorities and their memberships out of a spreadsheet.

A row is the same authority as one of the network that has its ISO 3166-2 code and its name (or its name in its own language). So
"Athens" with US-OH is never the Athens of another state or country. An empty cell says nothing and changes nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jirani.audit.actions import as_sentence, take_turns
from jirani.core.sheets import BadRow, Change, Column, Difference, Importer, Result, Row
from jirani.translation.forms import language_choices as interface_languages
from jirani.ui.text import isolated

from .actions import NAMES, put_authority, put_membership
from .enums import MembershipState
from .forms import AuthorityForm, MembershipForm
from .forms.authorities import authority_values, contexts, hubs, kinds, membership_values, states, themes
from .forms.choices import country_choices
from .models import LocalAuthority
from .text.dates import by_day, examples


def _codes(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices if value != ""]


#: A hint whose dates stay whole in a text from right to left.
_apart = lazy(isolated, str)

COLUMNS = (
    Column("name", _("Name"), _("As the authority calls itself in the language of this sheet."), "Kwale County", required=True),
    Column("local_name", _("Name in its own language"), _("In its own script."), "Kaunti ya Kwale"),
    Column("kind", _("Kind"), _("What it is."), "county", required=True, allowed=lambda: _codes(kinds())),
    Column(
        "country", _("Country"), _("The two letters of ISO 3166-1, or XK for Kosovo. A name is understood too."), "KE",
        required=True, allowed=lambda: _codes(country_choices()),
    ),
    Column("subdivision", _("ISO 3166-2 code"), _("Tells apart places with the same name. It begins with the country’s letters."), "KE-19"),
    Column("latitude", _("Latitude"), _("Of the main town, in degrees; south is negative."), "-4.1738"),
    Column("longitude", _("Longitude"), _("Of the main town, in degrees; west is negative."), "39.4521"),
    Column("population", _("Population"), _("A whole number."), "866,820"),
    Column("population_year", _("Year of the population figure"), _("Four digits."), "2019"),
    Column("population_source", _("Source of the population figure"), _("Who counted."), "Census 2019"),
    Column("languages", _("Languages"), _("Codes, separated by commas."), "sw, en"),
    Column("contexts", _("Context"), _("Separated by commas."), "coastal, rural", allowed=lambda: _codes(contexts())),
    Column("hub", _("Regional hub"), _("Its name, or its name in addresses."), "", allowed=lambda: _codes(hubs())),
    Column("themes", _("Themes"), _("Separated by commas."), "", allowed=lambda: _codes(themes())),
    Column("website", _("Website"), _("An address that begins with https://."), "https://kwale.go.ke"),
    Column("source_url", _("Source"), _("The web address that these facts come from."), ""),
    Column(
        "language", _("Written in"), _("The language of the name. Empty: the one in which you send the sheet."), "en",
        allowed=interface_languages,
    ),
    Column(
        "state", _("Membership"), _("Empty: it takes part without being a member, unless there is a date beside it."), "member",
        allowed=lambda: _codes(states()),
    ),
    Column("joined", _("Member since"), _apart(format_lazy(_("As exactly as it is known, or empty: {examples}."), examples=lazy(examples, str)())), lazy(by_day, str)("2021-03")),
    Column("left", _("Member until"), _("Only for those that left."), ""),
    Column("unconfirmed", _("Unconfirmed"), _("Yes if the membership is not confirmed."), ""),
    Column("remark", _("Remark"), _("Shown beside the membership."), ""),
    Column("membership_source", _("Source of the membership"), _("An address."), ""),
)  # fmt: skip

#: Columns that speak of the membership.
_OF_MEMBERSHIP = ("state", "joined", "left", "unconfirmed", "remark", "membership_source")


def take(row: Row, by: Any) -> Result:
    """Bring one authority and its membership in. Raises BadRow with what was expected of each bad cell."""
    said = {name: value for name, value in row.values.items() if value}
    first, spoken = AuthorityForm(_whole(said, {})), _of_membership(said)
    reasons = [] if first.is_valid() else _reasons(first.errors)
    if spoken and not (member := MembershipForm({"state": MembershipState.MEMBER.value} | spoken)).is_valid():
        reasons += _reasons(member.errors)
    if reasons:
        raise BadRow(reasons)
    take_turns(
        NAMES
    )  # before the first look at what there is: of two who import at once, the second finds what the first made
    authority = _same(first.cleaned_data)
    try:
        return _put(row, said, authority, by)
    except (ValidationError, IntegrityError) as error:
        raise BadRow(_of_error(as_sentence(error) or ValidationError(""))) from error
    except PermissionDenied as error:
        raise BadRow([("", gettext("You may not change this local authority."))]) from error


def _of_membership(said: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in said.items() if name in _OF_MEMBERSHIP}


def _put(row: Row, said: Mapping[str, str], authority: LocalAuthority | None, by: Any) -> Result:
    known = authority_values(authority) if authority else {}
    form = AuthorityForm(_whole(said, known))
    if not form.is_valid():
        raise BadRow(_reasons(form.errors))
    facts = {name: value for name, value in form.cleaned_data.items() if name in said or authority is None}
    facts.pop("version", None)
    saved, changed = put_authority(authority, by=by, **facts)
    differences = _differences(changed, _typed(AuthorityForm, known), _typed(AuthorityForm, authority_values(saved)))
    differences += _membership(saved, _of_membership(said), by, language=said.get("language", ""))
    if authority is None:
        return Result(row.number, said["name"], Change.ADDED, record=saved)
    change = Change.CHANGED if differences else Change.UNCHANGED
    called = "" if known["name"] == said["name"] else known["name"]
    return Result(row.number, said["name"], change, tuple(differences), called, record=saved)


def _differences(changed: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    titles = {column.name: str(column.title) for column in COLUMNS}
    names = (name for name in dict.fromkeys(changed) if name in titles)
    return [Difference(titles[name], _as_cell(before.get(name)), _as_cell(after.get(name))) for name in names]


def _as_cell(value: Any) -> str:
    """Return the value as a cell of the sheet would show it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _membership(authority: LocalAuthority, spoken: Mapping[str, str], by: Any, *, language: str) -> list[Difference]:
    """Import the membership if the row has one. Returns what that changes. A new remark is in the row's language."""
    if not spoken:
        return []
    rows = authority.memberships.all()
    standing = rows.exclude(state=MembershipState.LEFT).first()
    if standing is None and spoken.get("state"):
        standing = rows.order_by("-left_on", "-pk").first()
    now = membership_values(standing)
    before = _typed(MembershipForm, now)
    if spoken.get("remark", "") not in {"", now.get("remark")}:
        now["language"] = language
    form = MembershipForm(_typed(MembershipForm, {"state": MembershipState.MEMBER.value, **now}) | dict(spoken))
    if not form.is_valid():
        raise BadRow(_reasons(form.errors))
    saved, changed = put_membership(authority, by=by, **form.membership_facts)
    columns = {
        "joined_on": "joined", "joined_precision": "joined", "left_on": "left", "left_precision": "left",
        "source_url": "membership_source",
    }  # fmt: skip
    after = _typed(MembershipForm, membership_values(saved))
    return _differences([columns.get(name, name) for name in changed], before, after)


def _same(facts: Mapping[str, Any]) -> LocalAuthority | None:
    """Return the network's authority that a row is about; None for a new one. Raises BadRow if it could be several."""
    code, name, land = facts["subdivision"], facts["name"], facts["country"]
    rows = LocalAuthority.objects.select_related("organisation", "hub").called(name).filter(country=land)
    exact = list(rows.filter(subdivision=code)[:2])
    if not exact:
        exact = list(rows.filter(subdivision="")[:2]) if code else list(rows[:2])
    if len(exact) > 1:
        raise BadRow([("subdivision", gettext("Enter the ISO 3166-2 code: there are several places of this name."))])
    return exact[0] if exact else None


def _whole(said: Mapping[str, str], now: Mapping[str, Any]) -> dict[str, Any]:
    """A form's data: what the row says over what is known."""
    return _typed(AuthorityForm, now) | {name: value for name, value in said.items() if name not in _OF_MEMBERSHIP}


def _typed(form: type[AuthorityForm] | type[MembershipForm], now: Mapping[str, Any]) -> dict[str, Any]:
    """Known values as somebody would type them."""
    fields = form.base_fields
    return {
        name: fields[name].prepare_value(value) for name, value in now.items() if name in fields and name != "version"
    }


def _reasons(errors: Mapping[str, Iterable[object]]) -> list[tuple[str, str]]:
    return [("" if name == "__all__" else name, " ".join(map(str, reasons))) for name, reasons in errors.items()]


def _of_error(error: ValidationError) -> list[tuple[str, str]]:
    if hasattr(error, "error_dict"):
        return [("" if name == "__all__" else name, " ".join(reasons)) for name, reasons in error.message_dict.items()]
    return [("", " ".join(error.messages))]


MEMBERS = Importer("members", _("Local authorities"), COLUMNS, take)
