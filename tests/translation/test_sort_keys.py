"""Keys by which names sort: of which records, when they are made anew, and what sorts without one."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from jirani.members.models import Organisation
from jirani.translation.actions import refresh_sort_keys, renew_sort_keys
from jirani.translation.models import (
    SortKey,
    place_in_alphabet,
)
from tests import factories as make

from .conftest import french

pytestmark = pytest.mark.django_db


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
