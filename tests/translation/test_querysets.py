"""Whose texts somebody reads, which are a record’s own, and which say a word."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery

from jirani.core.enums import AccessMode
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson
from jirani.plans.enums import PlanState
from jirani.taxonomy.models import Theme
from jirani.translation.actions import save_translation
from jirani.translation.models import (
    Translation,
)
from tests import factories as make
from tests.cast import Cast, user_of

from .conftest import french

pytestmark = pytest.mark.django_db


def test_whoever_sees_a_record_sees_its_texts_and_what_is_shown_with_it(cast: Cast) -> None:
    """By its own readers, by those of the record above it at any distance, or everybody's."""
    shut = make.plan(cast.kwale, state=PlanState.DRAFT)
    texts = {
        "open": french(make.lesson()), "network": french(make.lesson(access=AccessMode.NETWORK)),
        "draft": french(make.lesson(state=Publication.DRAFT)),
        "of an open plan": french(make.activity(make.plan(cast.mombasa)).objective),
        "of a drafted plan": french(make.activity(shut).objective),
        "theme": french(make.theme(), "name"), "organisation": french(cast.kwale.organisation, "name"),
    }  # fmt: skip
    gone = french(make.lesson())
    Translation.objects.filter(pk=gone.pk).update(object_id=0)

    def seen(user: Any) -> set[str]:
        found = set(Translation.objects.visible_to(user).values_list("pk", flat=True))
        assert gone.pk not in found
        return {name for name, text in texts.items() if text.pk in found}

    everybody = {"open", "of an open plan", "theme", "organisation"}
    assert seen(AnonymousUser()) == seen(user_of(cast.outsider)) == everybody
    assert seen(user_of(cast.mombasa_focal_point)) == everybody | {"network"}
    assert seen(user_of(cast.kwale_focal_point)) == everybody | {"network", "of a drafted plan"}
    assert seen(user_of(cast.coordinator)) == set(texts)


def test_texts_of_a_record_are_its_own_alone() -> None:
    theme = make.theme("Water")
    other = make.organisation("Water", pk=theme.pk)
    mine, theirs = french(theme, "name", "Eau"), french(other, "name", "Eau et fils")
    french(make.theme("Land"), "name", "Terre")
    assert (list(Translation.objects.of(theme)), list(Translation.objects.of(other))) == ([mine], [theirs])


def test_words_are_found_in_one_language_and_kind_of_record() -> None:
    lesson, other = make.lesson("Water"), make.lesson("Land")
    french(lesson, "title", "Eau claire")
    french(other, "title", "Terre")
    save_translation(lesson, "title", "sw", "Maji")
    save_translation(other, "title", "sw", "Eau")
    french(make.theme("Water", pk=other.pk), "name", "Eau")

    def found(word: str, model: Any, language: str) -> list[int]:
        return [
            row["object_id"] for row in Translation.objects.saying(SearchQuery(word, config="simple"), model, language)
        ]

    assert found("eau", Lesson, "fr") == [lesson.pk]
    assert (found("eau", Lesson, "sw"), found("eau", Theme, "fr"), found("maji", Lesson, "fr")) == (
        [other.pk], [other.pk], [],
    )  # fmt: skip
