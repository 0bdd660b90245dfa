"""Fields that read what people write in pages and spreadsheets: numbers with spaces, names of countries, dates known in part.

Each refusal says what was expected, because in a spreadsheet it stands beside the value.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from jirani.members.text import read_partial, write_partial
from jirani.members.text.dates import EXAMPLES
from jirani.ui.forms import Several
from jirani.ui.text import join

#: The largest whole number that the database's column holds.
MOST_NUMBER = 2**31 - 1

Choices = Callable[[], Iterable[tuple[Any, Any]]]

#: What people put between thousands; a comma or point only where groups of three follow.
_GROUPED = re.compile(r"\d{1,3}([., '’٬]\d{3})+")


def digits(text: str) -> str:
    """Digits of any script as ours, every dash that stands for a minus as "-", every space as " "."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text.strip())
    return re.sub(r"[\s  ]", " ", re.sub("[−–﹣－]", "-", plain))


class WholeNumberField(forms.CharField):
    """A whole number, with or without spaces, commas or points between thousands."""

    def __init__(self, *, least: int = 0, most: int = MOST_NUMBER, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        """The number; None for nothing."""
        text = digits(str(super().clean(value) or ""))
        if not text:
            return None
        if _GROUPED.fullmatch(text):
            text = re.sub(r"\D", "", text)
        if not re.fullmatch(r"\d{1,12}", text) or not self.least <= int(text) <= self.most:
            if self.most == MOST_NUMBER:
                raise ValidationError(_("Expected a whole number such as 866820."))
            bounds = {"least": self.least, "most": self.most}
            raise ValidationError(_("Expected a whole number from %(least)s to %(most)s."), params=bounds)
        return int(text)


class DegreesField(forms.CharField):
    """Degrees of latitude or longitude: 39.3292, −82.1013, 39,3292 or 39.3292 N."""

    def __init__(self, *, most: int, letters: str, **kwargs: Any) -> None:
        self.most, self.letters = most, letters
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """Degrees to four places (11 m); None for nothing."""
        text = digits(str(super().clean(value) or "")).replace("°", " ").upper()
        if not text.strip():
            return None
        found = re.fullmatch(rf"([+-]?)\s*(\d{{1,3}}(?:[.,]\d+)?)\s*([{self.letters}]?)", text.strip())
        try:
            degrees = Decimal(found[2].replace(",", ".")) if found and not (found[1] and found[3]) else None
        except InvalidOperation:
            degrees = None
        if found is None or degrees is None or degrees > self.most:
            sample = "39.3292" if self.most == 90 else "-82.1013"
            params = {"most": self.most, "sample": sample}
            raise ValidationError(
                _("Expected degrees between -%(most)s and %(most)s, such as %(sample)s."), params=params
            )
        minus = found[1] == "-" or found[3] == self.letters[1]
        return (-degrees if minus else degrees).quantize(Decimal("0.0001"))


class PartialDateField(forms.CharField):
    """A date as far as it is known: (first day, precision)."""

    default_error_messages = {"form": _("Expected a date such as %(examples)s, or nothing.")}

    def clean(self, value: Any) -> tuple[date | None, str]:
        """The stored day and its precision."""
        try:
            day, precision = read_partial(str(super().clean(value) or ""))
        except ValueError:
            raise ValidationError(self.error_messages["form"], params={"examples": EXAMPLES}) from None
        return day, precision.value

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return write_partial(*value) if isinstance(value, tuple) else value


def _key(text: object) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(text))).strip().casefold()


def _understood(choices: Choices, *, fixed: bool) -> dict[str, str]:
    """What may be written for each value. Names of records change and stand in their own language; our own words do not."""
    if fixed:
        return _known(choices)
    rows = [(str(value), _key(label)) for value, label in choices() if value != ""]
    return {name: value for value, name in rows} | {_key(value): value for value, _name in rows}


@lru_cache(maxsize=16)
def _known(choices: Choices) -> dict[str, str]:
    """Values by their own code and by their names in every language of the interface."""
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
    """What may be written: every value of a short list, one of a long one."""
    names = {
        str(value): f"{value} ({label})" if str(value) != str(label) else str(value)
        for value, label in choices()
        if value
    }
    if not names:
        return gettext("Expected nothing: there is none to choose yet.")
    if len(names) <= LONG:
        return gettext("Expected one of: %(names)s.") % {"names": join(names.values(), style="or")}
    shown = names.get(sample) or next(iter(names.values()))
    return gettext("Expected a code or a name, such as %(sample)s.") % {"sample": shown}


class NamedChoiceField(forms.ChoiceField):
    """One of a list, by its code or by its name in any language of the interface; `fixed`: the list is never another."""

    def __init__(self, *, choices: Choices, fixed: bool = True, sample: str = "", **kwargs: Any) -> None:
        self.offered, self.fixed, self.sample = choices, fixed, sample
        super().__init__(choices=choices, **kwargs)

    def to_python(self, value: Any) -> str:
        """The code."""
        text = super().to_python(value)
        return _understood(self.offered, fixed=self.fixed).get(_key(text), text) if text else ""

    def validate(self, value: str) -> None:
        """Refuse what is not in the list, saying what is."""
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if value and not self.valid_value(value):
            raise ValidationError(_expected(self.offered, self.sample))


class CodesField(forms.CharField):
    """Several of a list: ticked on a page, by codes or names between commas or semicolons in a spreadsheet; `fixed` as above."""

    widget = Several

    def __init__(self, *, choices: Choices, fixed: bool = True, sample: str = "", **kwargs: Any) -> None:
        self.offered, self.fixed, self.sample = choices, fixed, sample
        super().__init__(**kwargs)
        self.offer(choices)

    def offer(self, choices: Choices) -> None:
        """What a page offers, of all that is understood."""
        widget: Any = self.widget
        widget.choices = choices

    def clean(self, value: Any) -> list[str]:
        """The codes, each once, in the order given."""
        text = str(super().clean(", ".join(value) if isinstance(value, list) else value) or "")
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
        """As it was sent, nothing for a box that is not ticked."""
        return data.get(name, "")


class YesField(forms.CharField):
    """Yes or no: a box to tick on a page, a word in any language of the interface in a spreadsheet, or nothing for no."""

    widget = Checkbox

    def clean(self, value: Any) -> bool:
        """Whether it says yes."""
        text = _key(super().clean(value) or "")
        yes = {"on", "1", "yes", "true", "x", "oui", "نعم", "ndiyo"}
        if text not in yes | {"", "0", "no", "false", "non", "لا", "hapana"}:
            raise ValidationError(_("Expected yes or no."))
        return text in yes
