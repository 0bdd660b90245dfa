"""The word "applied" means that there is evidence which this reader may see: the same in every list, count, facet and sentence."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from jirani.core.enums import AccessMode
from jirani.plans.enums import Completion
from tests import factories as make
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db

PUBLIC, NETWORK, CLOSED = AccessMode


def said(client: Client, cast: Cast, lesson: int, commitment: int) -> dict[str, Any]:
    """Return what each page says about it."""
    home, library = client.get("/en/"), client.get("/en/lessons/")
    page = client.get(f"/en/lessons/{lesson}/").context
    authority = client.get(f"/en/local-authorities/{cast.kwale.organisation.slug}/").context
    return {
        "home": (home.context["counts"]["applied"], strip_tags(home.context["sentences"][0].sentence).split(":")[0]),
        "facet": library.context["counts"].of["state:applied"],
        "library": [row["reach"].applied for row in library.context["rows"]],
        "library, applied only": len(client.get("/en/lessons/?state=applied").context["rows"]),
        "lesson": ([each.state for each in page["promised"]], page["reach"].applied),
        "commitments": len(client.get("/en/commitments/?state=applied").context["rows"]),
        "commitment": client.get(f"/en/commitments/{commitment}/").context["pledge"].state,
        "authority": (authority["counts"]["own_applied"], [each.state for each in authority["taken"]]),
    }


APPLIED = {
    "home": (1, "Kwale County applied what it learned from Mombasa County"),
    "facet": 1,
    "library": [1],
    "library, applied only": 1,
    "lesson": (["applied"], 1),
    "commitments": 1,
    "commitment": "applied",
    "authority": (1, ["applied"]),
}
TAKEN_UP = {
    "home": (0, "Kwale County took up from Mombasa County"),
    "facet": 0,
    "library": [0],
    "library, applied only": 0,
    "lesson": (["taken-up"], 0),
    "commitments": 0,
    "commitment": "taken-up",
    "authority": (0, ["taken-up"]),
}


@pytest.mark.parametrize(
    ("evidence", "of_outcome", "seen_by"),
    [
        pytest.param(None, None, set(), marks=pytest.mark.sweep),
        pytest.param(PUBLIC, None, {"visitor", "editor", "kwale_focal_point"}, marks=pytest.mark.sweep),
        pytest.param(PUBLIC, PUBLIC, {"visitor", "editor", "kwale_focal_point"}, marks=pytest.mark.sweep),
        pytest.param(NETWORK, NETWORK, {"editor", "kwale_focal_point"}, marks=pytest.mark.sweep),
        (NETWORK, None, {"editor", "kwale_focal_point"}),
        pytest.param(CLOSED, PUBLIC, {"kwale_focal_point"}, marks=pytest.mark.sweep),
    ],
)
def test_applied_is_what_the_reader_can_be_shown(
    evidence: AccessMode | None, of_outcome: AccessMode | None, seen_by: set[str]
) -> None:
    cast = assemble()
    lesson = make.lesson(event=cast.event, authorities=[cast.mombasa])
    made = make.commitment(cast.kwale.organisation, lesson=lesson, completion=Completion.LIMITED)
    if evidence:
        outcome = make.outcome(made, access=of_outcome) if of_outcome else None
        make.evidence(made, access=evidence, outcome=outcome)

    for part in ("visitor", "editor", "kwale_focal_point"):
        client = Client()
        if part != "visitor":
            client.force_login(getattr(cast, part).user)
        expected = APPLIED if part in seen_by else TAKEN_UP
        assert said(client, cast, lesson.pk, made.pk) == expected, part
