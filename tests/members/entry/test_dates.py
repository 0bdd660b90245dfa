"""Dates that are known in part: whatever people write is read, and nothing is added that they didn't write."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from jirani.core.enums import Precision
from jirani.members.entry.forms.fields import DegreesField, PartialDateField, WholeNumberField
from jirani.members.entry.text.dates import AmbiguousDayError, OutOfReasonError, examples
from jirani.members.forms import MembershipForm
from jirani.members.text import read_partial, write_partial

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


def stored(day: date, precision: Precision) -> date:
    """Return the day that is stored for a partial date."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision in (Precision.MONTH, Precision.BY_MONTH) else day


@given(days, st.sampled_from([one for one in Precision if one != Precision.UNKNOWN]))
def test_what_is_written_is_read(day: date, precision: Precision) -> None:
    first = stored(day, precision)

    assert read_partial(write_partial(first, precision)) == (first, precision)


@given(days, st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]), st.sampled_from(["-", "/", "−", "–"]))
def test_digits_and_dashes_of_any_script(day: date, figures: str, dash: str) -> None:
    written = day.isoformat().translate(str.maketrans("0123456789", figures)).replace("-", dash)

    assert read_partial(f"  {written} ") == (day, Precision.DAY)


@pytest.mark.parametrize(("language", "shown"), [("en", "by 2021-03"), ("ar", "بحلول \u20682021-03\u2069")])
def test_a_field_shows_a_date_from_its_year_on(language: str, shown: str) -> None:
    with override(language):
        field = PartialDateField()
        assert field.prepare_value((date(2021, 3, 1), "by-month")) == shown
        assert field.clean(shown) == (date(2021, 3, 1), "by-month")
        assert not field.has_changed((date(2021, 3, 1), "by-month"), shown)


@given(st.text(max_size=30))
def test_anything_else_is_refused_or_a_date_within_reason(text: str) -> None:
    try:
        day, precision = read_partial(text)
    except ValueError:
        return
    assert (day is None) == (precision == Precision.UNKNOWN)
    if day is not None:
        assert read_partial(write_partial(day, precision)) == (day, precision)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-25", (date(2021, 3, 25), "day")),
        ("2021-3", (date(2021, 3, 1), "month")),
        ("2021", (date(2021, 1, 1), "year")),
        ("by 2021-03", (date(2021, 3, 1), "by-month")),
        ("2018?-11-22", (date(2018, 11, 22), "inferred")),
        ("By 2021-03-25", (date(2021, 3, 25), "by")),
        ("by 2021", (date(2021, 12, 31), "by")),
        ("d’ici 2021-03", (date(2021, 3, 1), "by-month")),
        ("بحلول ٢٠٢١-٠٣", (date(2021, 3, 1), "by-month")),
        ("kufikia 2021-03", (date(2021, 3, 1), "by-month")),
        ("2021\u201103\u201125", (date(2021, 3, 25), "day")),
        ("\u200f٢٠٢١٫٠٣\u200e".replace("٫", "/"), (date(2021, 3, 1), "month")),
        ("25.03.2021", (date(2021, 3, 25), "day")),
        ("3/2021", (date(2021, 3, 1), "month")),
        ("25 March 2021", (date(2021, 3, 25), "day")),
        ("March 25th, 2021", (date(2021, 3, 25), "day")),
        ("1er août 2021", (date(2021, 8, 1), "day")),
        ("avant mars 2021", (date(2021, 3, 1), "by-month")),
        ("٢٥ آذار/مارس ٢٠٢١", (date(2021, 3, 25), "day")),
        ("كانون الثاني 2021", (date(2021, 1, 1), "month")),
        ("tarehe 5 Mei 2021", (date(2021, 5, 5), "day")),
        ("", (None, "unknown")),
        ("  ", (None, "unknown")),
    ],
)
def test_as_people_write_it(text: str, expected: tuple[date | None, str]) -> None:
    assert read_partial(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "21",
        "15 Ramadan 1442",
        "31.02.2021",
        "13/13/2021",
        "25 March 25 2021",
        "2021-00",
        "2021-02-29",
        "by",
        "bye 2021",
        "2021²",
        "0999",
        "2021?",
        "by 2018?-11-22",
    ],
)
def test_what_could_be_mistaken_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_partial(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31.02.2021", "There is no such day: February 2021 has 28 days."),
        ("by 2024-02-30", "There is no such day: February 2024 has 29 days."),
        ("31 April 2021", "There is no such day: April 2021 has 30 days."),
        ("2021-13-01", "Enter a date such as 2021-03-25, 2021-03, 2021, by 2021-03-25 or by 2021-03, or nothing."),
    ],
)
def test_a_day_that_a_month_does_not_have_is_named(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PartialDateField(required=False).clean(text)
    assert refused.value.messages == [said]


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("1442-08-12", "islamic"),
        ("1400", "islamic"),
        ("٢٥٦٤", "buddhist"),
        ("by 1738-02", "coptic"),
        ("0999", ""),
        ("9999", ""),
    ],
)
def test_a_year_of_another_calendar_is_refused(text: str, calendar: str) -> None:
    with pytest.raises(OutOfReasonError) as refused:
        read_partial(text)
    assert refused.value.calendar == calendar


