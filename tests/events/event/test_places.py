"""An event's place names its country once, however the place was typed."""

import pytest
from django.utils import translation

from jirani.events.event.text import country_beside_place
from jirani.events.models import Event
from jirani.translation.models import Translation


@pytest.mark.parametrize(
    ("language", "place", "beside"),
    [
        ("en", "Ukunda", "Kenya"),
        ("en", "Kenya", ""),
        ("en", "KENYA ", ""),
        ("en", "Ukunda, Kenya", ""),
        ("en", "Ukunda,Kenya", ""),
        ("en", "Ukunda (Kenya)", ""),
        ("en", "Kenyatta Avenue", "Kenya"),
        ("en", "Kenya Institute, Kwale", "Kenya"),
        ("ar", "كينيا", ""),
        ("ar", "أوكوندا، كينيا", ""),
        ("ar", "أوكوندا", "كينيا"),
        ("", "Kenya", ""),  # a place without a translation, on an Arabic page
        ("", "Ukunda", "كينيا"),
        ("en", "", "Kenya"),
    ],
)
def test_a_place_that_names_its_country_is_not_told_twice(language: str, place: str, beside: str) -> None:
    event = Event(place=place, country="KE", language=language or "en")
    event.attached_texts = {}
    with translation.override(language or "ar"):
        assert country_beside_place(event) == beside


def test_a_translated_place_and_an_event_without_a_country() -> None:
    event = Event(place="Ukunda", country="KE", language="en")
    event.attached_texts = {("ar", "place"): Translation(body="أوكوندا في كينيا")}
    with translation.override("ar"):
        assert country_beside_place(event) == ""
        event.country = ""
        assert country_beside_place(event) == ""
