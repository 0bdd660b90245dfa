"""What people type into fields, one row for each side of each condition: what is read, what is refused and with which sentence."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import override

from jirani.core.enums import Precision
from jirani.members.entry.forms.choices import (
    access_choices,
    country_choices,
    language_choices,
    spoken_languages,
    zone_choices,
    zone_of_country,
)
from jirani.members.entry.forms.fields import (
    LONG,
    MOST_NUMBER,
    Checkbox,
    CodesField,
    CountryField,
    CurrencyField,
    DegreesField,
    NamedChoiceField,
    PartialDateField,
    WholeNumberField,
    YearField,
    YesField,
)


def answer(field: Field, value: Any) -> Any:
    """Return what the field makes of it, or the sentences with which it refuses it."""
    try:
        return field.clean(value)
    except ValidationError as error:
        return error.messages


def answers(field: Field, *values: Any) -> dict[Any, Any]:
    return {value: answer(field, value) for value in values}


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whole_numbers() -> None:
    whole = ["Enter a whole number such as 866,820."]
    assert answers(WholeNumberField(required=False), "", None, "0", "007", "1,234", "1 234 567", "12,34", "1.5", "-1", "x1") == {
        "": None, None: None, "0": 0, "007": 7, "1,234": 1234, "1 234 567": 1_234_567,
        "12,34": whole, "1.5": whole, "-1": whole, "x1": whole,
    }  # fmt: skip
    assert answers(WholeNumberField(), str(MOST_NUMBER), str(MOST_NUMBER + 1)) == {
        "2147483647": 2**31 - 1,
        "2147483648": whole,
    }
    bounds = ["Enter a whole number from 2 to 1,000."]
    assert answers(WholeNumberField(least=2, most=1000), "1", "2", "1000", "1001", "9" * 13) == {
        "1": bounds, "2": 2, "1000": 1000, "1001": bounds, "9" * 13: bounds,
    }  # fmt: skip
    years = ["Enter a year from 1800 to 2100."]
    assert answers(YearField(least=1800, most=2100), "1799", "1800", "2100", "2101") == {
        "1799": years, "1800": 1800, "2100": 2100, "2101": years,
    }  # fmt: skip
    assert [WholeNumberField().widget.attrs, WholeNumberField(widget=Checkbox).widget.attrs] == [
        {"inputmode": "numeric", "dir": "ltr"},
        {},
    ]


def test_degrees() -> None:
    between = ["Enter degrees between -90 and 90, such as 39.3292."]
    assert answers(
        DegreesField(required=False, most=90, letters="NS"),
        "", None, "39.3292", "39,3292", "+4", "-4.17386", "4 S", "4° n", "4° 30' S", "4° 30' 36\" N", "4° 30' 36'' s",
        "90", "-90", "90.0001", "-90.0001", "-4 S", "+4 N", "4 E", "4 W", "north", "4° 30", "1-2",
    ) == {
        "": None, None: None, "39.3292": Decimal("39.3292"), "39,3292": Decimal("39.3292"), "+4": Decimal("4.0000"),
        "-4.17386": Decimal("-4.1739"), "4 S": Decimal("-4.0000"), "4° n": Decimal("4.0000"),
        "4° 30' S": Decimal("-4.5000"), "4° 30' 36\" N": Decimal("4.5100"), "4° 30' 36'' s": Decimal("-4.5100"),
        "90": Decimal("90.0000"), "-90": Decimal("-90.0000"), "90.0001": between, "-90.0001": between, "-4 S": between,
        "+4 N": between, "4 E": between, "4 W": between, "north": between, "4° 30": between, "1-2": between,
    }  # fmt: skip
    between = ["Enter degrees between -180 and 180, such as -82.1013."]
    assert answers(DegreesField(most=180, letters="EW"), "120", "82.1013 W", "180", "181", "4 S") == {
        "120": Decimal("120.0000"), "82.1013 W": Decimal("-82.1013"), "180": Decimal("180.0000"), "181": between, "4 S": between,
    }  # fmt: skip
    assert [
        DegreesField(most=90, letters="NS").widget.attrs,
        DegreesField(most=90, letters="NS", widget=Checkbox).widget.attrs,
    ] == [{"inputmode": "decimal", "dir": "ltr"}, {}]


def test_currencies() -> None:
    refused = ["Enter a currency by its three letters, such as KES."]
    assert answers(CurrencyField(required=False), "", "kes", "KES", "xxq", "EURO") == {
        "": "", "kes": "KES", "KES": "KES", "xxq": refused, "EURO": refused,
    }  # fmt: skip
    assert answer(CurrencyField(), "") == ["This field is required."]
    assert (CurrencyField().help_text, CurrencyField(help_text="Of the grant.").help_text) == (
        "Three letters, such as KES.",
        "Of the grant.",
    )
    assert CurrencyField().widget.attrs == {"autocapitalize": "characters", "size": 4, "maxlength": "3"}


# ── Dates ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dates_known_in_part_are_refused_with_what_to_enter() -> None:
    malformed = answer(PartialDateField(), "lately")[0]
    assert malformed.startswith("Enter a date such as ")
    assert malformed.endswith(", or nothing.")
    earliest = answer(PartialDateField(latest=False), "by 2021")[0]
    assert (earliest.startswith("Enter a date such as "), "by" in earliest, "by" in malformed) == (True, False, True)
    assert answers(
        PartialDateField(), "03/04/2021", "2021-02-30", "1443-02-01", "1735-02-01", "2564-02-01", "1200"
    ) == {
        "03/04/2021": ["Write the year first: 2021-04-03 or 2021-03-04."],
        "2021-02-30": ["There is no such day: February 2021 has 28 days."],
        "1443-02-01": [
            "1443 may be a year of the Islamic (Hijri) or the Persian calendar. Enter the date in the Gregorian one."
        ],
        "1735-02-01": ["1735 may be a year of the Coptic calendar. Enter the date in the Gregorian one."],
        "2564-02-01": ["2564 may be a year of the Buddhist calendar. Enter the date in the Gregorian one."],
        "1200": ["Enter a year from 1900 to 2199."],
    }


def test_days_to_come_and_latest_days_are_refused_by_fields_that_ask_for_a_beginning() -> None:
    def refuses(field: PartialDateField, value: str) -> bool:
        return isinstance(answer(field, value), list)

    fields = [PartialDateField(), PartialDateField(past=True), PartialDateField(latest=False)]
    asked = ("2150-01-01", "2015-01-01", "by 2015", "by 2015-03", "2015")
    assert [[refuses(field, value) for value in asked] for field in fields] == [
        [False, False, False, False, False],
        [True, False, False, False, False],
        [False, False, True, True, False],
    ]
    optional = [PartialDateField(required=False, past=past) for past in (False, True)]
    assert [answer(field, "") for field in optional] == [(None, Precision.UNKNOWN.value)] * 2


# ── Choices ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def few() -> list[tuple[Any, Any]]:
    return [("", "None"), ("north", "The North"), ("south", "South"), ("x", "x")]


def many() -> list[tuple[Any, Any]]:
    return [("", "None"), *((f"c{n}", f"Name {n}") for n in range(LONG + 1))]


def none() -> list[tuple[Any, Any]]:
    return [("", "None")]


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("kind", [NamedChoiceField, CodesField])
def test_one_of_a_list_is_understood_by_code_and_by_name(kind: Callable[..., Field], fixed: bool) -> None:
    field = kind(choices=few, fixed=fixed, required=False)

    def one(code: str) -> Any:
        return [code] if kind is CodesField else code

    expected = "Enter one of: north (The North), south (South) or x."
    refused = [expected] if kind is NamedChoiceField else [f"Not known: west. {expected}"]
    assert answers(field, "north", "THE  NORTH", "South", "x", "west", "") == {
        "north": one("north"), "THE  NORTH": one("north"), "South": one("south"), "x": one("x"), "west": refused,
        "": [] if kind is CodesField else "",
    }  # fmt: skip
    assert "None" not in {str(value) for value in answers(field, "none").values() if not isinstance(value, list)}
    assert isinstance(answer(field, "none"), list)
    assert answer(kind(choices=few), "") == ["This field is required."]


def test_what_may_be_entered_is_all_of_a_short_list_and_one_of_a_long() -> None:
    assert [
        answer(NamedChoiceField(choices=choices, sample=sample, fixed=False), "west")[0][:60]
        for choices, sample in ((none, ""), (many, ""), (many, "c7"), (many, "gone"))
    ] == [
        "Leave this empty, or add it to the network first: there is n",
        "Enter a code or a name, such as c0 (Name 0).",
        "Enter a code or a name, such as c7 (Name 7).",
        "Enter a code or a name, such as c0 (Name 0).",
    ]
    assert len(many()) == LONG + 2
    at_most = NamedChoiceField(choices=lambda: many()[:-1], fixed=False)
    assert answer(at_most, "west")[0].startswith("Enter one of: c0 (Name 0), c1 (Name 1)")


def test_who_enters_nothing_is_asked_for_nothing() -> None:
    def asked() -> list[tuple[Any, Any]]:
        raise AssertionError

    fields = [
        kind(choices=asked, fixed=fixed, required=False)
        for kind in (NamedChoiceField, CodesField)
        for fixed in (True, False)
    ]
    assert [field.clean("") for field in fields] == ["", "", [], []]


def test_other_words_for_a_value_are_understood_after_its_own() -> None:
    field = NamedChoiceField(choices=few, words={"up": "north", "south": "north"})
    assert answers(field, "Up", "south", "down")["Up"] == "north"
    assert (answer(field, "south"), isinstance(answer(field, "down"), list)) == ("south", True)


def test_several_of_a_list_are_read_between_marks_each_once() -> None:
    field = CodesField(choices=few)
    marks = ("south,north", "south; north", "south، north", "south؛north", "South\nthe north\n\nsouth", "south,,north,")
    assert answers(field, *marks) == {key: ["south", "north"] for key in marks}
    assert field.clean(["x", "north", "x"]) == ["x", "north"]
    assert answer(field, "west, south, east") == [
        "Not known: west and east. Enter one of: north (The North), south (South) or x."
    ]
    field.offer(lambda: [("x", "x")])
    assert (list(field.widget.choices), field.clean("north")) == ([("x", "x")], ["north"])


def test_countries_are_asked_about_if_a_name_is_that_of_several() -> None:
    field = CountryField(required=False)
    assert answers(field, "", "Kenya", "ke", "AF", "Congo", "Germony", "Atlantis") == {
        "": "", "Kenya": "KE", "ke": "KE", "AF": "AF",
        "Congo": ["“Congo” is the name of several countries. Enter CD (Democratic Republic of the Congo) or CG (Republic of the Congo)."],
        "Germony": ["There is no country “Germony”. Did you mean DE (Germany) or IR (Iran)?"],
        "Atlantis": ["Enter a code or a name, such as KE (Kenya)."],
    }  # fmt: skip
    assert answer(CountryField(), "") == ["This field is required."]


def test_yes_and_no() -> None:
    field = YesField(required=False)
    said = answers(
        field, "on", "1", "Yes", "TRUE", "x", "Oui", "نعم", "ndiyo", "", None, "0", "no", "False", "Non", "لا", "hapana"
    )
    assert list(said.values()) == [True] * 8 + [False] * 8
    assert answer(field, "perhaps") == ["Enter yes or no."]
    assert [field.prepare_value(value) for value in (True, False, "perhaps", None)] == ["yes", "", "perhaps", None]
    assert [field.has_changed(*pair) for pair in ((True, "yes"), (True, ""), (False, ""), (False, "yes"))] == [
        False, True, False, True,
    ]  # fmt: skip
    assert [Checkbox().value_from_datadict(sent, {}, "a") for sent in ({"a": "on"}, {}, {"b": "on"})] == ["on", "", ""]


# ── Lists to choose from ────────────────────────────────────────────────────────────────────────────────────────────────


def test_countries_to_choose_from_are_those_of_iso_and_kosovo_by_name() -> None:
    with override("fr"):
        offered = country_choices()
    codes = [code for code, _name in offered]
    assert (offered[0][0], len(set(codes))) == ("", len(codes))
    assert {"KE", "XK", "TZ", "DE"} <= set(codes)
    assert not {"EU", "UN", "ZZ", "XA", "AC", "UK", "SU", "001", "419"} & set(codes)
    assert codes.index("DE") < codes.index("BR") < codes.index("ZW")  # Allemagne, Brésil, Zimbabwe


def test_languages_to_choose_from_are_those_in_use() -> None:
    every = dict(language_choices())
    offered = dict(spoken_languages("vo", "qqq"))
    assert "und" not in every  # no language, but that none is known
    # Spoken by one in a hundred of a country, exactly or about; by an authority alone; by neither; an older stage.
    assert [code in offered for code in ("sw", "mua", "ace", "gd", "haw", "an", "ae", "grc")] == [True] * 5 + [
        False
    ] * 3
    assert {code in every for code in ("sw", "mua", "gd", "an", "ae", "grc")} == {True}
    assert not [code for code in every if not (code.isalpha() and len(code) in {2, 3})]
    assert (offered["vo"], offered["qqq"], "qqq" in every, "vo" in dict(spoken_languages())) == (
        "Volapük", "qqq", False, False,
    )  # fmt: skip
    with override("sw"):
        swahili = dict(language_choices())
    # A language without a name in Swahili has its English one.
    assert (swahili["sw"], swahili["akk"], every["akk"]) == ("Kiswahili", "Akkadian", "Akkadian")


def test_time_zones_to_choose_from_stand_by_country() -> None:
    offered = zone_choices("Africa/Nairobi", "UTC", "", "Mars/Olympus")
    assert offered[:3] == [
        ("", "Not yet known"), ("UTC", "Coordinated Universal Time (UTC)"), ("Mars/Olympus", "Mars/Olympus"),
    ]  # fmt: skip
    groups: dict[str, Any] = dict(offered[3:])
    assert (groups["Kenya"], next(iter(groups))) == ([("Africa/Nairobi", "Nairobi (Africa/Nairobi)")], "Afghanistan")
    zones: set[str] = {zone for group in groups.values() for zone, _label in group}
    assert {zone.partition("/")[0] for zone in zones} & {"Etc", "SystemV", "US"} == set()
    assert {"GMT", "Etc/UTC", "EST"} & zones == set()
    assert [zone_of_country(code) for code in ("KE", "US", "XX", "")] == ["Africa/Nairobi", "", "", ""]


def test_modes_to_choose_from_are_none_wider_than_the_widest() -> None:
    public, network, closed = (
        ("public", "Public: everybody may see it"),
        ("network", "Network: signed-in people of members may see it"),
        ("closed", "Closed: only the people of this event may see it"),
    )
    assert [access_choices(), access_choices("network"), access_choices("closed")] == [
        [public, network, closed],
        [network, closed],
        [closed],
    ]
    assert access_choices("closed", closed="Closed: only us") == [("closed", "Closed: only us")]
