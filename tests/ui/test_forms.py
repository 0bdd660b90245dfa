"""Forms say what is missing or wrong in our words and in the reader's language."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.urls import get_resolver
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from jirani.ui.forms import AddressField, DayInput, Renderer, Several, SpokenForm
from tests.pages import Page


class Asked(SpokenForm, forms.Form):
    """A field of each sort that can go wrong in a person's hands."""

    title = forms.CharField(max_length=5)
    kind = forms.ChoiceField(choices=[("a", "A")])
    several = forms.MultipleChoiceField(choices=[("a", "A")])
    own = forms.MultipleChoiceField(choices=[("a", "A")], error_messages={"required": "In its own words."})
    day = forms.DateField()
    hour = forms.TimeField()
    people = forms.IntegerField(min_value=1)
    budget = forms.DecimalField(max_digits=5, decimal_places=2)
    address = forms.EmailField()
    link = forms.URLField(assume_scheme="https")
    file = forms.FileField()
    agreed = forms.BooleanField()


def said(form: forms.Form) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


class Lines(SpokenForm, forms.Form):
    """A form with a one-line and a multi-line text."""

    name = forms.CharField(max_length=80)
    words = forms.CharField(widget=forms.Textarea)
    code = forms.CharField(required=False, empty_value=None)


@pytest.mark.parametrize("between", ["\r\n", "\n\n", "\t", "\x0b", "\x85", "\u2028", " \u2029 "])
def test_one_line_stays_one_line_whoever_sends_it(between: str) -> None:
    typed = f"Amina{between}Your account is blocked: https://evil.example/"
    form = Lines({"name": typed, "words": typed})
    assert form.is_valid()
    kept = {
        "name": "Amina Your account is blocked: https://evil.example/",
        "words": typed.replace("\r\n", "\n"),
        "code": None,
    }
    assert form.cleaned_data == kept
    form.full_clean()
    assert form.cleaned_data == kept


def test_an_empty_field_says_what_to_do() -> None:
    assert said(Asked({})) == {
        "title": ["Fill this in."],
        "kind": ["Choose one."],
        "several": ["Choose at least one."],
        "own": ["In its own words."],
        "day": ["Enter a date."],
        "hour": ["Enter a time."],
        "people": ["Fill this in."],
        "budget": ["Fill this in."],
        "address": ["Fill this in."],
        "link": ["Fill this in."],
        "file": ["Choose a file."],
        "agreed": ["Tick this box."],
    }


def test_a_wrong_field_says_what_to_do_in_the_readers_language() -> None:
    typed: dict[str, Any] = {
        "title": "abcdefg", "kind": "z", "several": ["z"], "own": ["z"], "day": "tomorrow", "hour": "noon", "people": "0",
        "budget": "12345.6", "address": "me", "link": "not a link", "agreed": "on",
    }  # fmt: skip
    with override("sw"):
        assert said(Asked(typed, MultiValueDict({"file": [SimpleUploadedFile("minutes.txt", b"")]}))) == {
            "title": ["Fupisha maandishi haya: herufi zisizidi 5. Sasa ni 7."],
            "kind": ["Chagua tena: ulichochagua hakimo tena kwenye orodha."],
            "several": ["Chagua tena: ulichochagua hakimo tena kwenye orodha."],
            "own": ["Chagua tena: ulichochagua hakimo tena kwenye orodha."],
            "day": ["Andika tarehe kama 2026-03-25."],
            "hour": ["Andika saa kama 14:30."],
            "people": ["Andika 1 au zaidi."],
            "budget": ["Andika nambari ndogo zaidi."],
            "address": ["Andika anwani ya barua pepe kama name@example.org."],
            "link": ["Andika anwani ya tovuti kama https://example.org."],
            "file": ["Faili hii ni tupu. Chagua nyingine."],
        }


class EveryControl(SpokenForm, forms.Form):
    """A field with each sort of control that a template of ours draws, hidden ones included."""

    title = forms.CharField(help_text="A hint")
    text = forms.CharField(widget=forms.Textarea)
    choice = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, help_text="A hint")
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=Several)
    nothing = forms.MultipleChoiceField(choices=(), widget=Several)
    day = forms.DateField(widget=DayInput)
    parts = forms.DateField(widget=forms.SelectDateWidget(years=[2026]))
    moment = forms.SplitDateTimeField(widget=forms.SplitDateTimeWidget)
    file = forms.FileField()
    agreed = forms.BooleanField()
    version = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize("component", ["field", "kinds"])
def test_each_fault_leads_to_its_control_and_is_read_with_it(component: str) -> None:
    form = EveryControl({})
    fields = [form[name] for name in (("kind", "several") if component == "kinds" else form.fields)]
    drawn = [render_to_string(f"ui/components/{component}.html", {"field": field}) for field in fields]
    page = Page(render_to_string("ui/components/errors.html", {"form": form}) + "".join(drawn))

    assert len(page.faults()) == len([field for field in fields if not field.is_hidden])
    assert page.not_read_with_a_control() == []
    led = {link: page.leads_to_a_control(link) for link in page.summary_links() if link.split("_")[1] in form.fields}
    wanted = {field.auto_id for field in fields} - {"id_version", "id_nothing"}
    assert {"_".join(link.split("_")[:2]) for link, control in led.items() if control} == wanted
    assert "id_version" not in led, "nothing hidden is led to"


