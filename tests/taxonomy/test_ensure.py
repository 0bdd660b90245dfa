"""The initial taxonomy of a new network."""

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from jirani.taxonomy.actions import ensure_taxonomy
from jirani.taxonomy.models import Driver, Goal, Target, Theme
from jirani.translation.models import Translation
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_an_empty_network_begins_with_words_in_every_language() -> None:
    filled = [ensure_taxonomy(), ensure_taxonomy()]

    assert filled == [True, False]
    assert list(Goal.objects.values_list("number", flat=True)) == list(range(1, 18))
    assert Theme.objects.get(slug="faith").parent == Theme.objects.get(slug="community")
    wanted = {code for code, _name in settings.LANGUAGES} - {"en"}
    for model in (Theme, Driver, Goal, Target):
        texts = Translation.objects.filter(content_type=ContentType.objects.get_for_model(model))
        got = {(pk, code) for pk, code, body in texts.values_list("object_id", "language", "body") if body}
        keys = set(model._default_manager.values_list("pk", flat=True))
        assert keys
        assert got == {(pk, code) for pk in keys for code in wanted}


@pytest.mark.parametrize("own", [make.theme, make.driver])
def test_what_a_network_has_is_its_own(own: object) -> None:
    own("Own")  # type: ignore[operator]

    assert ensure_taxonomy() is False
    assert (Theme.objects.count() + Driver.objects.count(), Goal.objects.count()) == (1, 0)
