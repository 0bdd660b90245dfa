"""Choices are sorted as they are read, and texts are asked for in the language of the others."""

from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from jirani.config.languages import CODES
from jirani.lessons.models import Lesson
from jirani.taxonomy.models import Theme
from jirani.translation.forms import ask_in_its_language, choose_among, in_order, language_choices
from tests import factories as make

from .conftest import french

pytestmark = pytest.mark.django_db


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