def everything_under(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for below in form.__subclasses__():
        yield below
        yield from everything_under(below)


class Marked(forms.Select):
    """A select whose choices carry something for scripts, as Wagtail has them."""

    def create_option(self, *arguments: Any, **named: Any) -> dict[str, Any]:
        option = super().create_option(*arguments, **named)
        return {**option, "attrs": {**option["attrs"], "data-kind": "<a>", "disabled": option["value"] == "a"}}


@pytest.mark.parametrize("value", ["", "b&", "2"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, Marked])
def test_a_select_is_what_django_would_draw(widget: type[forms.Select], value: str) -> None:
    choices = [("", "None"), ("a", 'A "<b>" & more'), ("b&", "Bé"), ("Group <1>", [(1, "One"), (2, "Two")])]
    drawn, stock = (
        widget(attrs={"id": "it", "required": True}, choices=choices).render("kind", value, renderer=renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert parse_html(drawn) == parse_html(stock)
    assert drawn.count(" selected") == 1


def test_addresses_are_checked_by_us_alone_with_the_keyboard_that_they_need() -> None:
    """A browser would refuse `example.org`, in its own language."""
    form = Asked({"link": "example.org", "address": "Amina <amina@example.org>"}, renderer=Renderer())
    drawn = [str(form[name]) for name in ("link", "address", "title")]
    found = [re.findall(r'(type|inputmode|autocapitalize|spellcheck)="(\w+)"', one) for one in drawn]
    assert found[2] == [("type", "text")]
    assert [dict(one) for one in found[:2]] == [
        {"type": "text", "inputmode": kind, "autocapitalize": "none", "spellcheck": "false"}
        for kind in ("url", "email")
    ]
    assert (form.is_valid(), form.cleaned_data["link"]) == (False, "https://example.org")


def test_every_form_that_people_fill_in_speaks_so() -> None:
    """Filters are never wrong; the forms of pictures and documents are Wagtail's. Names with a line before them are parts of forms."""
    get_resolver().url_patterns  # noqa: B018  # loads every view, and with it every form
    silent = {
        form.__name__
        for form in everything_under(forms.BaseForm)
        if form.__module__.startswith("jirani.")
        and form.__module__ != "jirani.newsroom.forms"
        and not form.__name__.startswith("_")
        and not issubclass(form, SpokenForm)
    }
    assert silent == {
        "AuthorityFilter", "Filters", "EventFilter", "LessonFilter", "CommitmentFilter", "OutcomeFilter", "PlanFilter",
    }  # fmt: skip


def test_a_text_that_nobody_types_is_refused_before_anything_looks_at_it() -> None:
    """Normal forms and patterns would hold up everybody else for as long as they look."""
    looked: list[str] = []

    class Curious(forms.CharField):
        def to_python(self, value: Any) -> Any:
            looked.append(value)
            return super().to_python(value)

    class Form(SpokenForm, forms.Form):
        name = Curious(max_length=50)
        words = Curious(widget=forms.Textarea, required=False)
        address = AddressField(max_length=254, required=False)
        kinds = forms.MultipleChoiceField(choices=[("a", "A")], required=False)

    long = "a" + ">" * 2_000 + "x"
    form = Form(MultiValueDict({"name": [long], "words": ["w" * 200_001], "address": [long], "kinds": ["a", long]}))
    assert form.errors == {
        "name": ["Shorten this to 50 characters or fewer. It has 2002 now."],
        "words": ["Shorten this to 200000 characters or fewer. It has 200001 now."],
        "address": ["Shorten this to 254 characters or fewer. It has 2002 now."],
        "kinds": ["Shorten this to 2000 characters or fewer. It has 2002 now."],
    }
    assert looked == []
    assert Form({"name": "n" * 50, "words": "w" * 200_000}).is_valid()


def test_what_a_page_fills_by_itself_may_be_as_long_as_its_field_says() -> None:
    class Form(SpokenForm, forms.Form):
        packed = forms.CharField(widget=forms.HiddenInput, max_length=300_000)

    assert Form({"packed": "p" * 300_000}).is_valid()
    assert not Form({"packed": "p" * 300_001}).is_valid()


def test_what_nobody_touched_stays_as_it_is_stored() -> None:
    """Browsers change line ends, and send ticked boxes in the order of the page."""

    class Form(SpokenForm, forms.Form):
        text = forms.CharField(widget=forms.Textarea)
        several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")])

    def cleaned(typed: str, chosen: list[str], **stored: Any) -> tuple[str, list[str]]:
        form = Form({"text": typed, "several": chosen}, initial=stored)
        assert form.is_valid()
        return form.cleaned_data["text"], form.cleaned_data["several"]

    stored = {"text": "One.\n\nTwo.", "several": ["b", "a"]}
    assert cleaned("One.\r\n\r\nTwo.", ["a", "b"], **stored) == ("One.\n\nTwo.", ["b", "a"])
    assert cleaned("One.\r\nTwo.", ["a", "b", "c"], **stored) == ("One.\nTwo.", ["a", "b", "c"])
    assert cleaned("One.\r\nTwo.", ["a"], text="One.\r\nTwo.") == ("One.\r\nTwo.", ["a"])
    assert cleaned("One.\r\nTwo.", ["a"]) == ("One.\nTwo.", ["a"])
