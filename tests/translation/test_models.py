"""Texts in other languages are attached to records before they are read."""

import pytest
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
