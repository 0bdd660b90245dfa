"""The links of the chain: their order, and what an empty one says."""

import pytest

from jirani.reading.chain import ChainLink, chain


def test_the_links_stand_in_their_order_and_an_empty_one_says_what_would_fill_it() -> None:
    links = chain("lesson", ChainLink("commitments", "", "#commitments"), ChainLink("event", "Africa Summit", "/e/"))

    assert [(link.kind, str(link.words), link.url, link.present, bool(link.empty)) for link in links] == [
        ("event", "Africa Summit", "/e/", False, False),
        ("session", "", "", False, True),
        ("notes", "", "", False, True),
        ("lesson", "", "", True, False),
        ("commitments", "", "#commitments", False, True),
        ("activities", "", "", False, True),
        ("outcomes", "", "", False, True),
    ]


def test_a_link_that_is_none_of_the_seven_is_an_error() -> None:
    with pytest.raises(KeyError):
        ChainLink("weather", "fair")
    with pytest.raises(KeyError):
        chain("weather")


def test_a_good_practice_leads_with_what_it_grew_from_and_leaves_no_occasion_empty() -> None:
    grown = chain(
        "lesson", ChainLink("outcome", "Fewer thefts", "/o/"), ChainLink("session"), ChainLink("event", "Summit")
    )

    assert [link.kind for link in grown] == ["outcome", "event", "lesson", "commitments", "activities", "outcomes"]
    assert [link.kind for link in chain("outcomes", ChainLink("practice", "Rotate", "/l/"))][-1] == "practice"
