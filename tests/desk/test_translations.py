"""What was translated from an earlier text waits for those who translate, each as far as they may see its record."""

from typing import Any

import pytest
from django.db.models import CASCADE
from django.test import Client
from pytest_django import DjangoAssertNumQueries

import tests.oracles  # noqa: F401  (who may see what, of the records about which the app never asks one by one)
from jirani.core.enums import AccessMode
from jirani.core.permissions import permission_pairs
from jirani.desk.views.translations import has_page, way_to_page
from jirani.lessons.models import Lesson
from jirani.members.models import Person
from jirani.translation.actions import save_translation
from jirani.translation.models import translatable_models
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db

LIST = "/en/desk/translations/"


def _as(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def outdated(title: str, **facts: Any) -> Lesson:
    """A lesson whose French title is of an earlier one."""
    lesson = make.lesson(f"{title} before", **facts)
    save_translation(lesson, "title", "fr", f"{title}, en français")
    lesson.title = title
    lesson.save()
    return lesson


def waiting(page: str) -> bool:
    return "made from an earlier text" in page


def test_translators_are_told_how_many_wait_until_none_does(cast: Cast) -> None:
    translator = _as(cast.translator)
    assert not waiting(translator.get("/en/desk/").content.decode())
    lesson = outdated("Rotate seats")
    outdated("Closed doors", access=AccessMode.CLOSED)

    desk = translator.get("/en/desk/").content.decode()
    assert "1 translation was made from an earlier text." in desk
    assert f'href="{LIST}"' in desk
    assert not waiting(_as(cast.coordinator).get("/en/desk/").content.decode())

    save_translation(lesson, "title", "fr", "Renouveler les sièges")
    assert not waiting(translator.get("/en/desk/").content.decode())


def test_the_list_has_both_texts_and_leads_to_the_page_in_its_language(cast: Cast) -> None:
    lesson = outdated("Rotate seats")
    closed = outdated("Closed doors", access=AccessMode.CLOSED)
    page = _as(cast.translator).get(LIST).content.decode()

    assert f'href="/fr/lessons/{lesson.pk}/" hreflang="fr">Rotate seats</a>' in page
    assert ('lang="fr" dir="ltr"' in page, "Rotate seats, en français" in page, "French" in page) == (True, True, True)
    assert (closed.title in page, "Closed doors, en français" in page) == (False, False)
    assert closed.title in _as(cast.coordinator).get(LIST).content.decode()
    assert [_as(person).get(LIST).status_code for person in (cast.editor, cast.participant)] == [403, 403]


def test_each_kind_stands_by_itself(cast: Cast) -> None:
    outdated("Rotate seats")
    theme = make.theme("Water")
    save_translation(theme, "name", "sw", "Maji")
    type(theme).objects.filter(pk=theme.pk).update(name="Drinking water")
    client = _as(cast.translator)

    lessons, themes = (
        client.get(LIST, {"kind": kind}).content.decode() for kind in ("lessons.Lesson", "taxonomy.Theme")
    )
    assert [("Rotate seats" in page, "Drinking water" in page) for page in (lessons, themes)] == [
        (True, False),
        (False, True),
    ]
    assert client.get(LIST, {"kind": "nothing"}).status_code == 200
    assert client.get(LIST, {"cursor": "a…"}).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_what_it_costs(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int) -> None:
    for n in range(number):
        outdated(f"Lesson {n}")
    client = _as(cast.translator)
    client.get(LIST)

    with django_assert_num_queries(8):
        assert len(client.get(LIST).context["rows"]) == min(number, 20)


def test_every_translated_record_is_seen_by_a_rule_of_its_own_or_with_another() -> None:
    """What stands in a record that not everybody sees is not shown to everybody either."""
    asked = {pair.model for pair in permission_pairs() if pair.method == "visible_to"}

    def limited(model: Any) -> bool:
        return hasattr(model._default_manager.all(), "visible_to") or bool(getattr(model, "seen_with", ""))

    unlimited = [model for model in translatable_models() if not limited(model)]
    wrong = [
        f"{model._meta.label} goes with {field.name}, whose readers alone may see it: name it in `seen_with`"
        for model in unlimited
        for field in model._meta.concrete_fields
        if getattr(field.remote_field, "on_delete", None) is CASCADE and limited(field.related_model)
    ]
    assert wrong == []
    assert [
        model._meta.label for model in unlimited if {"access", "state"} & {f.name for f in model._meta.fields}
    ] == []
    assert len(asked & set(translatable_models())) > 8


#: Words of the network and papers: read on many pages, and on none of their own.
ON_NO_PAGE = {
    *("taxonomy.Theme", "taxonomy.Driver", "taxonomy.Goal", "taxonomy.Target", "members.Agreement"),
    *("members.Grant", "members.Hub"),
}


@pytest.mark.gaps
def test_translators_are_led_to_the_page_of_every_translated_record() -> None:
    """Of one without a page of its own say in `seen_with` with which record it is seen, or in `READ_ON` of jirani/desk/views/translations.py
    on whose page it is read.
    """
    lost = {model._meta.label for model in translatable_models() if not has_page(model) and not way_to_page(model)}
    assert lost == ON_NO_PAGE
