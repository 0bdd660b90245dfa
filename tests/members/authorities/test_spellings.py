"""A sheet is read as its author means it: a place that is spelled in two ways is still one place."""

from collections.abc import Iterable

import pycountry
import pytest
from babel import Locale

from jirani.core.sheets import Outcome, bring_in, importer
from jirani.core.text import slug_base
from jirani.language import name_key
from jirani.members.enums import AuthorityKind
from jirani.members.models import LocalAuthority, Organisation
from jirani.members.text import KIND_WORDS, countries_named, likely_countries
from jirani.ui.text.own_names import COUNTRIES
from tests import factories as make

from ..facts import as_csv, row_of


def bring(rows: Iterable[list[str]]) -> Outcome:
    return bring_in(importer("members"), as_csv(list(rows)), by=None, dry_run=False)


def place(name: str, **changes: str) -> list[str]:
    """Build a row with the required cells and the given ones."""
    bare = dict.fromkeys(("Name in its own language", "ISO 3166-2 code", "Latitude", "Longitude"), "")
    return row_of("Rabat", Name=name, **bare | changes)


# ── Countries ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["en", "fr", "ar", "sw"])
def test_every_name_of_cldr_is_its_country(language: str) -> None:
    names = {str(words): code for code, words in Locale.parse(language).territories.items() if len(code) == 2}
    ours = {country.alpha_2 for country in pycountry.countries} | {"XK"}

    assert {name: countries_named(name) for name, code in names.items() if code in ours} == {
        name: {code} for name, code in names.items() if code in ours
    }


def test_every_name_and_code_of_iso_is_its_country() -> None:
    found: dict[tuple[str, str], frozenset[str]] = {}
    for country in pycountry.countries:
        said = {country.alpha_2, country.alpha_3, country.name, getattr(country, "official_name", country.name)}
        found |= {(country.alpha_2, word): countries_named(word) for word in said}

    wrong = {word: codes for (code, word), codes in found.items() if codes != {code}}
    assert wrong == {"Congo": {"CD", "CG"}}


def test_a_country_is_understood_by_the_name_it_is_shown_under() -> None:
    shown = {name: code for names in COUNTRIES.values() for code, name in names.items()}
    assert {name: countries_named(name) for name in shown} == {name: {code} for name, code in shown.items()}


@pytest.mark.parametrize("bare", ["Congo", "kongo", "Kongó", "Конго", "Κονγκό", "الكونغو", "콩고", "कांगो"])
def test_congo_alone_is_two_countries_in_every_language(bare: str) -> None:
    assert countries_named(bare) == {"CD", "CG"}
    assert [countries_named(name) for name in ("Jamhuri ya Kongo", "Jamhuri ya Kidemokrasia ya Kongo")] == [
        {"CG"},
        {"CD"},
    ]
    assert [countries_named(name) for name in ("Kongo-Brazzaville", "Kongo-Kinshasa")] == [{"CG"}, {"CD"}]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CÔTE D’IVOIRE", "CI"),
        ("cote d ivoire", "CI"),
        ("Guinée‑Bissau", "GW"),
        ("St Kitts & Nevis", "KN"),
        ("Saint Vincent and the Grenadines", "VC"),
        ("Democratic Republic of Congo", "CD"),
        ("Congo-Brazzaville", "CG"),
        ("République du Sénégal", "SN"),
        ("Jamhuri ya Muungano wa Tanzania", "TZ"),
        ("المملكة الأردنية الهاشمية", "JO"),
        ("فيتنام", "VN"),
        ("Great Britain", "GB"),
        ("Upper Volta", "BF"),
        ("Zaïre", "CD"),
        ("Deutschland", "DE"),
        ("Türkei", "TR"),
        ("Uganda (UG)", "UG"),
        ("Venezuela (Bolivarian Republic of)", "VE"),
        ("U.A.E.", "AE"),
        ("\u200fمصر\u200f", "EG"),
    ],
)
def test_countries_go_by_every_name(written: str, code: str) -> None:
    assert countries_named(written) == {code}


def test_what_is_no_country_is_none_and_near_ones_are_named() -> None:
    assert [countries_named(word) for word in ("Atlantis", "EU", "Uganda (TZ)", "", "Korea")] == [frozenset()] * 5
    assert [likely_countries("Germony")[0], likely_countries("Kenja")[0], likely_countries("Atlantis")] == [
        "DE",
        "KE",
        [],
    ]
    assert {"KP", "KR"} <= set(likely_countries("Korea"))


