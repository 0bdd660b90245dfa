"""Translations on both sides of each condition: whose they are, who reads them, which are written and which stay."""

from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery
from django.utils.translation import override

from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson
from jirani.members.models import Organisation
from jirani.plans.enums import PlanState
from jirani.taxonomy.models import Theme
from jirani.translation.actions import Translations, confirm_translations, refresh_sort_keys, save_translation
from jirani.translation.enums import TranslationState
from jirani.translation.forms import ask_in_its_language, choose_among, in_order, language_choices, named
from jirani.translation.models import (
    SortKey,
    TranslatableModel,
    Translation,
    attach_translations,
    flat,
    place_in_alphabet,
    source_hash,
    translate_now,
)
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db


def french(record: TranslatableModel, field: str = "title", body: str = "Mots", **facts: Any) -> Translation:
    made = save_translation(record, field, "fr", body, **facts)
    assert made is not None
    return made


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


def test_who_checked_a_text_is_kept_of_what_was_checked_alone() -> None:
    theme, user = make.theme("Water"), make.user()
    states = [TranslationState.MACHINE, TranslationState.DRAFTED, TranslationState.REVIEWED]
    said = []
    for by in (user, None, AnonymousUser(), "demo"):
        for state in states:
            Translation.objects.all().delete()
            made = french(theme, "name", "Eau", state=state, by=by, engine="engine 1")
            said.append((made.state, made.reviewer, made.engine))
    each = [("machine", None, "engine 1"), ("drafted", None, ""), ("reviewed", None, "")]
    assert said == [*each[:2], ("reviewed", user, ""), *each, *each, *each]


def test_a_machine_that_says_nothing_takes_its_own_text_away_and_no_persons() -> None:
    theme = make.theme("Water")
    french(theme, "name", "Eau", state=TranslationState.MACHINE)
    save_translation(theme, "name", "sw", "Maji")
    save_translation(theme, "name", "fr", "", state=TranslationState.MACHINE)
    save_translation(theme, "name", "sw", "", state=TranslationState.MACHINE)
    assert list(Translation.objects.values_list("language", "body")) == [("sw", "Maji")]


def test_texts_saved_together_are_of_the_text_as_it_is_and_others_are_left() -> None:
    lesson, other = make.lesson("Old", body="Old"), make.lesson("Old")
    for record, field in [(lesson, "title"), (lesson, "body"), (other, "title")]:
        french(record, field)
    Lesson.objects.update(title="New", body="New")
    lesson.refresh_from_db()
    confirm_translations(lesson, "title")
    waiting = Translation.objects.of_earlier_text().values_list("object_id", "field")
    assert set(waiting) == {(lesson.pk, "body"), (other.pk, "title")}


def test_a_text_in_the_language_that_its_record_is_in_by_now_waits_for_nobody() -> None:
    lesson = make.lesson("Old")
    french(lesson)
    save_translation(lesson, "title", "sw", "Maneno")
    Lesson.objects.update(title="Neuf", language="fr")
    assert [one.language for one in Translation.objects.of_earlier_text()] == ["sw"]
    lesson.refresh_from_db()
    attach_translations("sw", lesson)
    assert (lesson.is_of_earlier_text("title", "sw"), lesson.outdated_fields("sw")) == (True, ["title"])
    attach_translations("fr", lesson)
    assert (lesson.is_of_earlier_text("title", "fr"), lesson.outdated_fields("fr")) == (False, [])


def test_texts_are_attached_before_they_are_read() -> None:
    theme, plain = make.theme("Water"), make.theme("Land")
    french(theme, "name", "Eau")
    with pytest.raises(LookupError):
        theme.text_in("name", "fr")
    assert theme.text_in("name", "en") == ("Water", "en")
    with override("fr"):
        translate_now([theme, [plain]], None)
        assert [named(one) for one in (theme, plain)] == ["Eau", "Land"]
    assert (theme.text_in("name", "fr"), plain.text_in("name", "fr")) == (("Eau", "fr"), ("Land", "en"))
    assert list(flat([theme, None, [[plain], None]])) == [theme, plain]
    attach_translations("en", theme)
    assert theme.attached_texts == {}


def test_choices_are_sorted_as_they_are_read() -> None:
    names = {"Water": "Eau", "Land": "Terre", "Women": "Écoles"}
    themes = [make.theme(english) for english in names]
    for theme in themes:
        french(theme, "name", names[theme.name])
    field: Any = forms.ModelChoiceField(queryset=Theme.objects.all())
    with override("fr"):
        choose_among(field, themes)
        assert [label for _value, label in field.choices] == ["Eau", "Écoles", "Terre"]
        choose_among(field, themes, empty="Aucun")
        assert next(iter(field.choices)) == ("", "Aucun")
        assert in_order([(1, "Femmes"), (2, "Éducation")]) == [(2, "Éducation"), (1, "Femmes")]
    assert [code for code, _name in language_choices()] == list(CODES)


