"""Importing local authorities from a spreadsheet: all rows or none, with every bad cell named."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.utils.translation import override

from jirani.audit.models import Entry
from jirani.core.sheets import (
    MOST_ROWS,
    BadSheet,
    Change,
    Outcome,
    bring_in,
    importer,
    read_sheet,
)
from jirani.members.enums import MembershipState
from jirani.members.models import Hub, LocalAuthority, Membership, Organisation
from jirani.translation.models import Translation
from tests import factories as make
from tests.cast import assemble

from ..facts import HEADINGS, ROWS, as_csv, as_xlsx, row_of

pytestmark = pytest.mark.django_db


def import_rows(rows: list[list[str]] | None = None, *, dry_run: bool = False) -> Outcome:
    return bring_in(importer("members"), as_xlsx(rows), by=None, dry_run=dry_run)


def faults(rows: list[list[str]], head: list[str] | None = None) -> list[tuple[int, str, str, str]]:
    outcome = bring_in(importer("members"), as_csv(rows, head), by=None, dry_run=False)
    return [(fault.row, fault.letter, fault.column, fault.value) for fault in outcome.faults]


def joined(name: str) -> tuple[date | None, str]:
    membership = Membership.objects.get(authority__organisation__name=name)
    return membership.joined_on, membership.joined_precision


_SWEEP = pytest.mark.sweep


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(as_xlsx(), id="xlsx"),
        pytest.param(as_csv(), id=",", marks=_SWEEP),
        pytest.param(as_csv(mark=";"), id=";"),
        pytest.param(as_csv(mark="\t"), id="tab", marks=_SWEEP),
    ],
)
def test_the_facts_as_a_spreadsheet(content: bytes) -> None:
    outcome = bring_in(importer("members"), content, by=None, dry_run=False)

    assert [str(fault) for fault in outcome.faults] == []
    assert outcome.count(Change.ADDED) == len(ROWS) == LocalAuthority.objects.count()
    assert {
        name: joined(name) for name in ("Mombasa County", "Kwale County", "Kakamega County", "Mandera County", "Rabat")
    } == {
        "Mombasa County": (date(2015, 1, 1), "year"),
        "Kwale County": (date(2021, 3, 1), "by-month"),
        "Kakamega County": (date(2021, 3, 25), "day"),
        "Mandera County": (date(2019, 12, 1), "month"),
        "Rabat": (None, "unknown"),
    }
    athens = LocalAuthority.objects.get(organisation__name="Athens")
    assert (athens.country, athens.subdivision, str(athens.latitude), str(athens.longitude), athens.population) == (
        "US", "US-OH", "39.3292", "-82.1013", 25044,
    )  # fmt: skip
    pej = LocalAuthority.objects.get(organisation__name="Pejë")
    assert (pej.country, pej.subdivision, pej.organisation.slug, pej.organisation.country) == ("XK", "", "peje", "XK")
    lamu = LocalAuthority.objects.get(organisation__name="Lamu County")
    assert list(lamu.memberships.all()) == []
    assert Membership.objects.filter(unconfirmed=True).get().authority.organisation.name == "Danilovgrad"
    assert set(LocalAuthority.objects.filter(population=None)) == {
        LocalAuthority.objects.get(organisation__slug="rabat")
    }


def test_the_same_sheet_again_changes_nothing_and_an_empty_cell_says_nothing() -> None:
    import_rows()
    before = Entry.objects.count()

    again = import_rows()
    assert {change: again.count(change) for change in Change} == {"added": 0, "changed": 0, "unchanged": len(ROWS)}
    assert Entry.objects.count() == before

    changed = import_rows(
        [
            row_of("Lamu County", Membership="member", **{"Member since": "2027", "Population": ""}),
            row_of("Athens", Population="25 045", **{"Member since": ""}),
            row_of("Rabat"),
        ]
    )
    assert [str(fault) for fault in changed.faults] == [
        "Row 2, column J “Member since”, value “2027”: Enter a date in the past: it is a member already."
    ]
    assert LocalAuthority.objects.get(organisation__name="Athens").population == 25044

    changed = import_rows(
        [row_of("Athens", Population="25 045", **{"Member since": "", "Membership": "paused"}), row_of("Rabat")]
    )
    assert [(r.name, r.change, r.details) for r in changed.results] == [
        ("Athens", Change.CHANGED, ("Population", "Membership")),
        ("Rabat", Change.UNCHANGED, ()),
    ]
    athens = Membership.objects.get(authority__organisation__name="Athens")
    assert (athens.state, athens.joined_on, athens.joined_precision) == (
        MembershipState.PAUSED,
        date(2023, 11, 1),
        "by-month",
    )


def test_a_new_remark_is_in_the_language_of_the_sheet() -> None:
    def remark(words: str) -> tuple[str, str]:
        sheet = as_csv([[*row_of("Rabat"), words]], [*HEADINGS, "Remark"])
        bring_in(importer("members"), sheet, by=None, dry_run=False)
        kept = Membership.objects.get(authority__organisation__name="Rabat")
        return kept.remark, kept.language

    with override("fr"):
        first = remark("Copréside")
    again, other = remark("Copréside"), remark("Co-chair")

    assert (first, again, other) == (("Copréside", "fr"), ("Copréside", "fr"), ("Co-chair", "en"))


def test_another_athens_is_another_place() -> None:
    import_rows([row_of("Athens")])

    in_georgia = [
        ["Athens", "", "city", "US", "US-GA", "33.96", "-83.38", "127,315", "", "", "", ""],
        ["Athens", "", "city", "GR", "GR-I", "37.98", "23.73", "", "", "", "", ""],
    ]
    import_rows(in_georgia)
    assert sorted(LocalAuthority.objects.values_list("subdivision", "organisation__slug")) == [
        ("GR-I", "athens-gr-i"),
        ("US-GA", "athens-us-ga"),
        ("US-OH", "athens"),
    ]
    without_code = row_of("Athens", **{"ISO 3166-2 code": ""})
    assert [str(fault) for fault in import_rows([without_code]).faults] == [
        "Row 2, column E “ISO 3166-2 code”, value “”: Enter the ISO 3166-2 code: there are several places of this name."
    ]


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        ("37.98", "23.73", r"Enter a point in United States; this one lies about 7[\d,]+ km outside\."),  # Greece
        ("-39.3292", "-82.1013", r"Enter a point in United States"),  # the wrong half of the world
        ("39.3292", "82.1013", r"Enter a point in United States"),
        ("33.96", "-83.38", r"Enter a point in US-OH; this one lies outside\."),  # Athens, Georgia
    ],
)
def test_a_point_elsewhere_is_refused(latitude: str, longitude: str, words: str) -> None:
    row = row_of("Athens", Latitude=latitude, Longitude=longitude)
    fault = str(import_rows([row]).faults[0])

    assert re.search(words, fault), fault
    assert fault.startswith(f"Row 2, column F “Latitude”, value “{latitude}”")
    assert LocalAuthority.objects.count() == 0


@pytest.mark.parametrize(
    ("heading", "letter", "value"),
    [
        ("Name", "A", ""),
        ("Kind", "C", "village green"),
        ("Country", "D", "Atlantis"),
        ("Country", "D", "EU"),
        ("ISO 3166-2 code", "E", "US-GA"),
        ("ISO 3166-2 code", "E", "KE_19"),
        ("Latitude", "F", "north"),
        ("Latitude", "F", "91"),
        ("Longitude", "G", "200"),
        ("Population", "H", "about 800 000"),
        ("Population", "H", "86,68,20"),
        ("Population", "H", "=1+1"),
        ("Population", "H", "9999999999"),
        ("Membership", "I", "friend"),
        ("Member since", "J", "15 Ramadan 1442"),
        ("Member since", "J", "2021-13"),
        ("Member since", "J", "2021-02-30"),
        ("Unconfirmed", "K", "perhaps"),
        ("Source of the membership", "L", "a newspaper"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_stays(heading: str, letter: str, value: str) -> None:
    rows = [row_of("Nakuru County"), row_of("Kwale County", **{heading: value})]

    assert faults(rows) == [(3, letter, heading, value)]
    assert Organisation.objects.count() == 0


def test_several_bad_cells_are_all_named() -> None:
    rows = [
        row_of("Nakuru County", Country="Kenja", Population="many", **{"Member since": "lately"}),
        row_of("Kwale County", Latitude="x", Longitude="y"),
    ]

    assert [(row, column) for row, _letter, column, _value in faults(rows)] == [
        (2, "Country"),
        (2, "Population"),
        (2, "Member since"),
        (3, "Latitude"),
        (3, "Longitude"),
    ]


def test_an_arabic_sheet_names_hubs_in_arabic_and_is_told_them_in_arabic() -> None:
    esa, name = make.hub("East and Southern Africa"), "شرق أفريقيا وجنوبها"
    Translation.objects.create(record=esa, field="name", language="ar", body=name, state="drafted")
    head = ["Name", "Kind", "Country", "ISO 3166-2 code", "Regional hub"]

    def bring(hub: str) -> list[str]:
        content = as_csv([["Kwale County", "county", "KE", "KE-19", hub]], head)
        return [str(fault.expected) for fault in bring_in(importer("members"), content, by=None, dry_run=False).faults]

    with override("ar"):
        assert bring("جنوب آسيا") == [f"أدخل واحدًا مما يلي: {esa.slug} ({name})."]
        assert bring(name) == []
    assert LocalAuthority.objects.get().hub == esa


def test_a_sheet_takes_no_authority_out_of_another_hub() -> None:
    cast, other = assemble(), make.hub("Middle East")
    karak = make.authority("Karak", country="JO", subdivision="JO-KA", hub=other)
    head = ["Name", "Kind", "Country", "ISO 3166-2 code", "Regional hub", "Population", "Membership"]

    def bring(*row: str) -> tuple[list[str], LocalAuthority | None]:
        outcome = bring_in(
            importer("members"), as_csv([list(row)], head), by=cast.users()["hub_coordinator"], dry_run=False
        )
        found = LocalAuthority.objects.filter(organisation__name=row[0]).first()
        return [fault.expected for fault in outcome.faults], found

    def stored() -> tuple[Hub | None, int | None, str]:
        kept = LocalAuthority.objects.get(pk=karak.pk)
        return kept.hub, kept.population, kept.memberships.get().state

    for hub, population, state in (
        (cast.hub.slug, "9", "prospect"),
        (cast.hub.slug, "", ""),
        ("", "9", ""),
        ("", "", "prospect"),
    ):
        faults, _found = bring("Karak", "county", "JO", "JO-KA", hub, population, state)
        assert (faults, stored()) == (["You may not change this local authority."], (other, None, "member"))

    assert bring("Kwale County", "county", "KE", "KE-19", other.slug, "", "")[0] == [
        "Choose a hub that you coordinate."
    ]
    assert bring("Lamu County", "county", "KE", "KE-21", "", "", "") == (["Choose a hub that you coordinate."], None)
    faults, lamu = bring("Lamu County", "county", "KE", "KE-21", cast.hub.slug, "9", "member")
    assert (faults, lamu and lamu.hub) == ([], cast.hub)


@pytest.mark.parametrize("written", ["KE", "ke", "Kenya", "كينيا", " kenya "])
def test_a_country_by_code_or_by_name_in_any_language(written: str) -> None:
    assert faults([row_of("Kwale County", Country=written)]) == []
    assert LocalAuthority.objects.get().country == "KE"


@pytest.mark.parametrize(
    "written", ["866820", "866,820", "866 820", "866.820", "866\u00a0820", "866\u202f820", "866’820", "٨٦٦٨٢٠"]
)
def test_numbers_as_people_write_them(written: str) -> None:
    assert faults([row_of("Kwale County", Population=written)]) == []
    assert LocalAuthority.objects.get().population == 866820


@pytest.mark.parametrize("written", ["-4.1738", "−4.1738", "4.1738 S", "4,1738°S", "-4,17380"])
def test_degrees_as_people_write_them(written: str) -> None:
    assert faults([row_of("Kwale County", Latitude=written)]) == []
    assert str(LocalAuthority.objects.get().latitude) == "-4.1738"


def test_unknown_and_missing_headings_are_named() -> None:
    assert faults([[*row_of("Kwale County"), "x"]], [*HEADINGS, "Mayor"]) == [(1, "M", "Mayor", "Mayor")]
    with pytest.raises(BadSheet, match="Missing: Kind"):
        bring_in(importer("members"), as_csv([["Kwale", "KE"]], ["Name", "Country"]), by=None, dry_run=False)


def test_a_formula_is_refused_in_a_workbook_too() -> None:
    outcome = import_rows([row_of("Kwale County", Population='=HYPERLINK("https://example.org")')])

    assert [(fault.row, fault.column, fault.expected) for fault in outcome.faults] == [
        (2, "Population", "Enter a value, not a formula.")
    ]


def test_dates_of_a_workbook_keep_the_precision_that_the_cell_shows() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    names = {"Nakuru County": "mmm-yy", "Kwale County": "yyyy-mm-dd", "Isiolo County": "yyyy"}
    for number, (name, shown) in enumerate(names.items(), start=2):
        sheet.append(row_of(name))
        sheet[f"J{number}"] = date(2021, 3, 1)
        sheet[f"J{number}"].number_format = shown
    out = io.BytesIO()
    book.save(out)

    bring_in(importer("members"), out.getvalue(), by=None, dry_run=False)
    assert [joined(name) for name in names] == [
        (date(2021, 3, 1), "month"),
        (date(2021, 3, 1), "day"),
        (date(2021, 1, 1), "year"),
    ]


def test_files_that_would_fill_the_memory_are_refused() -> None:
    columns = importer("members").columns
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (61 * 1024 * 1024))
    for content, words in [
        (bomb.getvalue(), "60 MB"),
        (b"PK\x03\x04 torn", "cannot be read"),
        (b"\xd0\xcf\x11\xe0 old", "old .xls"),
        (b"Name,Kind\n\xff\xfe\x00", "neither .xlsx nor CSV"),
        (b"", "empty"),
        (as_csv([["Kwale", "county", "KE"]] * (MOST_ROWS + 1), ["Name", "Kind", "Country"]), "more than 5000 rows"),
    ]:
        with pytest.raises(BadSheet, match=words):
            read_sheet(content, columns)
