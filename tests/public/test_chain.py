"""Every page of the chain links both ways along it."""

from typing import Any

import pytest
from django.test import Client

from jirani.core.enums import AccessMode
from jirani.lessons.enums import Publication
from jirani.plans.enums import Status
from tests import factories as make
from tests.cast import Cast


def test_associations_are_not_counted_as_cities(client: Client, cast: Cast) -> None:
    lesson = make.lesson("Rotate the seats")
    for name in ("Women of the coast", "Women of the lake"):
        make.commitment(make.organisation(name), lesson=lesson)
    assert links_of(client, f"lessons/{lesson.pk}/")["commitments"][0] == "taken up by 2 organisations"

    make.commitment(cast.kwale.organisation, lesson=lesson)
    (row,) = client.get("/en/lessons/").context["rows"]
    assert row["reach"].words == "taken up by 1 city and 2 other organisations"


@pytest.fixture
def pages_of_chain(cast: Cast) -> dict[str, Any]:
    """A lesson from Mombasa, followed from its session to an outcome in Kwale."""
    lesson = make.lesson("Rotate the seats", event=cast.event, session=cast.session, authorities=[cast.mombasa])
    plan = make.plan(cast.kwale)
    activity = make.activity(plan, title="Change the seats")
    commitment = make.commitment(
        cast.kwale.organisation, lesson=lesson, activity=activity, title="Let seats go round", completion="limited"
    )
    make.evidence(commitment)
    outcome = make.outcome(commitment, change="More take part")
    return {
        "event": (f"events/{cast.event.slug}/", cast.event),
        "session": (f"events/{cast.event.slug}/sessions/{cast.session.pk}/", cast.session),
        "lesson": (f"lessons/{lesson.pk}/", lesson),
        "commitments": (f"commitments/{commitment.pk}/", commitment),
        "activities": (f"plans/{plan.slug}/activities/{activity.pk}/", activity),
        "outcomes": (f"outcomes/{outcome.pk}/", outcome),
    }


def links_of(client: Client, address: str) -> dict[str, tuple[str, str]]:
    """Return the chain on a page: words and address of each link, by kind."""
    links = client.get(f"/en/{address}").context["chain"]()
    return {link.kind: (str(link.words or link.empty), link.url) for link in links}


def test_every_page_of_the_chain_leads_both_ways(client: Client, cast: Cast, pages_of_chain: dict[str, Any]) -> None:
    at = {kind: f"/en/{address}" for kind, (address, _) in pages_of_chain.items()}
    event, session, lesson = (
        ("Inter-county exchange", at["event"]),
        ("Carrying out the plans", at["session"]),
        at["lesson"],
    )
    nothing = ("Read by those who keep the record.", "")
    here = ("", "")
    pk = pages_of_chain["lesson"][1].pk
    about, inside = f"?event={cast.event.slug}", f"?session={cast.session.pk}"
    one = {
        "notes": nothing,
        "activities": "1 plan activity",
        "outcomes": "1 outcome",
        "commitments": "applied by 1 city",
    }

    assert {kind: links_of(client, address) for kind, (address, _) in pages_of_chain.items()} == {
        "event": {
            "event": here,
            "session": ("1 session", "#programme"),
            "notes": (nothing[0], "#programme"),
            "lesson": ("1 lesson", "#lessons"),
            "commitments": (one["commitments"], "#commitments"),
            "activities": (one["activities"], f"/en/commitments/{about}"),
            "outcomes": (one["outcomes"], f"/en/outcomes/{about}"),
        },
        "session": {
            "event": event,
            "session": here,
            "notes": nothing,
            "lesson": ("1 lesson", "#lessons"),
            "commitments": (one["commitments"], f"/en/commitments/{inside}"),
            "activities": (one["activities"], f"/en/commitments/{inside}"),
            "outcomes": (one["outcomes"], f"/en/outcomes/{inside}"),
        },
        "lesson": {
            "event": event,
            "session": session,
            "notes": nothing,
            "lesson": here,
            "commitments": (one["commitments"], "#commitments"),
            "activities": (one["activities"], at["activities"]),
            "outcomes": (one["outcomes"], f"/en/outcomes/?lesson={pk}"),
        },
        "commitments": {
            "event": event,
            "session": session,
            "notes": nothing,
            "lesson": ("Rotate the seats", lesson),
            "commitments": here,
            "activities": ("Change the seats", at["activities"]),
            "outcomes": (one["outcomes"], "#outcomes"),
        },
        "activities": {
            "event": event,
            "session": session,
            "notes": nothing,
            "lesson": ("Rotate the seats", lesson),
            "commitments": (one["commitments"], "#commitments"),
            "activities": here,
            "outcomes": (one["outcomes"], f"/en/outcomes/?activity={pages_of_chain['activities'][1].pk}"),
        },
        "outcomes": {
            "event": event,
            "session": session,
            "notes": nothing,
            "lesson": ("Rotate the seats", lesson),
            "commitments": ("Let seats go round", at["commitments"]),
            "activities": ("Change the seats", at["activities"]),
            "outcomes": here,
        },
    }


