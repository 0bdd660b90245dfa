"""The parts of every form: how its choices are drawn, its widgets, what it says if something is wrong; and its page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import FIRST_DAY, LAST_DAY, YEARS_AHEAD
from jirani.core.unsaved import Kept
from jirani.language import normal_address, tidy

from .text import alone, country

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_CHOOSE_AGAIN = _("Choose again: what you chose is no longer in the list.")
_CHOOSE_SEVERAL = {"required": _("Choose at least one."), "invalid_list": _CHOOSE_AGAIN}
_SMALLER = _("Enter a smaller number.")

#: Our sentences in place of Django's, by the class that raises the error; the most specific class wins. The
#: sentences say what to do, and are shown beside the field and, after its label, in the summary above the form.
FAULTS: Mapping[type[forms.Field], Mapping[str, "StrOrPromise"]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.CharField: {
        # Translators: both numbers count characters; word it so that it is right for any number
        "max_length": _("Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s now."),
    },
    forms.EmailField: {"invalid": _("Enter an e-mail address such as name@example.org.")},
    forms.URLField: {"invalid": _("Enter a web address such as https://example.org.")},
    forms.IntegerField: {
        "invalid": _("Enter a whole number such as 12."),
        "min_value": _("Enter %(limit_value)s or more."),
        "max_value": _("Enter %(limit_value)s or less."),
    },
    forms.DecimalField: {
        "invalid": _("Enter a number such as 1250.50."),
        "max_digits": _SMALLER,
        "max_whole_digits": _SMALLER,
        # Translators: word it so that it is right for any number
        "max_decimal_places": _("Enter at most %(max)s digits after the decimal point."),
    },
    forms.DateField: {"required": _("Enter a date."), "invalid": _("Enter a date such as 2026-03-25.")},
    forms.TimeField: {"required": _("Enter a time."), "invalid": _("Enter a time such as 14:30.")},
    forms.BooleanField: {"required": _("Tick this box.")},
    forms.ChoiceField: {"required": _("Choose one."), "invalid_choice": _CHOOSE_AGAIN},
    forms.MultipleChoiceField: _CHOOSE_SEVERAL,
    forms.ModelMultipleChoiceField: {**_CHOOSE_SEVERAL, "invalid_pk_value": _CHOOSE_AGAIN},
    forms.FileField: {
        "required": _("Choose a file."),
        "missing": _("Choose a file."),
        "invalid": _("The file did not arrive. Choose it again."),
        "empty": _("This file is empty. Choose another one."),
        "max_length": _("The name of this file is too long. Give it a shorter one and choose it again."),
    },
}


def word_faults(field: forms.Field) -> None:
    """Replace Django's error messages of a field by ours. Messages that a form or field sets itself stay."""
    stock: dict[str, Any] = {}
    ours: dict[str, StrOrPromise] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            stock |= getattr(kind, "default_error_messages", {})
        ours |= FAULTS.get(kind, {})
    for code, words in ours.items():
        if field.error_messages.get(code) is stock.get(code):
            field.error_messages[code] = words


@dataclass(frozen=True, slots=True)
class Need:
    """A condition under which a form requires a field that is otherwise optional.

    `words` are shown beside its label in place of "optional"; `fault` is the error if it is left empty although `when`, asked of what was
    typed, is true. Without `when` the form looks by itself, or it is wanted at a later step.
    """

    words: "StrOrPromise"
    fault: "StrOrPromise" = ""
    when: Callable[[Mapping[str, Any]], bool] | None = None


#: By the name of the field.
type_needs = Mapping[str, Need]


def where_to_mend(missing: Mapping[str, str], form: str, **elsewhere: str) -> list[tuple[str, str]]:
    """Pair each sentence about a field with the address of its control on the page `form`, or with the one that `elsewhere` names."""
    return [(words, elsewhere.get(name, f"{form}#id_{name}")) for name, words in missing.items()]


#: Types of inputs that are one line to whoever types into them.
ONE_LINE = {"text", "search", "tel"}


#: How many characters of a line, and of a longer text, are read at all. The limit of a field that people type into is far lower; one that a page
#: fills by itself may say a higher one.
MOST_OF_LINE, MOST_OF_TEXT = 2_000, 200_000


def keep_short(field: forms.Field) -> None:
    """Refuse, before anything looks at it, a text so long that looking would keep everybody else waiting.

    Patterns, normal forms and hashes take their time with the square of the length, or at least with megabytes, and nobody types those.
    """
    if isinstance(field, forms.FileField):
        return
    own = getattr(field, "max_length", None) or 0
    most = max(own, MOST_OF_TEXT if isinstance(field.widget, forms.Textarea) else MOST_OF_LINE)
    too_long = {"limit_value": own or most}

    def clean(value: Any) -> Any:
        if any(len(text) > most for text in _texts(value)):
            longest = max(map(len, _texts(value)))
            raise ValidationError(FAULTS[forms.CharField]["max_length"] % {**too_long, "show_value": longest})
        return type(field).clean(field, value)

    field.clean = clean  # type: ignore[method-assign]


