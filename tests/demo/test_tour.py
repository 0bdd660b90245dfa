"""The README's tour, taken: its addresses answer, and its lesson can be followed to the outcome and back."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import translation

from jirani.commitments.models import Outcome
from jirani.demo.enums import DEMO_ROLES
from jirani.lessons.models import Lesson
from tools import links

pytestmark = [pytest.mark.usefixtures("network"), pytest.mark.sweep]

README = (links.ROOT / "README.md").read_text(encoding="utf-8")
ADDRESSES = sorted(set(re.findall(r"http://127\.0\.0\.1:8000(/[^\s),]+)", README)))
#: What leads from one page of the chain to the next, from the event to the outcome.
STEPS = (r"/ar/events/[\w-]+/sessions/\d+/", r"/ar/lessons/\d+/", r"/ar/commitments/\d+/", r"/ar/plans/[\w-]+/activities/\d+/",
         r"/ar/outcomes/\d+/")  # fmt: skip


@pytest.fixture(autouse=True)
def _as_a_reader() -> None:
    translation.deactivate()


def _page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def _links(address: str, pattern: str) -> list[str]:
    """Return the links of a page that match the pattern, in order."""
    return list(dict.fromkeys(re.findall(rf'href="({pattern})"', _page(address))))


def _title(address: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", _page(address), re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_the_readmes_addresses_answer(settings: object) -> None:
    assert len(ADDRESSES) >= 4
    assert {address: Client().get(address).status_code for address in ADDRESSES} == dict.fromkeys(ADDRESSES, 200)


def test_the_lesson_is_followed_in_arabic_to_the_outcome_and_back() -> None:
    event = next(address for address in ADDRESSES if address.startswith("/ar/events/"))
    session = _links(event, STEPS[0])[2]
    lesson = next(address for address in _links(session, STEPS[1]) if _is_the_tours(address))
    commitment = next(address for address in _links(lesson, STEPS[2]) if "كوالي" in _title(address))
    activity, outcome = _links(commitment, STEPS[3])[0], _links(commitment, STEPS[4])[0]
    for here, there in (
        (event, session),
        (session, lesson),
        (lesson, commitment),
        (commitment, activity),
        (commitment, outcome),
    ):
        assert f'href="{there}"' in _page(here), f"{here} does not lead to {there}"
        assert f'href="{here}"' in _page(there), f"{there} does not lead back to {here}"
    outcomes = _links(activity, r"/ar/outcomes/\?activity=\d+")  # the chain shows how many, the list which ones
    assert _links(outcomes[0], STEPS[4]) == [outcome]
    assert f'href="{activity}"' in _page(outcome)
    assert 'class="illustrative"' in _page(commitment)
    assert 'class="illustrative"' in _page(outcome)
    assert Outcome.objects.get(pk=outcome.split("/")[-2]).evidence.exists()


def _is_the_tours(address: str) -> bool:
    lesson = Lesson.objects.get(pk=address.split("/")[-2])
    return "county government stays at the table" in lesson.title


def test_there_is_something_that_did_not_work() -> None:
    dropped = next(address for address in ADDRESSES if "state=dropped" in address)
    lesson = _links(dropped, r"/en/lessons/\d+/")[0]
    assert "dropped it" in _page(lesson)


def test_the_roles_of_the_tour_are_on_offer() -> None:
    named = ("focal point of Mombasa", "rapporteur", "network coordinator")
    assert [name for name in named if name not in README] == []
    assert {"focal-mombasa", "rapporteur", "coordinator"} <= set(DEMO_ROLES)