def test_a_good_practice_leads_back_to_what_it_grew_from_for_those_who_may_see_it(
    client: Client, cast: Cast, pages_of_chain: dict[str, Any]
) -> None:
    outcome, made = pages_of_chain["outcomes"][1], pages_of_chain["commitments"][1]
    practice = outcome.became = make.lesson("Let the seats go round")
    outcome.save()
    promised = make.commitment(cast.mombasa.organisation, lesson=practice)
    at = {kind: f"/en/{address}" for kind, (address, _) in pages_of_chain.items()}
    grown = {"commitment": (made.title, at["commitments"]), "outcome": (outcome.change, at["outcomes"])}

    def led(address: str) -> dict[str, tuple[str, str]]:
        found = links_of(client, address)
        return {kind: found[kind] for kind in found if kind in {*grown, "event", "session", "notes", "practice"}}

    pages = (f"lessons/{practice.pk}/", f"commitments/{promised.pk}/")
    assert [led(page) for page in pages] == [grown, grown]
    found = (practice.title, f"/en/lessons/{practice.pk}/")
    assert [links_of(client, pages_of_chain[kind][0])["practice"] for kind in ("outcomes", "commitments")] == [
        found,
        found,
    ]
    assert client.get(f"/en/{pages_of_chain['commitments'][0]}").content.decode().count(found[1]) == 2

    outcome.access = AccessMode.NETWORK
    outcome.save()
    told = {
        "event": "Not told at an event of the network.",
        "session": "No session recorded yet.",
        "notes": "Read by those who keep the record.",
    }
    assert [led(page) for page in pages] == [{kind: (words, "") for kind, words in told.items()}] * 2
    client.force_login(cast.editor.user)  # type: ignore[arg-type]
    assert [led(page) for page in pages] == [grown, grown]
    assert practice.title in str(links_of(client, pages_of_chain["outcomes"][0])["practice"])

    practice.state = Publication.WITHDRAWN
    practice.save()
    assert "practice" not in links_of(client, pages_of_chain["outcomes"][0])


def test_what_the_reader_may_not_see_is_not_in_the_chain(
    client: Client, cast: Cast, pages_of_chain: dict[str, Any]
) -> None:
    pages_of_chain["commitments"][1].access = AccessMode.NETWORK
    pages_of_chain["commitments"][1].save()
    cast.session.access = AccessMode.CLOSED
    cast.session.save()

    visitor = links_of(client, pages_of_chain["lesson"][0])
    client.force_login(cast.editor.user)  # type: ignore[arg-type]
    editor = links_of(client, pages_of_chain["lesson"][0])

    assert [visitor[kind][0] for kind in ("session", "commitments", "activities", "outcomes")] == [
        "In a session that is not public.",
        "No one has applied this yet. Would your city?",
        "Not in a plan yet. A commitment brings it there.",
        "No outcome recorded yet. Evidence starts one.",
    ]
    assert [editor[kind][0] for kind in ("session", "commitments", "activities", "outcomes")] == [
        "In a session that is not public.",
        "applied by 1 city",
        "1 plan activity",
        "1 outcome",
    ]


def test_a_withdrawn_lesson_is_gone_from_every_page(client: Client, pages_of_chain: dict[str, Any]) -> None:
    lesson = pages_of_chain["lesson"][1]
    lesson.state = Publication.WITHDRAWN
    lesson.save()

    pages = {kind: client.get(f"/en/{address}") for kind, (address, _) in pages_of_chain.items()}
    pages["library"] = client.get("/en/lessons/")

    assert {kind: page.status_code for kind, page in pages.items() if page.status_code != 200} == {"lesson": 404}
    assert [kind for kind, page in pages.items() if "Rotate the seats" in page.content.decode()] == []


def test_a_commitment_that_is_a_draft_counts_nowhere(client: Client, cast: Cast) -> None:
    lesson = make.lesson()
    make.commitment(cast.kwale.organisation, lesson=lesson, status=Status.DRAFT)
    make.commitment(cast.mombasa.organisation, lesson=lesson)

    assert links_of(client, f"lessons/{lesson.pk}/")["commitments"][0] == "taken up by 1 city"
