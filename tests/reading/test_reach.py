"""How far something went, in words."""

import pytest
from django.utils import translation

from jirani.reading.reach import Reach, reach_words


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (Reach(), ""),
        (Reach(organisations=1), "taken up by 1 city"),
        (Reach(organisations=6, dropped=1), "taken up by 6 cities, dropped by 1"),
        (Reach(organisations=6, applied=4, dropped=2), "taken up by 6 cities, applied by 4, dropped by 2"),
        (Reach(organisations=2, dropped=2), "dropped by 2 cities"),
        (Reach(organisations=1, dropped=1, standing=1), "taken up by 1 city, dropped by 1"),
        (Reach(organisations=1, applied=1, dropped=1, standing=1), "applied by 1 city, dropped by 1"),
        (Reach(organisations=6, applied=4), "taken up by 6 cities, applied by 4"),
        (Reach(organisations=4, applied=4), "applied by 4 cities"),
        (Reach(organisations=1, others=1), "taken up by 1 organisation"),
        (Reach(organisations=2, others=2, applied=1), "taken up by 2 organisations, applied by 1"),
        (Reach(organisations=3, others=1), "taken up by 2 cities and 1 other organisation"),
        (
            Reach(organisations=5, others=2, applied=3, dropped=1),
            "taken up by 3 cities and 2 other organisations, applied by 3 of them, dropped by 1 of them",
        ),
        (Reach(organisations=2, others=1, applied=2), "applied by 1 city and 1 other organisation"),
        (Reach(organisations=2, others=2, dropped=2), "dropped by 2 organisations"),
    ],
)
def test_how_far_it_went_is_said_in_words(reach: Reach, words: str) -> None:
    assert reach_words(reach) == reach.words == words


def test_each_language_counts_cities_and_others_in_its_own_way() -> None:
    mixed, bodies = Reach(organisations=3, others=1), Reach(organisations=2, others=2)
    said = {}
    for code in ("fr", "ar", "sw"):
        with translation.override(code):
            said[code] = (mixed.words, bodies.words)
    assert said == {
        "fr": ("repris par 2 villes et 1 autre organisation", "repris par 2 organisations"),
        "ar": ("أخذت به مدينتان ومنظمة أخرى", "أخذت به منظمتان"),
        "sw": ("limechukuliwa na miji 2 na shirika lingine 1", "limechukuliwa na mashirika 2"),
    }


def test_in_arabic_one_and_two_are_words_and_not_figures() -> None:
    with translation.override("ar"):
        said = [
            Reach(organisations=2, applied=1).words,
            Reach(organisations=6, applied=4, dropped=2).words,
            Reach(organisations=5, others=2, applied=2, dropped=1).words,
        ]
    assert said == [
        "أخذت به مدينتان، وطبّقته واحدة",
        "أخذت به 6 مدن، وطبّقته 4، وتخلّت عنه اثنتان",
        "أخذت به 3 مدن ومنظمتان أخريان، وطبّقته اثنتان منها، وتخلّت عنه واحدة منها",
    ]
