"""A translation of an earlier text says so, wherever it is shown, and waits for a translator."""

import pytest
from django.test import Client

from jirani.lessons.models import Lesson
from jirani.translation.actions import save_translation
from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel, Translation
from tests import factories as make

pytestmark = pytest.mark.django_db

LABEL = "traduit à partir d’une version antérieure"


def translated() -> Lesson:
    lesson = make.lesson("Rotate seats every year", body="Each seat changes hands.")
    save_translation(lesson, "title", "fr", "Renouveler les sièges chaque année", state=TranslationState.REVIEWED)
    save_translation(lesson, "body", "fr", "Chaque siège change de mains.", state=TranslationState.REVIEWED)
    return lesson


@pytest.mark.parametrize(("field", "now"), [("title", "Never rotate seats"), ("body", "No seat ever changes hands.")])
def test_a_page_says_so_and_has_the_original_one_click_away(client: Client, field: str, now: str) -> None:
    lesson = translated()
    before = client.get(f"/fr/lessons/{lesson.pk}/").content.decode()

    Lesson.objects.filter(pk=lesson.pk).update(**{field: now})
    after = client.get(f"/fr/lessons/{lesson.pk}/").content.decode()

    told = "l’original a changé depuis"
    assert [told in page for page in (before, after)] == [False, True]
    assert [now in page for page in (before, after)] == [False, True]
    assert [after.count("Lire l’original"), after.count('<div lang="en" dir="ltr">')] == [1, 1]
    assert "Renouveler les sièges chaque année" in after
    assert told not in client.get(f"/en/lessons/{lesson.pk}/").content.decode()


def test_a_list_says_so_beside_the_text(client: Client) -> None:
    lesson = translated()
    before = client.get("/fr/lessons/").content.decode()

    Lesson.objects.filter(pk=lesson.pk).update(title="Never rotate seats")
    after = client.get("/fr/lessons/").content.decode()

    assert [LABEL in page for page in (before, after)] == [False, True]


def test_it_waits_until_somebody_translates_it_again() -> None:
    lesson = translated()
    assert Translation.objects.of_earlier_text().count() == 0

    Lesson.objects.filter(pk=lesson.pk).update(title="Never rotate seats")
    assert [(one.object_id, one.field) for one in Translation.objects.of_earlier_text()] == [(lesson.pk, "title")]

    lesson.refresh_from_db()
    save_translation(lesson, "title", "fr", "Ne jamais renouveler les sièges")
    assert Translation.objects.of_earlier_text().count() == 0


def test_each_text_is_compared_with_its_own_field_of_its_own_record() -> None:
    lesson = make.lesson("Rotate seats", body="Each seat changes hands.")
    theme = make.theme("Water", pk=lesson.pk)
    texts: list[tuple[TranslatableModel, str]] = [(lesson, "title"), (lesson, "body"), (theme, "name")]
    for record, field in texts:
        save_translation(record, field, "fr", "Mots")

    def waiting() -> list[str]:
        return list(Translation.objects.of_earlier_text().values_list("field", flat=True))

    assert waiting() == []
    Lesson.objects.filter(pk=lesson.pk).update(title="Never rotate seats")
    assert waiting() == ["title"]