def test_a_day_that_could_be_two_is_asked_about() -> None:
    with pytest.raises(AmbiguousDayError) as refused:
        read_partial("03/04/2021")
    assert refused.value.readings == (date(2021, 4, 3), date(2021, 3, 4))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "2021-03-25, 2021-03, 2021, by 2021-03-25 or by 2021-03"),
        ("fr", "2021-03-25, 2021-03, 2021, au plus tard 2021-03-25 ou au plus tard 2021-03"),
        ("ar", "2021-03-25 أو 2021-03 أو 2021 أو بحلول \u20682021-03-25\u2069 أو بحلول \u20682021-03\u2069"),
        ("sw", "2021-03-25, 2021-03, 2021, kufikia 2021-03-25 au kufikia 2021-03"),
    ],
)
def test_what_may_be_typed_is_told_and_written_back_in_the_readers_words(language: str, told: str) -> None:
    with override(language):
        assert examples() == told
        for day, precision in ((date(2021, 3, 25), Precision.BY), (date(2021, 3, 1), Precision.BY_MONTH)):
            assert write_partial(day, precision) in told
            assert read_partial(write_partial(day, precision)) == (day, precision)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"state": "member", "left": "2199"}, "Leave this empty: only a membership in the state “left” has an end."),
        ({"state": "member", "left": "2019"}, "Leave this empty: only a membership in the state “left” has an end."),
        ({"state": "left", "left": "2199"}, "Enter today or a day in the past: it has left already."),
        ({"state": "left", "left": "2019"}, "Enter a date after the one on which it joined."),
        ({"state": "left", "left": ""}, "Enter when it left, as exactly as it is known, such as “by 2024”."),
    ],
)
def test_of_an_end_that_cannot_be_one_thing_is_said(typed: dict[str, str], said: str) -> None:
    form = MembershipForm({"joined": "2021", **typed})
    assert form.errors["left"] == [said]


def test_numbers_in_what_is_asked_for_are_written_as_the_reader_writes_them() -> None:
    fields = (WholeNumberField(), DegreesField(most=90, letters="NS"))
    said = {}
    for language in ("en", "fr"):
        with override(language):
            said[language] = [_refusal(field, "x") for field in fields]
    assert said == {
        "en": ["Enter a whole number such as 866,820.", "Enter degrees between -90 and 90, such as 39.3292."],
        "fr": [
            "Saisissez un nombre entier, par exemple 866\u202f820.",
            "Saisissez des degrés entre -90 et 90, par exemple 39,3292.",
        ],
    }


def _refusal(field: Field, text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    return str(refused.value.messages[0])