def _texts(value: Any) -> list[str]:
    return [text for text in (value if isinstance(value, list | tuple) else [value]) if isinstance(text, str)]


def keep_to_one_line(field: forms.Field) -> None:
    """Let a field whose input is one line take no line breaks, whoever sends them, and nothing that came along by pasting.

    In a letter a line break would begin a paragraph.
    """
    if isinstance(field, forms.CharField) and getattr(field.widget, "input_type", "") in ONE_LINE:
        clean = type(field).to_python
        field.to_python = lambda value: _tidied(clean(field, value))  # type: ignore[method-assign]


def _tidied(value: Any) -> Any:
    return tidy(value, directions=True) if isinstance(value, str) else value


class AddressField(forms.EmailField):
    """An e-mail address, however it was typed or pasted, in the one spelling under which it is kept."""

    def to_python(self, value: Any) -> str:
        """The address as it is kept."""
        return normal_address(super().to_python(value) or "")


class PersonNameField(forms.CharField):
    """A person's name, on one line. It refuses an e-mail address, which would create somebody who can never be written to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def to_python(self, value: Any) -> str:
        """The name without what nobody sees."""
        return " ".join(tidy(super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        """Refuse an address."""
        super().validate(value)
        if "@" in value:
            raise ValidationError(_("Enter the name without the address."))


def within_reason(day: date) -> None:
    """Raise ValidationError for a day of a year that somebody mistyped."""
    if not FIRST_DAY <= day <= LAST_DAY:
        bounds = {"first": FIRST_DAY.year, "last": LAST_DAY.year}
        raise ValidationError(_("Enter a day of a year from %(first)s to %(last)s."), params=bounds)


def not_in_future(day: date) -> None:
    """Raise ValidationError for a day that has not come: what is told of it has happened."""
    if day > timezone.localdate():
        raise ValidationError(_("Enter today or a day in the past."))


def soon(day: date) -> None:
    """Raise ValidationError for a day farther ahead than anybody is named to something."""
    if day > timezone.localdate() + timedelta(days=366 * YEARS_AHEAD):
        raise ValidationError(_("Enter a day within the next %(years)s years."), params={"years": YEARS_AHEAD})


def keep_within_reason(field: forms.Field) -> None:
    """Let a day be one of a year within reason."""
    if isinstance(field, forms.DateField) and within_reason not in field.validators:
        field.validators = [within_reason, *field.validators]


def _untouched(now: Any, before: Any) -> Any:
    """Return `before` if `now` means the same: browsers change line ends, and send ticked boxes in the order of the page.

    A new text has the line ends that the program writes.
    """
    if isinstance(now, str):
        lines = _lines(now)
        return before if isinstance(before, str) and _lines(before) == lines else lines
    if isinstance(now, list) and isinstance(before, list) and all(isinstance(one, str) for one in (*now, *before)):
        return before if sorted(now) == sorted(before) else now
    return now


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class SpokenForm(forms.BaseForm):
    """A form whose fields say what to do, in our words, and beforehand when they are needed, if not always."""

    #: Only declared: a form or a mixin defines it, and a default here would take precedence over a mixin's.
    needed: type_needs

    @property
    def given_back(self) -> bool:
        """Whether it shows what was sent before and kept."""
        return isinstance(self.data, Kept)

    def is_valid(self) -> bool:
        """Validate as Django does, but a form restored from before its sender signed in is never valid: it is shown,
        and saved only once it is sent again.
        """
        return not self.given_back and super().is_valid()

    def full_clean(self) -> None:
        """Clean as Django does. Fields may have been added until now, so only here do they get their error messages."""
        for field in self.fields.values():
            word_faults(field)
            keep_short(field)
            keep_to_one_line(field)
            keep_within_reason(field)
        super().full_clean()
        if isinstance(self.data, Kept) and self.data.half_way:
            self.errors.clear()

    def _clean_fields(self) -> None:
        """Clean as Django does, but a value that nobody has touched stays as it is stored, even if the browser sends it differently."""
        super()._clean_fields()  # type: ignore[misc]  # unknown to the stubs
        for name, value in self.cleaned_data.items():
            self.cleaned_data[name] = _untouched(value, self.get_initial_for_field(self.fields[name], name))

    def _clean_form(self) -> None:
        """Clean as Django does; then check conditional requirements, so that all faults are reported at once. A model
        form does not check the database's constraints for a field that is already wrong.
        """
        super()._clean_form()  # type: ignore[misc]  # unknown to the stubs
        for name, need in getattr(self, "needed", {}).items():
            left_empty = name in self.fields and name not in self.errors and not self.cleaned_data.get(name)
            if left_empty and need.when and need.when(self.cleaned_data):
                self.add_error(name, need.fault)


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page with the `form` in its context, if there is one: status 422 if the form has errors."""
    form = context.get("form")
    wrong = request.method == "POST" and form is not None and form.is_bound and bool(form.errors)
    return render(request, template, context, status=422 if wrong else 200)


