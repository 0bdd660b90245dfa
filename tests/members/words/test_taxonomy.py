"""Coordinators name, translate and retire themes, drivers and hubs."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.events.forms import EventCreateForm
from jirani.lessons.forms import LessonForm
from jirani.lessons.models import Lesson
from jirani.members.models import Hub
from jirani.members.words.actions import add_word, edit_word, names_of, remove_word, retire_word
from jirani.taxonomy.actions import ensure_taxonomy
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.enums import TranslationState
from jirani.translation.models import Translation, attach_translations
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

PAGE = "/en/taxonomy/"


def test_only_network_coordinators_say_what_the_words_are(cast: Cast) -> None:
    theme = make.theme()
    pages = (PAGE, f"{PAGE}theme/new/", f"{PAGE}hub/new/", f"{PAGE}theme/{theme.pk}/edit/")
    posts = (f"{PAGE}theme/{theme.pk}/retire/", f"{PAGE}theme/{theme.pk}/delete/")

    for part, person in cast.people().items():
        client = client_of(person)
        codes = {client.get(page).status_code for page in pages}
        if part != "coordinator":
            codes |= {client.post(page).status_code for page in posts}
        assert codes == ({200} if part == "coordinator" else {403}), part
    stranger: Any = User.objects.get(person=cast.hub_coordinator)
    for act in (
        lambda: add_word(Driver(name="x"), by=stranger, names={"en": "x"}),
        lambda: edit_word(theme, by=stranger, names={"en": "x"}),
        lambda: retire_word(theme, by=stranger, retired=True),
        lambda: remove_word(theme, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(("kind", "model"), [("theme", Theme), ("driver", Driver), ("hub", Hub)])
def test_one_is_named_in_four_languages_once(cast: Cast, kind: str, model: Any) -> None:
    before = set(model.objects.values_list("pk", flat=True))
    facts = {"ar": "الماء", "fr": "Eau", "en": "Water", "sw": "", "once": "k"}
    client = client_of(cast.coordinator)

    answers = [client.post(f"/ar/taxonomy/{kind}/new/", facts) for _ in range(2)]

    word = model.objects.exclude(pk__in=before).get()
    assert [answer["Location"] for answer in answers] == [f"/ar/taxonomy/#{kind}"] * 2
    assert (word.language, word.name, word.slug) == ("ar", "الماء", "water")
    assert names_of(word) == {"ar": "الماء", "fr": "Eau", "en": "Water"}
    assert Entry.objects.get(verb=f"members.add_{kind}").actor_id == cast.coordinator.user_id
    assert client.post(f"/ar/taxonomy/{kind}/new/", {"fr": "Feu"}).context["form"].errors.keys() == {"ar"}
    assert client.post(f"/ar/taxonomy/{kind}/new/", {"ar": "الماء"}).context["form"].errors.keys() == {"ar"}


def test_one_is_renamed_and_translated_without_touching_what_was_reviewed(cast: Cast) -> None:
    ensure_taxonomy()
    theme, client = Theme.objects.get(slug="youth"), client_of(cast.coordinator)
    Translation.objects.of(theme).filter(language="fr").update(state=TranslationState.REVIEWED)
    address = f"{PAGE}theme/{theme.pk}/edit/"
    form = client.get(address).context["form"]
    facts = {name: form[name].value() or "" for name in ("en", "fr", "ar", "sw", "version")}

    client.post(address, facts | {"en": "Youth", "sw": ""})
    late = client.post(address, facts | {"en": "Late"})

    theme.refresh_from_db()
    assert (theme.name, theme.slug) == ("Youth", "youth")
    assert names_of(theme) == {"en": "Youth", "fr": facts["fr"], "ar": facts["ar"]}
    assert Translation.objects.of(theme).get(language="fr").state == TranslationState.REVIEWED
    assert late.context["form"].non_field_errors()
    assert [str(word) for word in _row(client, "theme", theme.pk).missing] == ["Swahili"]


def test_a_name_is_within_what_its_place_holds_and_no_other_word_has_it(cast: Cast) -> None:
    by, theme, other = User.objects.get(person=cast.coordinator), make.theme("Youth"), make.theme("Old")
    long = add_word(Theme(), by=by, names={"en": "a" * 60})
    assert long.slug == "a" * 50
    for name in ("a" * 121, "OLD"):
        with pytest.raises(ValidationError):
            edit_word(theme, by=by, names={"en": name})
    assert set(Theme.objects.values_list("name", flat=True)) == {"Youth", "Old", "a" * 60}
    edit_word(Theme.objects.get(pk=theme.pk), by=by, names={"en": "youth", "fr": "Jeunes", "sw": ""})
    french = Translation.objects.of(theme).get()
    assert (french.language, french.body) == ("fr", "Jeunes")
    edit_word(Theme.objects.get(pk=theme.pk), by=by, names={"en": "The young", "fr": "Jeunes"})
    theme.refresh_from_db()
    attach_translations("fr", theme)
    assert (theme.name, theme.outdated_fields("fr")) == ("The young", [])
    assert not Translation.objects.of(other).exists()


def _row(client: Client, kind: str, pk: int) -> Any:
    return next(word for word in client.get(PAGE).context[kind] if word.pk == pk)


def test_a_theme_is_part_of_another_never_of_itself(cast: Cast) -> None:
    wide, part = make.theme("Wide"), make.theme("Part")
    client = client_of(cast.coordinator)
    address = f"{PAGE}theme/{part.pk}/edit/"

    itself = client.post(address, {"en": "Part", "parent": part.pk})
    client.post(address, {"en": "Part", "parent": wide.pk})
    round_about = client.post(f"{PAGE}theme/{wide.pk}/edit/", {"en": "Wide", "parent": part.pk})

    part.refresh_from_db()
    assert part.parent == wide
    assert [list(each.context["form"].errors) for each in (itself, round_about)] == [["parent"], ["parent"]]


def test_a_retired_one_stays_where_it_is_and_is_offered_to_nobody_else(cast: Cast) -> None:
    old, new = make.theme("Old"), make.theme("New")
    lesson = make.lesson(themes=[old])
    client, user = client_of(cast.coordinator), User.objects.get(person=cast.coordinator)

    client.post(f"{PAGE}theme/{old.pk}/retire/", {"retired": "1"})

    offered = [
        {label for _, label in form.fields["themes"].choices}  # type: ignore[attr-defined]
        for form in (
            LessonForm(instance=Lesson(), by=user),
            LessonForm(instance=lesson, by=user),
            EventCreateForm(user=user),
        )
    ]
    assert offered == [{"New"}, {"Old", "New"}, {"New"}]
    assert _row(client, "theme", old.pk).retired
    client.post(f"{PAGE}theme/{old.pk}/retire/", {"retired": ""})
    assert set(Theme.objects.offered()) == {old, new}


def test_one_that_no_record_has_can_go(cast: Cast) -> None:
    free, held = make.theme("Free"), make.theme("Held")
    make.lesson(themes=[held])
    client = client_of(cast.coordinator)

    for address in (f"theme/{free.pk}", f"theme/{held.pk}", f"hub/{cast.hub.pk}"):
        client.post(f"{PAGE}{address}/delete/")

    assert (list(Theme.objects.all()), list(Hub.objects.all())) == ([held], [cast.hub])
    codes = [client.post(f"{PAGE}hub/{cast.hub.pk}/retire/").status_code, client.get(f"{PAGE}goal/new/").status_code]
    assert codes == [404, 404]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_with_one_and_with_thirty(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        make.lesson(themes=[make.theme(parent=make.theme())])
        make.driver()
        make.hub()
    client = client_of(cast.coordinator)
    client.get("/ar/taxonomy/")  # which kinds of records there are is remembered in the process

    with django_assert_num_queries(9):
        page = client.get("/ar/taxonomy/")

    assert [len(page.context[kind]) for kind in ("theme", "driver", "hub")] == [2 * number, number, number + 1]


def test_a_hub_says_what_it_is_where_its_places_are_listed(cast: Cast, client: Client) -> None:
    hub, coordinator = cast.hub, client_of(cast.coordinator)
    address, listed = f"{PAGE}hub/{hub.pk}/edit/", f"/en/local-authorities/?hub={hub.slug}"
    form = coordinator.get(address).context["form"]
    sent = {
        "en": hub.name,
        "version": form["version"].value(),
        "summary": "For the coast.",
        "source_url": "https://example.org/hub",
    }

    coordinator.post(address, sent)
    late = coordinator.post(address, sent | {"summary": "For the lakes."})

    hub.refresh_from_db()
    assert (hub.summary, hub.source_url, late.status_code) == ("For the coast.", "https://example.org/hub", 422)
    shown, all_places = (client.get(page).content.decode() for page in (listed, "/en/local-authorities/"))
    assert [words in shown for words in ("For the coast.", "https://example.org/hub")] == [True, True]
    assert "For the coast." not in all_places
    assert "summary" not in coordinator.get(f"{PAGE}theme/new/").context["form"].fields