@pytest.mark.django_db
def test_an_ambiguous_country_is_asked_about_and_a_mistyped_one_answered() -> None:
    outcome = bring(
        [place("Pointe-Noire", Country="Congo"), place("Jena", Country="Germony"), place("Ur", Country="Atlantis")]
    )

    assert [fault.expected for fault in outcome.faults] == [
        "“Congo” is the name of several countries. Enter CD (Democratic Republic of the Congo) or CG (Republic of the Congo).",
        "There is no country “Germony”. Did you mean DE (Germany) or IR (Iran)?",
        "Enter a code or a name, such as KE (Kenya).",
    ]
    assert LocalAuthority.objects.count() == 0


# ── Kinds ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Town", "municipality"),
        ("CITY COUNCIL", "city"),
        ("Metropolitan  municipality", "municipality"),
        ("Gouvernorat", "region"),
        ("مُحافظة", "region"),
        ("Sub‑county", "district"),
        ("halmashauri ya wilaya", "district"),
    ],
)
def test_kinds_go_by_their_names_in_law(written: str, kind: str) -> None:
    outcome = bring([row_of("Nakuru County", Kind=written)])

    assert [str(fault) for fault in outcome.faults] == []
    assert LocalAuthority.objects.get().kind == kind


def test_a_word_is_one_kind_only() -> None:
    assert set(KIND_WORDS.values()) == set(AuthorityKind.values)
    own = {name_key(kind.value): kind.value for kind in AuthorityKind}
    assert {word: kind for word, kind in KIND_WORDS.items() if own.get(word, kind) != kind} == {}


# ── The same place ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ma'rib", "Maʼrib"),
        ("Ma'rib", "Marib"),
        ("Évry-Courcouronnes", "EVRY COURCOURONNES"),
        ("إربد", "اربد"),
        ("إِرْبِد", "إربــد"),
        ("Nakuru County", "nakuru  county\u200b"),
    ],
)
def test_two_rows_of_one_place_are_refused_with_both_shown(one: str, other: str) -> None:
    outcome = bring([place(one), place("Kisumu"), place(other)])

    assert [(fault.row, fault.expected) for fault in outcome.faults] == [
        (4, f"Row 2 already says “{one}”. Keep one of the two.")
    ]
    assert LocalAuthority.objects.count() == 0


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "–", "\u00a0", " "])
def test_a_name_s_address_keeps_its_parts_apart(dash: str) -> None:
    assert slug_base(f"Saint{dash}Étienne\u200b", "organisation") == "saint-etienne"


@pytest.mark.django_db
def test_a_place_that_is_known_is_recognised_however_it_is_spelled() -> None:
    bring([place("Ma’rib", Population="300000")])
    outcome = bring([place("Maʼrib", Population="350 000")])

    assert [(result.change, result.details) for result in outcome.results] == [("changed", ("Name", "Population"))]
    assert Organisation.objects.get().authority.population == 350_000
    assert list(Organisation.objects.called("MARIB")) == [Organisation.objects.get()]


@pytest.mark.django_db
def test_a_name_that_changes_is_found_by_the_new_one() -> None:
    body = make.organisation("Amani Trust")
    body.name = "Trust of Peace"
    body.save(update_fields=["name"])

    assert list(Organisation.objects.called("amani-trust")) == []
    assert list(Organisation.objects.called("trust of peace")) == [body]


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("heading", "written", "read"),
    [
        ("Population", "٨٦٦٬٨٢٠", 866_820),
        ("Population", "\u200f٨٦٦٨٢٠\u200f", 866_820),
        ("Population", "866’820", 866_820),
        ("Population", "866\u202f820", 866_820),
        ("Latitude", "−٤٫١٧", "-4.1700"),
        ("Latitude", "\u200e-4.17\u200e", "-4.1700"),
        ("Latitude", "4° 10' 26\" S", "-4.1739"),
        ("Latitude", "4°10′26″S", "-4.1739"),
        ("ISO 3166-2 code", "ke\u201119", "KE-19"),
    ],
)
def test_numbers_and_codes_of_any_script_and_with_unseen_marks(heading: str, written: str, read: object) -> None:
    fields = {"Population": "population", "Latitude": "latitude", "ISO 3166-2 code": "subdivision"}
    longitude = {"Longitude": "39.45"} if heading == "Latitude" else {}
    outcome = bring([row_of("Kwale County", **{heading: written, **longitude})])

    assert [str(fault) for fault in outcome.faults] == []
    found = getattr(LocalAuthority.objects.get(), fields[heading])
    assert (str(found) if heading == "Latitude" else found) == read


@pytest.mark.django_db
def test_a_year_of_another_calendar_is_named() -> None:
    outcome = bring([row_of("Nakuru County", **{"Member since": "1443-02-01"})])

    assert [fault.expected for fault in outcome.faults] == [
        "1443 may be a year of the Islamic (Hijri) or the Persian calendar. Enter the date in the Gregorian one."
    ]
