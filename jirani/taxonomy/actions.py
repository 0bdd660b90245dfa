"""Fill an empty taxonomy. How it is changed later is the coordinators' say: `members.actions.taxonomy`."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jirani.audit.actions import take_turns
from jirani.translation.actions import Translations
from jirani.translation.models import TranslatableModel

from .models import Driver, Goal, Target, Theme
from .text import read

#: The language in which the words of the files are written; in the others they are translations.
OWN = "en"


@transaction.atomic
def ensure_taxonomy() -> bool:
    """Fill a network that has no theme, driver or goal from the files. Returns whether it did. An existing taxonomy is never touched."""
    take_turns("taxonomy.ensure_taxonomy")
    if any(model._default_manager.exists() for model in (Theme, Driver, Goal)):
        return False
    words, texts = read("themes"), Translations()
    themes: dict[str, Theme] = {}
    for row in words["theme"]:
        parent = themes.get(row.get("parent", ""))
        themes[row["key"]] = _make(Theme, row, texts, slug=row["key"], position=row["position"], parent=parent)
    for row in words["driver"]:
        _make(Driver, row, texts, slug=row["key"], position=row["position"])
    for row in read("goals")["goal"]:
        goal = _make(Goal, row, texts, number=row["number"])
        for target in row.get("target", ()):
            _make(Target, target, texts, goal=goal, code=target["code"])
    texts.write()
    return True


def _make(model: Any, row: Mapping[str, Any], texts: Translations, **facts: Any) -> Any:
    """Make a record with its text in its own language, and collect the other languages in `texts`."""
    own = {name: row[name][OWN] for name in model.translatable_fields}
    made: TranslatableModel = model._default_manager.create(language=OWN, **own, **facts)
    for name in model.translatable_fields:
        texts.want(made, name, row[name])
    return made
