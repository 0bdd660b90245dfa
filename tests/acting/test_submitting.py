"""Forms that act: what they tell an action, what they say if it refuses, and what they remember of being sent."""

from typing import Any, ClassVar

import pytest
from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from jirani.acting.facts import OWN, held
from jirani.acting.forms import ActingForm, InstanceForm, OnceForm, VersionForm, sent
from jirani.audit.actions import ChangedMeanwhile, lock_unchanged, state_of
from jirani.core.unsaved import Unsaved
from jirani.lessons.models import Lesson
from jirani.taxonomy.models import Theme
from tests import factories as make

pytestmark = pytest.mark.django_db


class Told(ActingForm, forms.Form):
    """A form with a field of each sort: held under its own name, under another, under two, by nobody, and its own."""

    name = forms.CharField()
    rank = forms.IntegerField(required=False)
    both = forms.CharField(required=False)
    remark = forms.CharField(required=False)
    token = forms.CharField(required=False)
    shown = forms.CharField(required=False)
    held: ClassVar[Any] = {
        "rank": held("position"), "both": held("slug", "language"), "remark": None, "token": OWN, "shown": held(),
    }  # fmt: skip

    def clean_both(self) -> tuple[str, str]:
        first, _space, second = str(self.cleaned_data["both"]).partition(" ")
        return first, second

    def foresee(self) -> dict[str, Any]:
        return {"name": "Taken.", "rank": "Too high.", "remark": "", "elsewhere": "Never shown."}


def test_a_form_tells_by_column_what_was_typed_and_shows_a_record_with_it() -> None:
    form = Told({"name": "Water", "rank": "3", "both": "water fr", "remark": "x", "token": "t", "shown": "s"})
    assert (form.is_valid(), form.facts) == (
        True, {"name": "Water", "position": 3, "slug": "water", "language": "fr", "remark": "x", "shown": "s"},
    )  # fmt: skip
    theme = make.theme("Land", position=1)
    shown = form.so_far(theme)
    assert (shown.name, shown.position, shown.language, hasattr(shown, "remark")) == ("Water", 3, "fr", False)
    assert (theme.name, theme.position, form.about) == ("Land", 1, ())
    named = ("name", "rank", "both", "remark", "token")
    assert Told.first_values(theme, names=named) == {"name": "Land", "rank": 1, "both": (theme.slug, "en")}
    columns = ("name", "position", "language", "remark", "other")
    assert [Told.field_of(column) for column in columns] == ["name", "rank", "both", "remark", "other"]


def test_what_an_action_would_refuse_is_said_with_what_is_wrong_anyway() -> None:
    def faults(**typed: str) -> dict[str, list[str]]:
        return {name: [str(one) for one in errors] for name, errors in Told(typed).errors.items()}

    assert faults(name="Water") == {}, "a form that is right is not asked"
    assert faults() == {"name": ["Fill this in."], "rank": ["Too high."]}
    assert faults(name="Water", rank="x") == {"rank": ["Enter a whole number such as 12."], "name": ["Taken."]}


def test_what_an_action_refuses_stands_beside_its_field_or_first_on_the_form() -> None:
    def refused(error: Exception) -> dict[str, list[str]]:
        def act(*about: Any, **told: Any) -> Any:
            raise error

        form = Told({"name": "Water"})
        assert form.is_valid()
        assert form.submit(act) is None
        return {name: [str(one) for one in errors] for name, errors in form.errors.items()}

    assert refused(ValidationError("So.")) == {"__all__": ["So."]}
    assert refused(ValidationError({"name": "Here.", "nowhere": "There."})) == {
        "name": ["Here."],
        "__all__": ["There."],
    }
    gone = "Somebody removed this in the meantime, so nothing has been saved."
    assert refused(ObjectDoesNotExist("x")) == {"__all__": [gone]}
    for fault in (DatabaseError("disk"), KeyError("x")):
        with pytest.raises(type(fault)):
            refused(fault)

    form, theme = Told({"name": "Water"}), make.theme()
    assert form.is_valid()
    assert form.submit(lambda *about, **told: (about, told["by"], told["name"]), theme, by=1) == ((theme,), 1, "Water")
    assert form.submit(lambda *about, **told: about) == ()


def test_a_page_holds_what_was_sent_to_it_now_or_before_signing_in() -> None:
    get, post = RequestFactory().get("/en/a/"), RequestFactory().post("/en/a/", {"name": "Now"})
    for request in (get, post):
        request.unsaved = Unsaved("/en/a/", [("name", ["Before"])], files=False)  # type: ignore[attr-defined]

    def named(data: Any) -> Any:
        return data and data["name"]

    assert [named(sent(post)), named(sent(get)), named(sent(get, to="/en/b/"))] == ["Now", "Before", None]
    get.unsaved = Unsaved("/en/b/", [("name", ["There"])], files=False)  # type: ignore[attr-defined]
    assert [named(sent(get)), named(sent(get, to="/en/b/"))] == [None, "There"]
    assert sent(RequestFactory().get("/en/a/")) is None


class Making(OnceForm):
    """A form that makes a theme, with a file beside it."""

    name = forms.CharField()
    file = forms.FileField(required=False)


