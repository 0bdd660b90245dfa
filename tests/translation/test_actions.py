"""Texts in other languages and the order of names."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from jirani.config.languages import CODES
from jirani.language.collation import KEY_LENGTH, collation_version, sort_key
from jirani.lessons.models import Lesson
from jirani.members.models import Organisation
from jirani.taxonomy.models import Theme
from jirani.translation.actions import (
    Translations,
    confirm_translations,
    refresh_sort_keys,
    save_translation,
    update_sort_keys,
)
from jirani.translation.enums import TranslationState
from jirani.translation.models import (
    SortKey,
    TranslatableModel,
    Translation,
    source_hash,
)
from tests import factories as make

from .conftest import french

pytestmark = pytest.mark.django_db


def test_a_translation_knows_the_source_it_was_made_from() -> None:
    body = make.organisation("Kwale")
    reviewer = make.user()

    drafted = save_translation(body, "name", "ar", " كوالي ")
    reviewed = save_translation(body, "name", "ar", "كوالي", state=TranslationState.REVIEWED, by=reviewer)

    assert drafted is not None
    assert reviewed is not None
    assert (drafted.body, drafted.state, drafted.source_hash) == ("كوالي", "drafted", source_hash("Kwale"))
    assert (reviewed.pk, reviewed.state, reviewed.reviewer) == (drafted.pk, "reviewed", reviewer)


def test_a_machine_never_replaces_what_a_person_wrote() -> None:
    body = make.organisation("Kwale")
    machine = save_translation(body, "name", "ar", "آلة", state=TranslationState.MACHINE, engine="engine 1")
    again = save_translation(body, "name", "ar", "آلة ثانية", state=TranslationState.MACHINE, engine="engine 2")
    person = save_translation(body, "name", "ar", "كوالي")
    kept = save_translation(body, "name", "ar", "آلة", state=TranslationState.MACHINE, engine="engine 1")

    assert [each and (each.body, each.engine) for each in (machine, again, person, kept)] == [
        ("آلة", "engine 1"),
        ("آلة ثانية", "engine 2"),
        ("كوالي", ""),
        ("كوالي", ""),
    ]


def test_an_empty_text_takes_a_translation_away_and_its_place_in_the_order() -> None:
    body = make.organisation("Kwale")
    save_translation(body, "name", "ar", "كوالي")
    with_name = SortKey.objects.get(language="ar").key
    nothing = save_translation(body, "name", "ar", "  ")

    assert nothing is None
    assert Translation.objects.count() == 0
    assert [with_name, SortKey.objects.get(language="ar").key] == [sort_key("كوالي", "ar"), sort_key("Kwale", "ar")]


@pytest.mark.parametrize(("field", "language"), [("slug", "ar"), ("name", "en")])
def test_what_cannot_be_translated_is_refused(field: str, language: str) -> None:
    body = make.organisation("Kwale")

    with pytest.raises(ValueError, match=r"not translatable|written in"):
        save_translation(body, field, language, "كوالي")

    assert Translation.objects.count() == 0


def test_sort_keys_follow_the_name_in_each_language() -> None:
    kwale, cair = make.organisation("Kwale"), make.organisation("Çair", language="fr")
    save_translation(kwale, "name", "ar", "كوالي")

    refresh_sort_keys(kwale, cair)

    keys = {(key.object_id, key.language): key.key for key in SortKey.objects.all()}
    assert keys == {
        **{(kwale.pk, language): sort_key("Kwale", language) for language in CODES},
        (kwale.pk, "ar"): sort_key("كوالي", "ar"),
        **{(cair.pk, language): sort_key("Çair", language) for language in CODES},
    }


@pytest.mark.parametrize(("language", "changed"), [("ar", {"ar"}), ("la", {"la"}), ("", {*CODES, "la"})])
def test_keys_of_another_version_are_made_anew_and_others_left_alone(
    language: str, changed: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    kwale, gone = make.organisation("Kwale", language="la"), make.organisation("Gone")
    refresh_sort_keys(kwale)
    Organisation.objects.filter(pk=gone.pk).delete()
    right = in_order_of_languages()
    update_sort_keys(gone, {"en": "Gone", "ar": "Gone"})  # as an earlier release left them behind
    SortKey.objects.update(key="00")
    stale = SortKey.objects.filter(language=language) if language else SortKey.objects.all()
    stale.update(version="1:152.0.0.0" if language else "")

    call_command("renew_sort_keys")
    call_command("renew_sort_keys")

    assert in_order_of_languages() == right
    assert not SortKey.objects.of_other_versions().exists()
    assert capsys.readouterr().out == "Sort keys made anew: 1.\n"
    left = set(SortKey.objects.exclude(object_id=kwale.pk).values_list("language", flat=True))
    assert left == {"en", "ar"} - changed

    call_command("renew_sort_keys", "--all")
    call_command("renew_sort_keys")
    assert capsys.readouterr().out == "Sort keys made anew: 1.\n"


def in_order_of_languages() -> list[tuple[str, str, str]]:
    """The keys of the records that there are."""
    there = SortKey.objects.filter(object_id__in=Organisation.objects.values("pk")).order_by("language")
    return list(there.values_list("language", "key", "version"))


def test_each_language_has_a_version_of_its_own_rules() -> None:
    versions = {language: collation_version(language) for language in ("en", "fr", "ar", "zz")}

    assert versions["en"] == versions["fr"] == versions["zz"]
    assert versions["ar"] != versions["en"]
    assert all(re.fullmatch(r"1:\d+(\.\d+){3}", version) for version in versions.values())


def test_a_record_that_goes_takes_its_texts_and_keys_along() -> None:
    gone, kept = make.organisation("Gone"), make.organisation("Kept")
    for body in (gone, kept):
        save_translation(body, "name", "ar", "اسم")

    gone.delete()

    assert list(Translation.objects.values_list("object_id", flat=True)) == [kept.pk]
    assert set(SortKey.objects.values_list("object_id", flat=True)) == {kept.pk}


def test_so_does_what_goes_with_another_record_or_in_bulk() -> None:
    """A cascade, and a statement for many."""
    event = make.event()
    session = make.session(event)
    themes = [make.theme(), make.theme()]
    texts: list[tuple[TranslatableModel, str]] = [(event, "title"), (session, "title")]
    for record, field in [*texts, *((theme, "name") for theme in themes)]:
        save_translation(record, field, "fr", "Mots")

    type(event).objects.filter(pk=event.pk).delete()
    type(themes[0]).objects.filter(pk__in=[theme.pk for theme in themes[:1]]).delete()

    assert list(Translation.objects.values_list("object_id", flat=True)) == [themes[1].pk]


def test_whatever_renames_a_record_lets_it_sort_anew() -> None:
    kwale = make.organisation("Kwale")
    save_translation(kwale, "name", "ar", "كوالي")

    type(kwale).objects.filter(pk=kwale.pk).update(name="Taita")

    keys = dict(SortKey.objects.values_list("language", "key"))
    names = dict.fromkeys(CODES, "Taita") | {"ar": "كوالي"}
    assert keys == {language: sort_key(name, language) for language, name in names.items()}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Athens", "Çair", "Cape Town", "Dakar", "Zanzibar"]),
        ("fr", ["cote", "Coté", "côte", "Ébène", "Evry"]),
        ("sv", ["Dakar", "Zanzibar", "Åre", "Örebro"]),
        ("ar", ["أثينا", "دمياط", "ممباسا", "Athens"]),
    ],
)
def test_names_sort_as_speakers_of_the_language_sort_them(language: str, names: list[str]) -> None:
    keys = [sort_key(name, language) for name in names]

    assert keys == sorted(set(keys))


@given(name=st.text(max_size=200), language=st.sampled_from([*CODES, "zz", "pt-br"]))
def test_any_name_has_a_key_that_fits(name: str, language: str) -> None:
    key = sort_key(name, language)

    assert len(key) <= KEY_LENGTH
    assert bytes.fromhex(key).hex() == key


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
