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

from jirani.acting.columns import Cell, columns_of
from jirani.audit.actions import as_sentence, take_turns
from jirani.core.sheets import BadRow, Change, Difference, Importer, Result, Row
from jirani.members.actions import NAMES, put_authority, put_membership
from jirani.members.entry.text.dates import by_day, examples
from jirani.members.enums import MembershipState
from jirani.members.forms import AuthorityForm, MembershipForm
from jirani.members.models import LocalAuthority, Membership
from jirani.ui.text import isolated

#: A hint whose dates stay whole in a text from right to left.
_apart = lazy(isolated, str)

#: What stands in the sheet beside the fields' own labels: what goes into a cell, and such as what.
_SAID = {
    "name": Cell(_("As the authority calls itself in the language of this sheet."), "Kwale County"),
    "local_name": Cell(_("In its own script."), "Kaunti ya Kwale"),
    "kind": Cell(_("What it is."), "county"),
    "country": Cell(_("The two letters of ISO 3166-1, or XK for Kosovo. A name is understood too."), "KE"),
    "subdivision": Cell(_("Tells apart places with the same name. It begins with the country’s letters."), "KE-19"),
    "latitude": Cell(_("Of the main town, in degrees; south is negative."), "-4.1738"),
    "longitude": Cell(_("Of the main town, in degrees; west is negative."), "39.4521"),
    "population": Cell(_("A whole number."), "866,820"),
    "population_year": Cell(_("Four digits."), "2019"),
    "population_source": Cell(_("Who counted."), "Census 2019"),
    "languages": Cell(_("Codes, separated by commas."), "sw, en", listed=False),
    "contexts": Cell(_("Separated by commas."), "coastal, rural"),
    "hub": Cell(_("Its name, or its name in addresses.")),
    "themes": Cell(_("Separated by commas.")),
    "website": Cell(_("An address that begins with https://."), "https://kwale.go.ke"),
    "source_url": Cell(_("The web address that these facts come from.")),
    "language": Cell(_("The language of the name. Empty: the one in which you send the sheet."), "en"),
}
_SAID_OF_MEMBERSHIP = {
    "state": Cell(
        _("Empty: it takes part without being a member, unless there is a date beside it."), "member", required=False
    ),
    "joined": Cell(
        _apart(format_lazy(_("As exactly as it is known, or empty: {examples}."), examples=lazy(examples, str)())),
        lazy(by_day, str)("2021-03"),
    ),
    "left": Cell(_("Only for those that left.")),
    "unconfirmed": Cell(_("Yes if the membership is not confirmed."), title=_("Unconfirmed")),
    "remark": Cell(_("Shown beside the membership.")),
    "membership_source": Cell(_("An address.")),
}

_AUTHORITY = columns_of(AuthorityForm, _SAID)
#: The remark is written in the language of the row.
_MEMBERSHIP = columns_of(MembershipForm, _SAID_OF_MEMBERSHIP, but={"language"})
COLUMNS = (*_AUTHORITY, *_MEMBERSHIP)

#: Columns that speak of the membership.
_OF_MEMBERSHIP = {column.name for column in _MEMBERSHIP}


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
    known = _values(authority)
    form = AuthorityForm(_whole(said, known))
    if not form.is_valid():
        raise BadRow(_reasons(form.errors))
    facts = {name: value for name, value in form.cleaned_data.items() if name in said or authority is None}
    facts.pop("version", None)
    saved, changed = put_authority(authority, by=by, **facts)
    differences = _differences(changed, _typed(AuthorityForm, known), _typed(AuthorityForm, _values(saved)))
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
    now = _membership_values(standing)
    before = _typed(MembershipForm, now)
    if spoken.get("remark", "") not in {"", now.get("remark")}:
        now["language"] = language
    form = MembershipForm(_typed(MembershipForm, {"state": MembershipState.MEMBER.value, **now}) | dict(spoken))
    if not form.is_valid():
        raise BadRow(_reasons(form.errors))
    saved, changed = put_membership(authority, by=by, **form.facts)
    after = _typed(MembershipForm, _membership_values(saved))
    return _differences([MembershipForm.field_of(name) for name in changed], before, after)


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


def _values(authority: LocalAuthority | None) -> dict[str, Any]:
    """What is known of an authority, by the fields of its form."""
    if authority is None:
        return {}
    return AuthorityForm.first_values(authority, authority.organisation, names=AuthorityForm.base_fields)


def _membership_values(membership: Membership | None) -> dict[str, Any]:
    """What is known of a membership, by the fields of its form; whatever the language of this sheet, in the one that it is written in."""
    if membership is None:
        return {}
    known = MembershipForm.first_values(membership, names=MembershipForm.base_fields)
    return known | {"language": membership.language}


def _whole(said: Mapping[str, str], now: Mapping[str, Any]) -> dict[str, Any]:
    """A form's data: what the row says over what is known."""
    return _typed(AuthorityForm, now) | {name: value for name, value in said.items() if name not in _OF_MEMBERSHIP}


def _typed(form: type[AuthorityForm] | type[MembershipForm], now: Mapping[str, Any]) -> dict[str, Any]:
    """Known values as somebody would type them."""
    fields = form.base_fields
    return {name: fields[name].prepare_value(value) for name, value in now.items()}


def _reasons(errors: Mapping[str, Iterable[object]]) -> list[tuple[str, str]]:
    return [("" if name == "__all__" else name, " ".join(map(str, reasons))) for name, reasons in errors.items()]


def _of_error(error: ValidationError) -> list[tuple[str, str]]:
    if hasattr(error, "error_dict"):
        return [("" if name == "__all__" else name, " ".join(reasons)) for name, reasons in error.message_dict.items()]
    return [("", " ".join(error.messages))]


MEMBERS = Importer("members", _("Local authorities"), COLUMNS, take)
