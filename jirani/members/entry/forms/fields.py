"""Fields that read what people write in pages and spreadsheets: numbers with spaces, names of countries, dates known in part.

Each error says what to enter, because in a spreadsheet it is shown beside the value.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import FIRST_DAY, LAST_DAY
from jirani.core.enums import Precision
from jirani.language import fold, name_key
from jirani.members.entry.text.countries import countries_named, likely_countries
from jirani.members.entry.text.dates import (
    AmbiguousDayError,
    NoSuchDayError,
    OutOfReasonError,
    examples,
)
from jirani.members.text import read_partial, write_partial
from jirani.ui.forms import Several, not_in_future
from jirani.ui.text import country, currencies, join, month, number

from .choices import country_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: The largest whole number that the database's column holds.
MOST_NUMBER = 2**31 - 1

Choices = Callable[[], Iterable[tuple[Any, Any]]]

#: What people put between thousands, in a text that is folded: one of these before each three digits.
_GROUPED = re.compile(r"\d{1,3}([., '٬،]\d{3})+")

#: Degrees in a text that is folded: with decimals, or with minutes and perhaps seconds.
_DECIMAL = r"(?P<sign>[+-]?) ?(?P<degrees>\d{1,3}(?:\.\d+)?) ?°? ?(?P<side>[a-z]?)"
_MINUTES = r"(?P<sign>[+-]?) ?(?P<degrees>\d{1,3}) ?° ?(?P<minutes>\d{1,2}) ?' ?(?:(?P<seconds>\d{1,2}(?:\.\d+)?) ?(?:''|\") ?)?(?P<side>[a-z]?)"


class CurrencyField(forms.CharField):
    """A currency that there is, by its three letters, kept as capitals however they are typed."""

    def __init__(self, **kwargs: Any) -> None:
        code = forms.TextInput(attrs={"autocapitalize": "characters", "size": 4})
        said = kwargs.pop("help_text", "") or _("Three letters, such as KES.")
        super().__init__(**kwargs | {"widget": code, "max_length": 3, "help_text": said})

    def to_python(self, value: Any) -> str:
        """The three letters as capitals."""
        return str(super().to_python(value)).upper()

    def validate(self, value: str) -> None:
        """Refuse letters that are no currency's."""
        super().validate(value)
        if value and value not in currencies():
            raise ValidationError(_("Enter a currency by its three letters, such as KES."))