def test_a_form_makes_one_record_for_each_token_and_says_if_other_words_come_with_it() -> None:
    read: list[bytes] = []

    def act(*, name: str, file: Any) -> Theme:
        read.append(file.read() if file else b"")
        return make.theme(name)

    def send(once: str, name: str, body: bytes = b"") -> tuple[Any, Making]:
        files: Any = MultiValueDict({"file": [SimpleUploadedFile("a.txt", body)]} if body else {})
        form = Making(MultiValueDict({"once": [once], "name": [name]}), files)
        assert form.is_valid()
        return form.submit(act), form

    first = send("one", "Water", b"Minutes")[0]
    assert (send("one", "Water", b"Minutes")[0], read) == (first, [b"Minutes"])
    for name, body in (("Land", b"Minutes"), ("Water", b"Record."), ("Water", b"")):
        made, form = send("one", name, body)
        assert (made, list(form.errors)) == (None, ["__all__"])
        assert form["once"].value() not in ("one", "")
    second = send("two", "Water", b"Minutes")[0]
    unnamed = [send("", "Water")[0] for _ in range(2)]
    assert len({theme.pk for theme in (first, second, *unnamed)}) == len(read) == 4
    keys = [Making()["once"].value() for _ in range(2)]
    assert (len(keys[0]), keys[0] != keys[1]) == (24, True)
    assert Making({"name": "x"}).about == ()


class Changing(VersionForm):
    """A form that changes a theme."""

    name = forms.CharField()
    rank = forms.IntegerField(required=False)
    held: ClassVar[Any] = {"rank": held("position")}


def test_a_form_knows_which_state_of_its_record_it_was_typed_over() -> None:
    theme = make.theme("Water", position=4)
    opened = Changing(record=theme)
    assert (opened.initial, opened.about) == ({"version": state_of(theme), "name": "Water", "rank": 4}, (theme,))
    assert Changing(record=theme, initial={"name": "Land"}).initial == {**opened.initial, "name": "Land"}
    bare = Changing()
    assert (bare.initial, bare.about, bare.record) == ({}, (), None)

    def change(row: Theme, *, version: str, name: str, position: int | None) -> Theme:
        return lock_unchanged(row, version)

    def send(version: str) -> Changing:
        form = Changing({"name": "Land", "rank": "4", "version": version}, record=theme)
        assert form.is_valid()
        form.submit(change)
        return form

    assert send(state_of(theme)).errors == {}
    late = send("earlier")
    assert (list(late.errors), late["version"].value()) == (["__all__"], state_of(theme))
    late.refuse(ChangedMeanwhile("newest"))
    assert late["version"].value() == "newest"


def test_the_device_hears_that_a_form_has_arrived(settings: Any) -> None:
    def word(form: Any) -> Any:
        form.full_clean()
        answer = form.arrived(HttpResponse("So."))
        assert answer.content == b"So."
        cookie = answer.cookies.get("saved")
        return cookie and (cookie.value, cookie["max-age"], cookie["samesite"])

    assert word(Making({"name": "x", "once": "key"})) == ("key", 60, "Lax")
    assert word(Changing({"name": "x", "version": "v1"})) == ("v1", 60, "Lax")
    assert word(Changing({"name": "x"})) is None


class Typing(InstanceForm[Lesson]):
    """A form of a lesson: a column, a link, a column under another name, and a field that nothing holds."""

    words = forms.CharField(required=False)
    remark = forms.CharField(required=False)
    token = forms.CharField(required=False)
    held: ClassVar[Any] = {"words": held("body"), "remark": None, "token": OWN}

    class Meta:
        model = Lesson
        fields: ClassVar[list[str]] = ["title", "themes"]


class Plain(InstanceForm[Theme]):
    """A form of a record without links."""

    class Meta:
        model = Theme
        fields: ClassVar[list[str]] = ["name"]


def test_a_form_of_a_record_types_into_it_what_it_holds_and_tells_the_rest() -> None:
    theme, other = make.theme(), make.theme()
    lesson = make.lesson("Old", body="Old words", themes=[theme])
    opened = Typing(instance=lesson)
    assert {name: opened.initial[name] for name in ("title", "words")} == {"title": "Old", "words": "Old words"}
    assert "remark" not in opened.initial
    assert Typing(instance=lesson, initial={"words": "Given"}).initial["words"] == "Given"
    assert "words" not in Typing().initial

    typed = {"title": "New", "words": "New words", "remark": "x", "token": "t", "themes": [other.pk]}
    form = Typing(typed, instance=lesson)
    assert form.is_valid()
    assert (form.about, lesson.title, lesson.body) == ((lesson,), "New", "New words")
    assert form.facts == {"remark": "x", "links": {"themes": form.cleaned_data["themes"]}}
    assert list(form.links["themes"]) == [other]
    del form.fields["themes"], form.cleaned_data["themes"]
    assert form.facts == {"remark": "x", "links": {}}
    plain = Plain({"name": "Land"}, instance=theme)
    assert (plain.is_valid(), plain.facts, theme.name) == (True, {}, "Land")
