"""What the forms of an authority and of its membership refuse, with which sentence, and what they offer to whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from jirani.audit.actions import ChangedMeanwhile
from jirani.audit.models import Entry
from jirani.members.actions import name_fault, put_authority, put_membership, save_membership
from jirani.members.authorities.actions.authorities import NONE_YET
from jirani.members.enums import NetworkDuty
from jirani.members.forms import AuthorityCreateForm, AuthorityForm, MembershipForm
from jirani.members.models import LocalAuthority, Membership, Organisation
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import translated

pytestmark = pytest.mark.django_db

KWALE = {"name": "Kwale", "kind": "county", "country": "KE"}
TAKEN = "There is already a local authority with this name in this place."


def faults(form: Any) -> dict[str, Any]:
    """Return what a form refuses, by field."""
    return {name: [str(one) for one in found] for name, found in form.errors.items()}


def asked(**changed: str) -> dict[str, Any]:
    return faults(AuthorityForm(KWALE | changed))


# ── An authority ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_one_of_the_country() -> None:
    form = ["Enter two letters, a hyphen and one to three letters or digits, such as KE-19."]
    other = ["Enter a code of Kenya, which begins with KE-."]
    said = [asked(subdivision=code) for code in ("", "ke-19", "KE19", "KE-1234", "UG-101")]
    assert said == [{}, {}, {"subdivision": form}, {"subdivision": form}, {"subdivision": other}]
    assert list(asked(subdivision="UG-101", country="")) == ["country"]
    clean = AuthorityForm(KWALE | {"subdivision": "ke-19"})
    assert (clean.is_valid(), clean.cleaned_data["subdivision"], clean.cleaned_data["language"]) == (
        True,
        "KE-19",
        "en",
    )
    french = AuthorityForm(KWALE | {"language": "fr"})
    assert (french.is_valid(), french.cleaned_data["language"]) == (True, "fr")


def test_a_point_is_whole_and_lies_where_it_is_said_to() -> None:
    both = ["Latitude and longitude go together. Enter both or neither."]
    assert [asked(latitude="-4.17"), asked(longitude="39.45")] == [{"longitude": both}, {"latitude": both}]
    degrees = "Enter degrees between"
    for one in ({"latitude": "north"}, {"latitude": "north", "longitude": "39.45"}):
        refused = asked(**one)
        assert (list(refused), [each[: len(degrees)] for each in refused["latitude"]]) == (["latitude"], [degrees])
    assert list(asked(longitude="east", latitude="-4.17")) == ["longitude"]

    kwale = {"latitude": "-4.17", "longitude": "39.45"}
    assert [asked(**kwale), asked(**kwale, subdivision="KE-19")] == [{}, {}]
    ohio = {"latitude": "39.3292", "longitude": "-82.1013", "country": "US"}
    outside = ["Enter a point in US-GA; this one lies outside. Is it another place with the same name?"]
    assert [asked(**ohio, subdivision=code) for code in ("US-OH", "US-GA", "")] == [{}, {"latitude": outside}, {}]
    [athens] = asked(latitude="39.3292", longitude="-82.1013", subdivision="KE-24")["latitude"]
    assert athens.startswith("Enter a point in Kenya; this one lies about 1")
    assert athens.endswith(" km outside. Is it another place with the same name?")
    assert list(asked(latitude="39.3292", longitude="-82.1013", country="")) == ["country"]
    assert asked(latitude="0", longitude="36.07") == {}


def test_a_figure_has_its_year_with_it() -> None:
    needs = ["A population figure needs its year. Enter both or neither."]
    assert [asked(population_year="2019"), asked(population="5", population_year="2019"), asked(population="5")] == [
        {"population_year": needs}, {}, {},
    ]  # fmt: skip


def test_a_name_that_is_taken_is_foreseen_as_far_as_the_form_tells(cast: Cast) -> None:
    def foreseen(**changed: str) -> Any:
        form = AuthorityCreateForm(KWALE | {"name": "KWALE county", "once": "a"} | changed)
        form.is_valid()
        return form.foresee()

    assert [foreseen(), foreseen(name="Other"), foreseen(kind=""), foreseen(country=""), foreseen(name="")] == [
        {"name": TAKEN}, {}, {}, {}, {},
    ]  # fmt: skip


def test_a_name_is_taken_by_one_of_its_kind_or_by_one_at_its_code(cast: Cast) -> None:
    make.authority("Athens", kind="city", country="US", subdivision="US-OH", member=False)

    def fault(name: str, kind: str, country: str, subdivision: str = "") -> str:
        place = LocalAuthority(
            organisation=Organisation(name=name), kind=kind, country=country, subdivision=subdivision
        )
        return name_fault(place)

    assert [fault("Kwale County", "county", "KE", "KE-20"), fault("Kwale County", "county", "UG"), fault("Lamu", "county", "KE")] == [
        TAKEN, "", "",
    ]  # fmt: skip
    assert [fault("Kwale County", "city", "KE", "KE-19"), fault("Kwale County", "city", "KE", "KE-20")] == [TAKEN, ""]
    assert [fault("ATHENS", "city", "US", code) for code in ("US-OH", "US-GA", "")] == [TAKEN, "", ""]
    assert name_fault(cast.kwale) == ""


def test_themes_and_hubs_are_offered_as_far_as_the_user_may_place_it(cast: Cast) -> None:
    other = make.hub("Nordic")
    old, new, own = make.theme("Old", retired=True), make.theme("New"), make.theme("Own", retired=True)
    cast.kwale.themes.set([own])

    def offered(part: str, authority: LocalAuthority | None) -> Any:
        form: Any = AuthorityForm(record=authority) if authority else AuthorityCreateForm()
        form.offer(user_of(cast.people()[part]), authority)
        themes = [slug for slug, _name in form.fields["themes"].widget.choices]
        hub = form.fields.get("hub")
        return themes, hub and ([slug for slug, _name in hub.choices], hub.required)

    every, theirs = (["", *sorted([cast.hub.slug, other.slug])], False), ([cast.hub.slug], True)
    assert {part: offered(part, cast.kwale) for part in ("coordinator", "hub_coordinator", "kwale_focal_point")} == {
        "coordinator": ([new.slug, own.slug], every),
        "hub_coordinator": ([new.slug, own.slug], theirs),
        "kwale_focal_point": ([new.slug, own.slug], None),
    }
    assert offered("hub_coordinator", None) == ([new.slug], theirs)
    assert old.slug not in offered("coordinator", None)[0]
    make.duty(cast.hub_coordinator, NetworkDuty.HUB_COORDINATOR, other)
    assert offered("hub_coordinator", None)[1] == (sorted([cast.hub.slug, other.slug]), True)


def test_hubs_and_themes_are_called_as_in_the_readers_language(cast: Cast) -> None:
    translated(cast.hub, "Kitovu")
    for name, swahili in (("Peace", "Zuio"), ("Youth", "Amani")):
        translated(make.theme(name), swahili)
    with override("sw"):
        form: Any = AuthorityCreateForm()
        form.offer(user_of(cast.hub_coordinator))
        assert [name for _slug, name in form.fields["hub"].choices] == ["Kitovu"]
        assert [name for _slug, name in form.fields["themes"].widget.choices] == ["Amani", "Zuio"]
        wrong = faults(AuthorityForm(KWALE | {"hub": "Nowhere", "themes": "Nothing"}))
        said = {
            name: AuthorityForm(KWALE | {"hub": "Kitovu", "themes": "amani, Peace"}).errors
            for name in ("hub", "themes")
        }
    assert ("(Kitovu)" in wrong["hub"][0], "(Amani)" in wrong["themes"][0], said) == (
        True,
        True,
        {"hub": {}, "themes": {}},
    )


# ── Actions ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_put_is_written_once_and_only_what_differs(cast: Cast) -> None:
    theme, facts = make.theme(), {"name": "Lamu County", "kind": "county", "country": "KE", "subdivision": "KE-21"}
    lamu, changed = put_authority(None, hub=cast.hub.slug, themes=[theme.slug], **facts)
    assert set(changed) == {*facts, "hub", "themes"} - ({"kind"} - set(changed))
    assert (lamu.hub, list(lamu.themes.all()), lamu.organisation.sector) == (cast.hub, [theme], "local-government")
    stored = Organisation.objects.get(pk=lamu.organisation.pk)
    assert (stored.name, stored.country, stored.slug, stored.pk) == (
        "Lamu County",
        "KE",
        "lamu-county",
        lamu.organisation_id,
    )
    entries = Entry.objects.count()
    assert put_authority(lamu, hub=cast.hub.slug, themes=[theme.slug], **facts) == (lamu, [])
    assert Entry.objects.count() == entries
    assert put_authority(lamu, themes=[]) == (lamu, ["themes"])
    assert put_authority(lamu, hub="") == (lamu, ["hub"])
    again = LocalAuthority.objects.get(pk=lamu.pk)
    assert (again.hub, list(again.themes.all())) == (None, [])
    with pytest.raises(ChangedMeanwhile):
        put_authority(lamu, version="then", population=5)
    for taken in ("Kwale County", "KWALE  county"):
        with pytest.raises(Exception, match="already a local authority"):
            put_authority(lamu, name=taken)
        with pytest.raises(Exception, match="already a local authority"):
            put_authority(None, **facts | {"name": taken})
    assert put_authority(again, name="Lamu")[1] == ["name"]
    assert Organisation.objects.get(pk=lamu.organisation_id).name == "Lamu"


def test_a_membership_is_changed_begun_anew_or_corrected_after_its_end(cast: Cast) -> None:
    lamu = make.authority("Lamu", member=False)
    first, changed = put_membership(
        lamu, state="member", joined_on=date(2015, 1, 1), joined_precision="year", version=NONE_YET
    )
    assert (set(changed) >= {"joined_on", "joined_precision"}, first.authority) == (True, lamu)
    with pytest.raises(ChangedMeanwhile):
        put_membership(lamu, remark="Late", version=NONE_YET)
    assert put_membership(lamu, remark="Early", version=first.version) == (first, ["remark"])
    entries = Entry.objects.count()
    assert put_membership(lamu, remark="Early") == (first, [])
    assert Entry.objects.count() == entries

    for state, left in (("left", date(2016, 1, 1)), ("left", date(2017, 1, 1))):
        ended, _changed = put_membership(lamu, state=state, left_on=left, left_precision="year")
        assert (ended, ended.left_on) == (first, left)
    second, _changed = put_membership(lamu, state="member", joined_on=date(2020, 1, 1), joined_precision="year")
    assert (second.pk != first.pk, Membership.objects.filter(authority=lamu).count()) == (True, 2)
    put_membership(lamu, state="left", left_on=date(2022, 1, 1), left_precision="year")
    latest, changed = put_membership(lamu, state="left", left_on=date(2023, 1, 1), left_precision="year")
    assert (latest, changed) == (second, ["left_on"])
    assert list(Membership.objects.filter(authority=lamu).order_by("pk").values_list("left_on", flat=True)) == [
        date(2017, 1, 1), date(2023, 1, 1),
    ]  # fmt: skip
    for wrong in ({"kind": "nonsense"}, {"subdivision": "KE-1234567"}):
        with pytest.raises(ValidationError):
            put_authority(lamu, **wrong)
    latest.state = "lost"
    with pytest.raises(Exception, match="not a valid choice"):
        save_membership(latest)
    assert set(Entry.objects.filter(verb="members.edit_membership").values_list("actor", flat=True)) == {None}
    assert Entry.objects.filter(verb="members.edit_membership").last().details["state"] in {"member", "left"}  # type: ignore[union-attr]


# ── A membership ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_days_of_a_membership_go_with_its_state() -> None:
    today = timezone.localdate()
    tomorrow, year = today + timedelta(days=1), today.year + 1

    def said(state: str, joined: object = "", left: object = "") -> dict[str, Any]:
        return faults(MembershipForm({"state": state, "joined": str(joined), "left": str(left)}))

    past = {"joined": ["Enter a date in the past: it is a member already."]}
    days = ("", today, tomorrow, f"by {year}", f"by {year}-03", f"{year}-03")
    assert [said("member", day) for day in days] == [{}, {}, past, {}, {}, past]
    assert [said(state, tomorrow) for state in ("invited", "prospect", "paused")] == [{}] * 3
    assert said("left") == {"left": ["Enter when it left, as exactly as it is known, such as “by 2024”."]}
    only = {"left": ["Leave this empty: only a membership in the state “left” has an end."]}
    assert [said(state, "", "2020") for state in ("member", "paused", "left")] == [only, only, {}]
    assert list(said("nowhere", "", "2020")) == ["state"]
    assert list(said("", "", "2020")) == ["state"]
    ahead = {"left": ["Enter today or a day in the past: it has left already."]}
    assert [said("left", "", day) for day in (today, tomorrow, f"by {year}", f"by {year}-03")] == [{}, ahead, {}, {}]
    order = {"left": ["Enter a date after the one on which it joined."]}
    pairs = [("2020-05-02", "2020-05-01"), ("2020-05-02", "2020-05-02"), ("", "2020-05-01")]
    assert [said("left", *pair) for pair in pairs] == [order, {}, {}]
    assert len(said("left", "2020", "lately")["left"]) == 1
    assert list(said("member", "lately")) == ["joined"]


def test_a_membership_form_knows_from_which_state_it_began(cast: Cast) -> None:
    member = Membership.objects.get(authority=cast.kwale)
    assert [form.initial["version"] for form in (MembershipForm(), MembershipForm(record=member))] == [
        NONE_YET,
        member.version,
    ]
    forms = [MembershipForm({"state": "paused"} | more) for more in ({}, {"language": "sw", "unconfirmed": "yes"})]
    assert [form.is_valid() for form in forms] == [True, True]
    assert [(form.cleaned_data["language"], form.cleaned_data["unconfirmed"]) for form in forms] == [
        ("en", False),
        ("sw", True),
    ]
