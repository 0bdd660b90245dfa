"""Landmarks and links have names that tell them apart for people who move through a page by them."""

import pytest
from django.test import Client

from tests import factories as make
from tests.cast import Cast
from tests.pages import Page

pytestmark = pytest.mark.django_db


def test_no_two_landmarks_and_no_two_links_sound_alike(client: Client, cast: Cast) -> None:
    plan = make.plan(cast.kwale, title="Kwale's plan")
    activity = make.activity(plan, title="Change the seats")
    for n in range(2):
        lesson = make.lesson(f"Rotate {n}", event=cast.event, session=cast.session, authorities=[cast.mombasa])
        made = make.commitment(cast.kwale.organisation, lesson=lesson, activity=activity, title=f"Promise {n}")
        outcome = make.outcome(made, change=f"Change {n}")
        make.evidence(made, outcome=outcome, title=f"Minutes {n}")
    pages = (
        "", "local-authorities/", "local-authorities/kwale/", "local-authorities/mombasa/", "events/",
        f"events/{cast.event.slug}/", f"events/{cast.event.slug}/sessions/{cast.session.pk}/", "lessons/",
        f"lessons/{lesson.pk}/", "commitments/", f"commitments/{made.pk}/", "outcomes/", f"outcomes/{outcome.pk}/", "plans/",
        f"plans/{plan.slug}/", f"plans/{plan.slug}/activities/{activity.pk}/", f"forums/{cast.forum.slug}/",
    )  # fmt: skip
    read = {address: Page(client.get(f"/en/{address}").content.decode()) for address in pages}

    assert {address: found for address, page in read.items() if (found := page.landmarks_alike())} == {}
    assert {address: alike for address, page in read.items() if (alike := page.links_alike())} == {}
    client.force_login(cast.coordinator.user)  # type: ignore[arg-type]
    assert Page(client.get("/en/desk/").content.decode()).links_alike() == {}