def test_one_more_text_is_asked_in_the_language_of_the_others() -> None:
    own, other, plain = (forms.CharField(help_text="Short.") for _ in range(3))
    lesson, french_one = Lesson(language="en"), Lesson(language="fr")
    ask_in_its_language(own, lesson)
    ask_in_its_language(other, french_one)
    plain.help_text = ""
    ask_in_its_language(plain, french_one)
    assert (own.help_text, own.widget.attrs.get("lang")) == ("Short.", None)
    asked = "Write it in the language of the other texts: French."
    assert (other.help_text, other.widget.attrs["lang"]) == (f"Short. {asked}", "fr")
    assert plain.help_text == asked


def test_texts_from_files_are_made_and_renewed_unless_somebody_has_checked_them() -> None:
    new, drafted, reviewed, same = (make.theme(name) for name in ("New", "Drafted", "Reviewed", "Same"))
    french(drafted, "name", "Avant")
    french(reviewed, "name", "Avant", state=TranslationState.REVIEWED)
    before = french(same, "name", "Pareil").updated_at
    texts = Translations()
    texts.want(new, "name", {"en": "New", "fr": " Neuf ", "sw": "Mpya"})
    texts.want(drafted, "name", {"fr": "Après"})
    texts.want(reviewed, "name", {"fr": "Après"})
    texts.want(same, "name", {"fr": "Pareil"})
    texts.want(same, "summary", "plain text")
    assert texts.write() == 5
    stands = Translation.objects.values_list("object_id", "language", "body", "state", "source_hash")
    assert sorted(stands) == sorted([
        (new.pk, "fr", "Neuf", "drafted", source_hash("New")), (new.pk, "sw", "Mpya", "drafted", source_hash("New")),
        (drafted.pk, "fr", "Après", "drafted", source_hash("Drafted")),
        (reviewed.pk, "fr", "Avant", "reviewed", source_hash("Reviewed")),
        (same.pk, "fr", "Pareil", "drafted", source_hash("Same")),
    ])  # fmt: skip
    assert Translation.objects.get(object_id=same.pk).updated_at == before

    Theme.objects.filter(pk=drafted.pk).update(name="Drafted anew")
    drafted.refresh_from_db()
    again = Translations()
    again.want(drafted, "name", {"fr": "Après"})
    assert again.write() == 1
    assert Translation.objects.get(object_id=drafted.pk).source_hash == source_hash("Drafted anew")


def test_keys_are_those_of_records_that_sort_and_are_made_when_a_name_or_its_language_changes() -> None:
    refresh_sort_keys()
    body, lesson = make.organisation("Kwale"), make.lesson()
    french(lesson)
    french(body, "summary", "Mots")
    kinds = set(SortKey.objects.values_list("content_type__model", flat=True))
    assert kinds == {"organisation"}

    def renewed(**changes: Any) -> bool:
        SortKey.objects.update(key="00")
        Organisation.objects.filter(pk=body.pk).update(**changes)
        return not SortKey.objects.filter(key="00").exists()

    rows = [{"name": "Taita"}, {"language": "fr"}, {"summary": "Other"}, {"slug": "other"}]
    assert [renewed(**changes) for changes in rows] == [True, True, False, False]
    assert SortKey.objects.count() == 4, "one for each language"


def test_keys_of_kinds_and_records_that_are_gone_are_deleted_with_a_renewal() -> None:
    from jirani.translation.actions import renew_sort_keys

    make.organisation("Kwale")
    stale = ContentType.objects.create(app_label="gone", model="gone")
    SortKey.objects.create(content_type=stale, object_id=1, language="en", key="00", version="old")
    assert renew_sort_keys() == 0
    assert not SortKey.objects.filter(content_type=stale).exists()
    assert (renew_sort_keys(every=True), SortKey.objects.count()) == (1, 4)


def test_names_without_a_key_sort_by_themselves() -> None:
    bodies = [make.organisation(name) for name in ("Dakar", "Çair", "cape town")]

    def sorted_names() -> list[str]:
        key = place_in_alphabet(Organisation, number="pk", name="name")
        return list(Organisation.objects.order_by(key).values_list("name", flat=True))

    assert sorted_names() == ["Çair", "cape town", "Dakar"]
    SortKey.objects.all().delete()
    assert sorted_names() == ["cape town", "Dakar", "Çair"]
    assert len(bodies) == 3