#: Input types that browsers would validate by their own rules and in their own language, with the keyboard that each brings up on phones.
CHECKED_BY_BROWSERS = {"url", "email"}


class Renderer(DjangoTemplates):
    """Capitalises choices that are words of the interface; names of records stay as they are. Addresses are checked
    only by us, because we accept `example.org` and an address with its owner's name.
    """

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """A widget, in a select or beside a button to choose it."""
        widget = context.get("widget", {})
        if widget.get("type") in CHECKED_BY_BROWSERS:
            hints = {"inputmode": widget["type"], "autocapitalize": "none", "spellcheck": "false"}
            context = {**context, "widget": {**widget, "type": "text", "attrs": hints | widget["attrs"]}}
        groups = widget.get("optgroups", ())
        for _group, options, _index in groups:
            for option in options:
                option["label"] = alone(option["label"])
        if template_name == forms.Select.template_name:
            return super().render("ui/components/select.html", {**context, "options": _drawn(groups)}, request)
        return super().render(template_name, context, request)


def _drawn(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Return a select's options under the names of their groups.

    Django has two templates for each choice, which take most of the time of a page that offers all time zones.
    """
    lines: list[str] = []
    for name, options, _index in groups:
        drawn = [_option(**option) for option in options]
        lines += drawn if name is None else [format_html('<optgroup label="{}">', name), *drawn, "</optgroup>"]
    return SafeString("\n".join(lines))


def _option(*, value: Any, label: Any, attrs: dict[str, Any], **_others: Any) -> SafeString:
    return format_html('<option value="{}"{}>{}</option>', value, flatatt(attrs), label)


class DayInput(forms.DateInput):
    """A day, chosen with the browser's own calendar in the reader's own way of writing dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


#: More boxes than these scroll (ui/components/field.html).
MANY = 12


class Several(forms.CheckboxSelectMultiple):
    """Several of a list. A long one scrolls and can be searched (ui/js/find.js), and begins with what is chosen."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Group as Django does; in a long list, put groups with a chosen option first."""
        groups = super().optgroups(name, value, attrs)
        if len(groups) <= MANY:
            return groups
        return sorted(groups, key=lambda group: not any(option["selected"] for option in group[1]))


#: Enough countries to make a long list.
_COUNTRIES = (
    "BI", "CM", "DJ", "EG", "ER", "ET", "GH", "KE", "LB", "LY", "MA", "ML", "MR", "MW", "MZ", "NE", "NG", "RW", "SD", "SN",
    "SO", "SS", "TD", "TN", "TZ", "UG", "ZM",
)  # fmt: skip


def _countries() -> list[tuple[str, str]]:
    return [(code, country(code)) for code in _COUNTRIES]


class DesignForm(SpokenForm, forms.Form):
    """One field of each sort, for the design page; nothing is kept."""

    title = forms.CharField(label=_("The lesson, as a sentence"), help_text=_("One that a colleague could repeat."))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("lesson", _("Lesson")),
            ("practice", _("Good practice")),
            ("challenge", _("Challenge")),
            ("recommendation", _("Recommendation")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("What was learned"), widget=forms.Textarea(attrs={"class": "large"}), required=False)
    countries = forms.MultipleChoiceField(label=_("Countries"), choices=_countries, widget=Several, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    due = forms.DateField(label=_("To be done by"), widget=DayInput)
    evidence = forms.FileField(label=_("Evidence"), help_text=_("PDF, image or table, up to 10 MB."), required=False)
    illustrative = forms.BooleanField(
        label=_("Illustrative"), help_text=_("Not from a source; shown as such."), required=False
    )


def let_text_lead(fields: Iterable[forms.Field]) -> None:
    """Let what is typed say in which direction it runs: Arabic on an English page, French on an Arabic one."""
    for field in fields:
        if type(field) is forms.CharField and isinstance(field.widget, forms.Textarea | forms.TextInput):
            field.widget.attrs["dir"] = "auto"
