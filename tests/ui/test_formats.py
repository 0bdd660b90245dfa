"""Dates, numbers, lists and names, as each language writes them."""

import datetime as dt
import re
from typing import Any

import pytest
from babel import Locale
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jirani.forums.enums import SeatRole
from jirani.members.enums import AuthorityKind
from jirani.ui import text
from jirani.ui.text.locales import locale_of

TODAY = dt.date(2026, 11, 22)
FIRST, LAST = dt.date(2021, 11, 24), dt.date(2021, 12, 3)
LANGUAGES = ("en", "fr", "ar", "sw")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "24 November to 3 December 2021"),
        ("fr", "du 24 novembre au 3 décembre 2021"),
        ("ar", "من 24 نوفمبر إلى 3 ديسمبر 2021"),
        ("sw", "24 Novemba hadi 3 Desemba 2021"),
        ("de", "24. Nov. – 3. Dez. 2021"),
    ],
)
def test_a_range_is_said_whole(code: str, said: str) -> None:
    found = text.day_range(FIRST, LAST, today=TODAY, locale=locale_of(code))

    assert re.sub(r"\s", " ", found) == said  # CLDR writes thin spaces around a dash


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (dt.date(2021, 12, 1), dt.date(2021, 12, 3), "1 to 3 December 2021"),
        (dt.date(2021, 12, 30), dt.date(2022, 1, 2), "30 December 2021 to 2 January 2022"),
        (dt.date(2026, 3, 1), dt.date(2026, 4, 2), "1 March to 2 April"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 2), "30 December 2025 to 2 January 2026"),
        (dt.date(2021, 12, 1), None, "1 December 2021"),
        (dt.date(2021, 12, 1), dt.date(2021, 12, 1), "1 December 2021"),
    ],
)
def test_month_and_year_are_said_once_and_this_year_not_at_all(start: dt.date, end: dt.date | None, said: str) -> None:
    assert text.day_range(start, end, today=TODAY, locale=locale_of("en")) == said


def test_the_first_of_a_month_in_french() -> None:
    french = locale_of("fr")

    assert text.day(dt.date(2021, 12, 1), today=TODAY, locale=french) == "1er décembre 2021"
    assert text.day(dt.date(2021, 12, 11), today=TODAY, locale=french) == "11 décembre 2021"
    assert text.day(dt.date(2026, 12, 1), today=TODAY, style="weekday", locale=french) == "mardi 1er décembre"
    assert text.day_range(dt.date(2021, 11, 1), dt.date(2021, 11, 3), today=TODAY, locale=french) == (
        "du 1er au 3 novembre 2021"
    )


def test_this_year_is_left_out_unless_asked_for() -> None:
    english, day = locale_of("en"), dt.date(2026, 12, 1)

    assert text.day(day, today=TODAY, locale=english) == "1 December"
    assert text.day(day, today=TODAY, style="full", locale=english) == "1 December 2026"
    assert text.day(day, today=TODAY, style="weekday", locale=english) == "Tuesday 1 December"