class WholeNumberField(forms.CharField):
    """A whole number, with or without spaces, commas or points between thousands."""

    def __init__(self, *, least: int = 0, most: int = MOST_NUMBER, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        """The number; None for nothing."""
        text = fold(str(super().clean(value)))
        if not text:
            return None
        if _GROUPED.fullmatch(text):
            text = re.sub(r"\D", "", text)
        if not re.fullmatch(r"\d{1,12}", text) or not self.least <= int(text) <= self.most:
            raise self.refused()
        return int(text)

    def refused(self) -> ValidationError:
        """What to enter instead."""
        if self.most == MOST_NUMBER:
            return ValidationError(_("Enter a whole number such as %(sample)s."), params={"sample": number(866_820)})
        bounds = {"least": number(self.least), "most": number(self.most)}
        return ValidationError(_("Enter a whole number from %(least)s to %(most)s."), params=bounds)


class YearField(WholeNumberField):
    """A year: nothing stands between its thousands."""

    def refused(self) -> ValidationError:
        """What to enter instead."""
        return ValidationError(format_lazy(_("Enter a year from {first} to {last}."), first=self.least, last=self.most))


class DegreesField(forms.CharField):
    """Degrees of latitude or longitude: 39.3292, −82.1013, 39,3292, 39.3292 N or 39° 19' 45" N."""

    def __init__(self, *, most: int, letters: str, **kwargs: Any) -> None:
        self.most, self.letters = most, letters
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """Degrees to four places (11 m); None for nothing."""
        text = re.sub("[,٫،]", ".", fold(str(super().clean(value))))
        if not text:
            return None
        degrees = self._degrees(text)
        if degrees is None or abs(degrees) > self.most:
            sample = Decimal("39.3292") if self.most == 90 else Decimal("-82.1013")
            raise ValidationError(
                _("Enter degrees between %(least)s and %(most)s, such as %(sample)s."),
                params={"least": number(-self.most), "most": number(self.most), "sample": number(sample, places=4)},
            )
        return degrees.quantize(Decimal("0.0001"))

    def _degrees(self, text: str) -> Decimal | None:
        found = re.fullmatch(_DECIMAL, text) or re.fullmatch(_MINUTES, text)
        side = found["side"].upper() if found else ""
        if found is None or (side and (found["sign"] or side not in self.letters)):
            return None
        parts = found.groupdict()
        degrees = sum((Decimal(parts.get(name) or 0) / unit for name, unit in _UNITS.items()), start=Decimal())
        minus = found["sign"] == "-" or side == self.letters[1]
        return -degrees if minus else degrees


#: Parts of a degree: how many of each make one.
_UNITS = {"degrees": 1, "minutes": 60, "seconds": 3600}


class PartialDateField(forms.CharField):
    """A date that may be known in part: (first day, precision). If `past`, days to come are refused. Unless `latest`,
    so is "by 2021": something is counted from the date, and a latest day gives no beginning.
    """

    default_error_messages = {"form": _("Enter a date such as %(examples)s, or nothing.")}

    def __init__(self, *, past: bool = False, latest: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.past, self.latest = past, latest

    def clean(self, value: Any) -> tuple[date | None, str]:
        """The stored day and its precision."""
        day, precision = self._read(str(super().clean(value)))
        if not self.latest and precision in (Precision.BY, Precision.BY_MONTH):
            raise self._malformed()
        if self.past and day is not None:
            not_in_future(day)
        return day, precision.value

    def _read(self, text: str) -> tuple[date | None, Precision]:
        try:
            return read_partial(text)
        except AmbiguousDayError as error:
            params = dict(zip(("one", "other"), error.readings, strict=True))
            raise ValidationError(_("Write the year first: %(one)s or %(other)s."), params=params) from None
        except NoSuchDayError as error:
            known = {"month": month(error.first), "days": number(error.days)}
            # Translators: %(days)s is from 28 to 31
            raise ValidationError(_("There is no such day: %(month)s has %(days)s days."), params=known) from None
        except OutOfReasonError as error:
            raise ValidationError(_year_refused(error), params={"year": error.year}) from None
        except ValueError:
            raise self._malformed() from None

    def _malformed(self) -> ValidationError:
        return ValidationError(self.error_messages["form"], params={"examples": examples(latest=self.latest)})

    def prepare_value(self, value: Any) -> Any:
        """Show the value as people type it."""
        return write_partial(*value) if isinstance(value, tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else is typed than what stood there."""
        return super().has_changed(self.prepare_value(initial), data)


def _year_refused(error: OutOfReasonError) -> "StrOrPromise":
    calendars = {
        "islamic": _(
            "%(year)s may be a year of the Islamic (Hijri) or the Persian calendar. Enter the date in the Gregorian one."
        ),
        "coptic": _("%(year)s may be a year of the Coptic calendar. Enter the date in the Gregorian one."),
        "buddhist": _("%(year)s may be a year of the Buddhist calendar. Enter the date in the Gregorian one."),
    }
    return calendars.get(error.calendar) or format_lazy(
        _("Enter a year from {first} to {last}."), first=FIRST_DAY.year, last=LAST_DAY.year
    )


def _key(text: object) -> str:
    return name_key(str(text))


def _understood(choices: Choices, *, fixed: bool) -> dict[str, str]:
    """Return what may be written for each value. Names of records change and have their own language; our own words don't."""
    if fixed:
        return _known(choices)
    rows = [(str(value), _key(label)) for value, label in choices() if value != ""]
    return {name: value for value, name in rows} | {_key(value): value for value, _name in rows}


@lru_cache(maxsize=16)
def _known(choices: Choices) -> dict[str, str]:
    """Return values by code and by their names in every language of the interface."""
    known: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for value, label in choices():
                if value != "":
                    known.setdefault(_key(label), str(value))
    for value, _label in choices():
        known[_key(value)] = str(value)
    return known


#: Lists longer than this are not read out in an error.
LONG = 30


def _expected(choices: Choices, sample: str = "") -> str:
    """Return what may be written: every value of a short list, one example of a long one."""
    names = {
        str(value): f"{value} ({label})" if str(value) != str(label) else str(value)
        for value, label in choices()
        if value
    }
    if not names:
        return gettext("Leave this empty, or add it to the network first: there is none to choose yet.")
    if len(names) <= LONG:
        return gettext("Enter one of: %(names)s.") % {"names": join(names.values(), style="or")}
    shown = names.get(sample) or next(iter(names.values()))
    return gettext("Enter a code or a name, such as %(sample)s.") % {"sample": shown}


class NamedChoiceField(forms.ChoiceField):
    """One of a list, by its code or by its name in any language of the interface; `fixed`: the list is never another."""

    def __init__(
        self,
        *,
        choices: Choices,
        fixed: bool = True,
        sample: str = "",
        words: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`words`: what else people write for a value, by their folded names."""
        self.offered, self.fixed, self.sample, self.words = choices, fixed, sample, words or {}
        super().__init__(choices=choices, **kwargs)

    def to_python(self, value: Any) -> str:
        """The code."""
        text = super().to_python(value)
        if not text:
            return ""
        key = _key(text)
        return _understood(self.offered, fixed=self.fixed).get(key) or self.words.get(key, text)

    def validate(self, value: str) -> None:
        """Refuse what is not in the list, saying what is."""
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if value and not self.valid_value(value):
            raise ValidationError(_expected(self.offered, self.sample))


class CountryField(NamedChoiceField):
    """A country by any name or code it goes by, ISO 3166-1 and XK."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=country_choices, sample="KE", **kwargs)

    def to_python(self, value: Any) -> str:
        """The code. Raises ValidationError for a name of several countries."""
        text = forms.ChoiceField.to_python(self, value)
        found = sorted(countries_named(text))
        if len(found) > 1:
            asked = gettext("“%(name)s” is the name of several countries. Enter %(codes)s.")
            raise ValidationError(asked % {"name": text, "codes": _codes_named(found)})
        return found[0] if found else text

    def validate(self, value: str) -> None:
        """Refuse anything that is not a country, and name those that may be meant."""
        near = likely_countries(value) if value and not self.valid_value(value) else []
        if near:
            unknown = gettext("There is no country “%(name)s”. Did you mean %(codes)s?")
            raise ValidationError(unknown % {"name": value, "codes": _codes_named(near)})
        super().validate(value)


def _codes_named(codes: Iterable[str]) -> str:
    return join([f"{code} ({country(code)})" for code in codes], style="or")


class CodesField(forms.CharField):
    """Several of a list: ticked on a page, by codes or names between commas or semicolons in a spreadsheet; `fixed` as above."""

    widget = Several

    def __init__(self, *, choices: Choices, fixed: bool = True, sample: str = "", **kwargs: Any) -> None:
        self.offered, self.fixed, self.sample = choices, fixed, sample
        super().__init__(**kwargs)
        self.offer(choices)

    def offer(self, choices: Choices) -> None:
        """Set the choices that a page offers, out of all that are understood."""
        widget: Any = self.widget
        widget.choices = choices

    def clean(self, value: Any) -> list[str]:
        """The codes, each once, in the order given."""
        text = str(super().clean(", ".join(value) if isinstance(value, list) else value))
        words = [word for word in re.split(r"[,;،؛\n]", text) if word.strip()]
        known = _understood(self.offered, fixed=self.fixed) if words else {}
        wrong = [word.strip() for word in words if _key(word) not in known]
        if wrong:
            unknown = gettext("Not known: %(names)s.") % {"names": join(wrong)}
            raise ValidationError(f"{unknown} {_expected(self.offered, self.sample)}")
        return list(dict.fromkeys(known[_key(word)] for word in words))


class Checkbox(forms.CheckboxInput):
    """A box to tick on a page. What a spreadsheet says in its place is for the field to understand."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the value as sent; "" for a box that is not ticked."""
        return data.get(name, "")


class YesField(forms.CharField):
    """Yes or no: a box to tick on a page, a word in any language of the interface in a spreadsheet, or nothing for no."""

    widget = Checkbox

    def clean(self, value: Any) -> bool:
        """Whether it says yes."""
        text = _key(super().clean(value))
        yes = {"on", "1", "yes", "true", "x", "oui", "نعم", "ndiyo"}
        if text not in yes | {"", "0", "no", "false", "non", "لا", "hapana"}:
            raise ValidationError(_("Enter yes or no."))
        return text in yes

    def prepare_value(self, value: Any) -> Any:
        """Show the value as people type it."""
        return (gettext("yes") if value else "") if isinstance(value, bool) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else is typed than what stood there."""
        return super().has_changed(self.prepare_value(initial), data)
