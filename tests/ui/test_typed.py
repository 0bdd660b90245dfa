"""What is typed into a field, on both sides of each limit: lines, addresses, names, days; what is needed, and what a page answers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from jirani.core.unsaved import Kept
from jirani.ui.forms import (
    MANY,
    MOST_OF_LINE,
    MOST_OF_TEXT,
    AddressField,
    DayInput,
    DesignForm,
    Need,
    PersonNameField,
    Several,
    SpokenForm,
    form_page,
    let_text_lead,
    not_in_future,
    soon,
    within_reason,
)


def test_a_text_may_be_as_long_as_its_field_says_or_as_long_as_anything_is_read() -> None:
    class Form(SpokenForm, forms.Form):
        name = forms.CharField()
        words = forms.CharField(widget=forms.Textarea)
        file = forms.FileField()

    def refused(name: int, words: int) -> list[str]:
        file: Any = MultiValueDict({"file": [SimpleUploadedFile("a" * 90, b"x")]})
        return list(Form({"name": "n" * name, "words": "w" * words}, file).errors)

    assert refused(MOST_OF_LINE, MOST_OF_TEXT) == []
    assert refused(MOST_OF_LINE + 1, MOST_OF_TEXT + 1) == ["name", "words"]


def test_names_and_addresses_are_kept_in_one_spelling_and_refused_for_one_another() -> None:
    class Form(SpokenForm, forms.Form):
        name = PersonNameField(required=False)
        address = AddressField(required=False)
        line = forms.CharField(required=False)

    def cleaned(**typed: str) -> dict[str, Any]:
        form = Form(typed)
        form.full_clean()
        return form.cleaned_data | {name: list(faults) for name, faults in form.errors.items()}

    assert cleaned() == {"name": "", "address": "", "line": ""}
    assert cleaned(name=" Asha \u00a0 M\u00adwanza", address=" Asha@Example.ORG ", line="\u202eA\u200eB ") == {
        "name": "Asha Mwanza", "address": "asha@example.org", "line": "A\u200eB",
    }  # fmt: skip
    assert cleaned(name="asha@example.org", address="Asha") == {
        "name": ["Enter the name without the address."],
        "address": ["Enter an e-mail address such as name@example.org."],
        "line": "",
    }
    assert [cleaned(name="n" * length)["name"] for length in (200, 201)] == [
        "n" * 200, ["Shorten this to 200 characters or fewer. It has 201 now."],
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="required"):
        PersonNameField().clean("  ")


def test_days_are_within_reason_past_or_soon_to_the_day() -> None:
    today, day = timezone.localdate(), timedelta(days=1)
    first, last, farthest = date(1900, 1, 1), date(2199, 12, 31), today + timedelta(days=3660)

    def faults(check: Any, *days: date) -> list[str]:
        found = []
        for one in days:
            try:
                check(one)
                found.append("")
            except ValidationError as error:
                found += error.messages
        return found

    reason = "Enter a day of a year from 1900 to 2199."
    assert faults(within_reason, first - day, first, last, last + day) == [reason, "", "", reason]
    assert faults(not_in_future, today - day, today, today + day) == ["", "", "Enter today or a day in the past."]
    assert faults(soon, farthest, farthest + day) == ["", "Enter a day within the next 10 years."]

    class Form(SpokenForm, forms.Form):
        on = forms.DateField(widget=DayInput)
        name = forms.CharField(required=False)

    form = Form({"on": "1899-12-31", "name": "x"})
    for _ in range(2):
        form.full_clean()
        assert dict(form.errors) == {"on": [reason]}
    assert 'value="2026-03-25"' in str(Form(initial={"on": date(2026, 3, 25)})["on"])


def test_what_is_sent_as_it_was_stored_stays_in_the_order_in_which_it_is_stored() -> None:
    class Form(SpokenForm, forms.Form):
        text = forms.CharField(required=False, widget=forms.Textarea)
        numbers = forms.TypedMultipleChoiceField(choices=[(1, "A"), (2, "B")], coerce=int, required=False)

    def cleaned(sent: str, chosen: list[str], **stored: Any) -> list[Any]:
        form = Form(MultiValueDict({"text": [sent], "numbers": chosen}), initial=stored)
        assert form.is_valid()
        return list(form.cleaned_data.values())

    assert cleaned("One.\rTwo.", ["1", "2"], text=7, numbers=[2, 1]) == ["One.\nTwo.", [1, 2]]
    assert cleaned("One.\rTwo.", ["1"], text="One.\nTwo.", numbers=(2, 1)) == ["One.\nTwo.", [1]]


class Meeting(SpokenForm, forms.Form):
    """A form in which some fields are needed if others say so."""

    format = forms.CharField()
    place = forms.CharField(required=False)
    link = forms.URLField(required=False, assume_scheme="https")
    later = forms.CharField(required=False)
    needed = {
        "place": Need("for a room", "Say where.", when=lambda typed: typed.get("format") == "room"),
        "link": Need("online", "Say by which link.", when=lambda typed: typed.get("format") == "line"),
        "later": Need("when it is published"),
        "gone": Need("never", "Never.", when=lambda typed: True),
    }


def test_what_is_needed_under_a_condition_is_asked_for_under_it_alone() -> None:
    def faults(**typed: str) -> dict[str, list[str]]:
        return {name: [str(one) for one in errors] for name, errors in Meeting(typed).errors.items()}

    wrong = {"link": ["Enter a web address such as https://example.org."]}
    assert faults(format="room") == {"place": ["Say where."]}
    assert faults(format="line") == {"link": ["Say by which link."]}
    assert faults(format="line", link="no link") == wrong, "one reason beside a field"
    assert faults(format="room", place="Here", link="no link") == wrong
    assert (faults(format="room", place="Here"), faults(format="other")) == ({}, {})


def test_what_was_typed_before_signing_in_is_shown_and_not_taken() -> None:
    def kept(*, half_way: bool, **typed: str) -> Meeting:
        data = Kept(mutable=True)
        data.update(typed)
        data.half_way = half_way
        return Meeting(data)

    rows = [(half_way, typed) for half_way in (False, True) for typed in ({"format": "room"}, {"format": "other"})]
    forms_ = [kept(half_way=half_way, **typed) for half_way, typed in rows]
    assert [(form.given_back, form.is_valid(), list(form.errors)) for form in forms_] == [
        (True, False, ["place"]), (True, False, []), (True, False, []), (True, False, []),
    ]  # fmt: skip
    plain = Meeting({"format": "other"})
    assert (plain.given_back, plain.is_valid()) == (False, True)


def test_a_page_answers_that_a_form_was_wrong_if_one_was_sent() -> None:
    wrong, right, opened = Meeting({}), Meeting({"format": "other"}), Meeting()
    asked = RequestFactory()

    def status(request: Any, **context: Any) -> int:
        return form_page(request, "ui/components/errors.html", context).status_code

    post = asked.post("/en/")
    assert [status(post, form=form) for form in (wrong, right, opened)] == [422, 200, 200]
    assert (status(asked.get("/en/"), form=wrong), status(post)) == (200, 200)


def test_a_long_list_begins_with_what_is_chosen_and_a_short_one_stays() -> None:
    def order(count: int) -> list[Any]:
        choices = [(n, str(n)) for n in range(count)]
        groups = Several(choices=choices).optgroups("one", [str(count - 1), "5"])
        return [option["value"] for _name, options, _index in groups for option in options]

    assert order(MANY) == list(range(MANY))
    assert order(MANY + 1) == [5, MANY, *(n for n in range(MANY) if n != 5)]
    countries: Any = DesignForm().fields["countries"]
    assert ("KE", "Kenya") in list(countries.choices)


def test_what_is_typed_says_in_which_direction_it_runs() -> None:
    fields = {
        "text": forms.CharField(widget=forms.Textarea), "line": forms.CharField(), "hidden": forms.CharField(widget=forms.HiddenInput),
        "address": forms.EmailField(), "day": forms.DateField(),
    }  # fmt: skip
    let_text_lead(fields.values())
    assert {name: field.widget.attrs.get("dir") for name, field in fields.items()} == {
        "text": "auto", "line": "auto", "hidden": None, "address": None, "day": None,
    }  # fmt: skip
