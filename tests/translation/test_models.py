"""Texts in other languages are attached to records before they are read."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from jirani.translation.forms import named
from jirani.translation.models import (
    attach_translations,
    flat,
    translate_now,
)
from tests import factories as make

from .conftest import french

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("65–70", '<span dir="ltr">65–70</span>'),
        ("about 70", '<span lang="en" dir="ltr">about 70</span>'),
    ],
)
def test_a_text_without_letters_is_in_no_language(name: str, shown: str) -> None:
    """A screen reader would say a bare number in another voice."""
    theme = make.theme(name)
    attach_translations("ar", theme)
    with override("ar"):
        page = Template('{% load records %}{% text theme "name" %}').render(Context({"theme": theme}))
    assert page == shown
