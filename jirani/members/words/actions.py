"""The terms by which a network sorts what it knows: themes, drivers and its own hubs. Its coordinators maintain them.

These actions are here because the apps below cannot know who coordinates the network.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record, take_turns
from jirani.core.models import is_pointed_at
from jirani.core.permissions import require
from jirani.core.text import free_slug
from jirani.language import name_key
from jirani.members.models import Hub
from jirani.members.permissions import coordinates_network
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.actions import confirm_translations, save_translation
from jirani.translation.models import Translation

Word = Theme | Driver | Hub


@transaction.atomic
def add_word(word: Word, *, by: Any, names: Mapping[str, str]) -> Word:
    """Add a theme, driver or hub, last of its kind. `names` is by language; the one in `word.language` is its own."""
    require(coordinates_network(by))
    model: Any = type(word)
    take_turns(f"members.add_{model._meta.model_name}")
    taken = model.objects.values_list("slug", flat=True)
    said = names.get("en") or names[word.language]
    word.slug = free_slug(said, taken=taken, fallback=model._meta.model_name, length=50)
    if not isinstance(word, Hub):
        word.position = (model.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    _keep(word, names, by)
    record(f"members.add_{model._meta.model_name}", word, by=by)
    return word


@transaction.atomic
def edit_word(word: Word, *, by: Any, names: Mapping[str, str], version: str = "") -> Word:
    """Rename and translate it; its place in the addresses stays. Raises ChangedMeanwhile if somebody has saved since `version`."""
    require(coordinates_network(by))
    take_turns(
        f"members.add_{word._meta.model_name}"
    )  # a name once, and no theme below itself, whoever moves what at this moment
    lock_unchanged(word, version)
    _keep(word, names, by)
    record(f"members.edit_{word._meta.model_name}", word, by=by)
    return word


def _keep(word: Word, names: Mapping[str, str], by: Any) -> None:
    """Save it under its own name, and its names in the other languages if they differ from those stored."""
    word.name = names[word.language]
    others = type(word)._default_manager.exclude(pk=word.pk).values_list("name", flat=True)
    if name_key(word.name) in map(name_key, others):
        raise ValidationError({word.language: _("There is already one with this name.")})
    word.full_clean()
    word.save()
    kept = names_of(word)
    for language, name in names.items():
        if language != word.language and name != kept.get(language, ""):
            save_translation(word, "name", language, name, by=by)
    confirm_translations(word, "name")


def names_of(word: Word) -> dict[str, str]:
    """Return its names by language."""
    others = Translation.objects.of(word).filter(field="name").values_list("language", "body")
    return {**dict(others), word.language: word.name}


@transaction.atomic
def retire_word(word: Theme | Driver, *, by: Any, retired: bool) -> None:
    """Stop offering a theme or driver to writers, or offer it again. Records that use it keep it, and readers still find them by it."""
    require(coordinates_network(by))
    word.retired = retired
    word.save(update_fields=["retired"])
    record(f"members.retire_{word._meta.model_name}", word, by=by, retired=retired)


@transaction.atomic
def remove_word(word: Word, *, by: Any) -> None:
    """Delete a term that no record uses. Raises ValidationError if one does."""
    require(coordinates_network(by))
    locked = lock_unchanged(word, "")
    if type(word)._default_manager.filter(is_pointed_at(type(word)), pk=word.pk).exists():
        raise ValidationError(_("It is in use, so it cannot be deleted."))
    record(f"members.remove_{word._meta.model_name}", locked, by=by, slug=locked.slug)
    locked.delete()