@pytest.mark.parametrize(
    ("precision", "said", "machine"),
    [
        ("day", "1 May 2019", "2019-05-01"),
        ("month", "May 2019", "2019-05"),
        ("year", "2019", "2019"),
        ("by", "by 1 May 2019", "2019-05-01"),
        ("by-month", "by May 2019", "2019-05"),
        ("inferred", "1 May 2019, year inferred", "05-01"),
        ("unknown", "unknown", "2019-05-01"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(precision: str, said: str, machine: str) -> None:
    day = dt.date(2019, 5, 1)

    assert text.partial(day, precision, locale=locale_of("en")) == said
    assert text.iso(day, precision) == machine


#: A first day and a last one with their precisions, and how the time between is said.
SPANS: list[tuple[tuple[Any, str, Any, str], dict[str, str]]] = [
    (
        (dt.date(2019, 5, 1), "day", None, "day"),
        {"en": "since 1 May 2019", "fr": "depuis le 1er mai 2019", "ar": "منذ 1 مايو 2019", "sw": "tangu 1 Mei 2019"},
    ),
    (
        (dt.date(2019, 1, 1), "year", None, "unknown"),
        {"en": "since 2019", "fr": "depuis 2019", "ar": "منذ 2019", "sw": "tangu 2019"},
    ),
    (
        (dt.date(2019, 5, 31), "by", None, "day"),
        {
            "en": "since 31 May 2019 or before", "fr": "depuis le 31 mai 2019 ou avant",
            "ar": "منذ 31 مايو 2019 أو قبل ذلك", "sw": "tangu 31 Mei 2019 au kabla ya hapo",
        },
    ),
    (
        (dt.date(2019, 5, 1), "by-month", dt.date(2021, 6, 1), "by-month"),
        {
            "en": "May 2019 or before – June 2021 at the latest", "fr": "mai 2019 ou avant – juin 2021 au plus tard",
            "ar": "مايو 2019 أو قبل ذلك – يونيو 2021 على أبعد تقدير",
            "sw": "Mei 2019 au kabla ya hapo – kufikia Juni 2021",
        },
    ),
    (
        (dt.date(2019, 5, 1), "unknown", dt.date(2021, 6, 1), "by-month"),
        {
            "en": "until June 2021 at the latest", "fr": "jusqu’en juin 2021 au plus tard",
            "ar": "حتى يونيو 2021 على أبعد تقدير", "sw": "hadi kufikia Juni 2021",
        },
    ),
    (
        (None, "day", dt.date(2021, 6, 3), "by"),
        {
            "en": "until 3 June 2021 at the latest", "fr": "jusqu’au 3 juin 2021 au plus tard",
            "ar": "حتى 3 يونيو 2021 على أبعد تقدير", "sw": "hadi kufikia 3 Juni 2021",
        },
    ),
    ((None, "day", None, "day"), dict.fromkeys(("en", "fr", "ar", "sw"), "")),
]  # fmt: skip


@pytest.mark.parametrize(("days", "said"), SPANS)
def test_since_and_until_are_said_as_exactly_as_they_are_known(
    days: tuple[Any, str, Any, str], said: dict[str, str]
) -> None:
    found = {}
    for code in said:
        with translation.override(code):
            found[code] = text.span(*days)
    assert found == said


def test_hours_stand_in_the_zone_of_the_place_with_its_full_name() -> None:
    start = dt.datetime(2021, 11, 24, 10, tzinfo=dt.UTC)
    end = dt.datetime(2021, 11, 24, 12, 30, tzinfo=dt.UTC)

    assert text.hours(start, end, zone="Africa/Nairobi", locale=locale_of("en")) == "13:00–15:30 (East Africa Time)"
    assert text.hours(start, zone="Europe/Paris", locale=locale_of("fr")) == ("11:00 (heure normale d’Europe centrale)")
    assert text.hours(dt.time(9), dt.time(10), locale=locale_of("fr")) == "de 09:00 à 10:00"


@pytest.mark.parametrize(
    ("zone", "code", "said"),
    [
        ("Africa/Nairobi", "en", "Nairobi (East Africa Time)"),
        ("Africa/Nairobi", "ar", "نيروبي (توقيت شرق أفريقيا)"),
        ("Asia/Amman", "ar", "عمّان (غرينتش+03:00)"),
        ("Europe/Paris", "fr", "Paris (heure d’été d’Europe centrale)"),
        ("Asia/Kolkata", "ar", "كالكتا (غرينتش+05:30)"),
        ("UTC", "sw", "Mfumo wa kuratibu saa ulimwenguni"),
    ],
)
def test_a_zone_is_told_by_its_city_and_what_its_time_is_called_on_the_day(zone: str, code: str, said: str) -> None:
    assert text.zone_name(zone, on=dt.date(2026, 7, 1), locale=locale_of(code)) == said


def test_digits_are_latin_and_separators_the_language_s() -> None:
    assert text.number(12345.6, locale=locale_of("ar")) == "12,345.6"
    assert text.number(12345.6, locale=locale_of("ar-eg")) == "12,345.6"
    assert text.number(12345, locale=locale_of("fr")) == "12\u202f345"
    assert text.number(1.25, places=1, locale=locale_of("en")) == "1.2"


def test_lists_and_names() -> None:
    places = ("Kwale", "Lamu", "Isiolo")

    assert text.join(places, locale=locale_of("en")) == "Kwale, Lamu and Isiolo"
    assert text.join(places, style="or", locale=locale_of("en")) == "Kwale, Lamu or Isiolo"
    assert text.join(["كوالي", "لامو"], locale=locale_of("ar")) == "كوالي ولامو"
    assert text.join([]) == ""
    both = ["mayors and cities", "national governments", "donors"]
    assert text.join(both, locale=locale_of("en")) == "mayors and cities; national governments; donors"
    assert text.join(both[:1], locale=locale_of("en")) == "mayors and cities"
    assert text.join(["maires et villes", "donateurs"], locale=locale_of("fr")) == "maires et villes\u202f; donateurs"
    assert text.join(["رؤساء البلديات والمدن", "المانحون"], locale=locale_of("ar")) == "رؤساء البلديات والمدن؛ المانحون"
    assert text.join(["mameya na miji", "wafadhili"], locale=locale_of("sw")) == "mameya na miji; wafadhili"
    assert [text.country("XK", locale=locale_of(code)) for code in LANGUAGES] == [
        "Kosovo",
        "Kosovo",
        "كوسوفو",
        "Kosovo",
    ]
    assert [text.country("PS", locale=locale_of(code)) for code in LANGUAGES] == [
        "State of Palestine",
        "État de Palestine",
        "دولة فلسطين",
        "Palestina",
    ]
    assert text.country("ZZZ") == "ZZZ"
    assert [text.language(code, own=True) for code in LANGUAGES] == ["English", "français", "العربية", "Kiswahili"]
    assert text.language("xx-nothing") == "xx-nothing"
    assert [text.language("ary", locale=locale_of(code)) for code in LANGUAGES] == [
        "Moroccan Arabic",
        "arabe marocain",
        "العربية المغربية",
        "Kiarabu cha Moroko",
    ]
    assert text.host("https://www.strongcitiesnetwork.org/a?b") == "strongcitiesnetwork.org"
    assert text.host("no address") == "no address"


def test_minutes() -> None:
    english = locale_of("en")

    assert text.minutes(1, locale=english) == "1 minute"
    assert text.minutes(4, locale=english) == "4 minutes"


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    st.integers(0, 800),
    st.sampled_from([*LANGUAGES, "de"]),
)
def test_a_range_names_both_its_days_and_the_year_of_the_last(start: dt.date, length: int, code: str) -> None:
    locale: Locale = locale_of(code)
    end = start + dt.timedelta(days=length)

    said = text.day_range(start, end, today=TODAY, locale=locale)

    assert str(start.day) in said
    assert str(end.day) in said
    assert (str(end.year) in said) is (start.year != TODAY.year or end.year != TODAY.year)


@given(st.integers(-(10**12), 10**12), st.sampled_from(LANGUAGES))
def test_a_number_keeps_its_digits(value: int, code: str) -> None:
    said = text.number(value, locale=locale_of(code))

    assert "".join(c for c in said if c.isdigit()) == str(abs(value))


def test_the_tags_speak_the_active_language() -> None:
    page = Template(
        "{% load formats %}{% date_range a b %}|{{ b|date:'full' }}|{{ n|number }}|"
        "{{ names|list_join }}|{{ 'KE'|country_name }}|{{ 'ar'|language_name }}|{{ 'ar'|direction }}|{{ none|date }}"
    )
    context = Context({"a": FIRST, "b": LAST, "n": 1208, "names": ["Kwale", "Lamu"], "none": None})

    with translation.override("fr"):
        said = page.render(context)

    assert said == ("du 24 novembre au 3 décembre 2021|3 décembre 2021|1\u202f208|Kwale et Lamu|Kenya|arabe|rtl|")


def test_a_word_of_the_interface_stands_alone_with_a_capital_and_a_name_as_its_people_write_it() -> None:
    class Choosing(forms.Form):
        kind = forms.ChoiceField(choices=[*AuthorityKind.choices, ("ethekwini", "eThekwini")])
        way = forms.ChoiceField(choices=SeatRole.choices, widget=forms.RadioSelect)

    with translation.override("fr"):
        page = str(Choosing()["kind"]) + str(Choosing()["way"])
    with translation.override("en"):
        kinds = render_to_string("ui/components/kinds.html", {"field": Choosing()["way"]})

    assert [words in page for words in ('">Comté</option>', ">eThekwini</option>", "Secrétaire")] == [True] * 3
    assert "<span>Secretary</span>" in kinds
    assert (str(AuthorityKind.COUNTY.label), text.alone("county")) == ("county", "county")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("مثل 2021-03-25 أو بحلول 2021-03.", "مثل \u20682021-03-25\u2069 أو بحلول \u20682021-03\u2069."),
        ("مثل KE-19، حيث يوجد.", "مثل \u2068KE-19\u2069، حيث يوجد."),
        ("من https://kwale.go.ke/a?b=1،", "من \u2068https://kwale.go.ke/a?b=1\u2069،"),
        ("من الدرجة -82.1013 جنوبًا", "من الدرجة \u2068-82.1013\u2069 جنوبًا"),
        ('<a href="https://a.org/x-1">حتى 10 MB</a>', '<a href="https://a.org/x-1">حتى 10 MB</a>'),
    ],
)
def test_dates_and_codes_are_set_apart_from_right_to_left_only(words: str, shown: str) -> None:
    with translation.override("ar"):
        assert text.isolated(words) == shown
    with translation.override("sw"):
        assert text.isolated(words) == words


@pytest.mark.parametrize(
    ("words", "within"),
    [
        ("Kwale", ["ar"]),
        ("كوالي", ["en", "sw"]),
        ("منع التطرف (P/CVE)", ["en", "sw", "ar"]),
        ("2021-03", []),
        ("", []),
    ],
)
def test_a_value_is_set_apart_in_a_sentence_that_runs_the_other_way(words: str, within: list[str]) -> None:
    for code in ("en", "sw", "ar"):
        with translation.override(code):
            assert text.inserted(words) == (f"\u2068{words}\u2069" if code in within else words)
