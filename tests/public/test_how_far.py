"""Nobody reads "No evidence available" next to evidence: people say how far something got, and may not have said it yet."""

import re

import pytest
from django.test import Client

from jirani.core.enums import AccessMode
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db
UNSAID, NONE = "Level not set yet", "No evidence available"


def words(client: Client, address: str) -> list[str]:
    """Return what a page says about how far each thing got."""
    page = client.get(f"/en/{address}").content.decode()
    return re.findall(r'<span class="completion .*?</svg>(.*?)</span>', page, re.DOTALL)


def test_beside_evidence_that_the_reader_sees_the_word_is_that_none_was_said(client: Client, cast: Cast) -> None:
    plan = make.plan(cast.kwale)
    lesson, activity = make.lesson(authorities=[cast.mombasa]), make.activity(plan)
    made = make.commitment(cast.kwale.organisation, lesson=lesson, activity=activity)
    pages = {
        f"commitments/{made.pk}/": 3,  # above, and below for itself and for the activity
        "commitments/": 1,
        f"lessons/{lesson.pk}/": 1,
        "local-authorities/kwale/": 2,  # what it took up, and the count of the plan's pillar
        "plans/": 1,
        f"plans/{plan.slug}/": 2,  # the count beside it and the activity
        f"plans/{plan.slug}/activities/{activity.pk}/": 2,
    }

    def said() -> dict[str, list[str]]:
        return {address: words(client, address) for address in pages}

    make.evidence(made, access=AccessMode.NETWORK)
    assert said() == {address: [NONE] * count for address, count in pages.items()}, "a visitor sees none"
    make.evidence(made, outcome=make.outcome(made))
    assert said() == {address: [UNSAID] * count for address, count in pages.items()}
    assert [words(client, f"commitments/?completion={word}") for word in ("no-evidence", "limited")] == [[], []]

    made.completion = "limited"
    made.save()
    assert words(client, "commitments/") == ["Limited"]


def test_counts_tell_apart_what_has_evidence_and_what_has_none(client: Client, cast: Cast) -> None:
    plan = make.plan(cast.kwale)
    proven, bare, told = (make.activity(plan) for _ in range(3))
    told.completion = "limited"
    told.save()
    for activity in (proven, told, bare):
        made = make.commitment(cast.kwale.organisation, activity=activity)
        make.evidence(made, access=AccessMode.CLOSED if activity is bare else AccessMode.PUBLIC)

    def counted(address: str) -> list[tuple[str, str]]:
        page = client.get(f"/en/{address}").content.decode()
        return re.findall(
            r'<span class="completion [^>]*>.*?</svg>([^<]*)</span>\s*<span class="number">(\d+)<', page, re.DOTALL
        )

    counts = [("Limited", "1"), (NONE, "1"), (UNSAID, "1")]
    assert {address: counted(address) for address in ("plans/", f"plans/{plan.slug}/", "local-authorities/kwale/")} == {
        "plans/": counts, f"plans/{plan.slug}/": counts, "local-authorities/kwale/": counts,
    }  # fmt: skip


def test_those_who_carry_it_out_are_led_to_say_it(client: Client, cast: Cast) -> None:
    made = make.commitment(cast.kwale.organisation)
    link = f'<p class="small"><a href="/en/commitments/{made.pk}/completion/">Say how far it got</a></p>'

    def shows(part: str) -> bool:
        user = cast.users()[part]
        client.logout()
        if user.is_authenticated:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return link in client.get(f"/en/commitments/{made.pk}/").content.decode()

    assert not shows("kwale_focal_point")
    make.evidence(made)
    assert [part for part in ("visitor", "outsider", "kwale_focal_point", "mombasa_focal_point") if shows(part)] == [
        "kwale_focal_point"
    ]


def test_with_evidence_and_no_word_the_form_has_none_chosen(client: Client, cast: Cast) -> None:
    made = make.commitment(cast.kwale.organisation)
    client.force_login(cast.kwale_focal_point.user)  # type: ignore[arg-type]
    address = f"/en/commitments/{made.pk}/completion/"

    def chosen() -> tuple[int, str | None]:
        page = client.get(address).content.decode()
        offered = re.findall(r'<input type="radio" name="completion" value="([\w-]+)"[^>]*?( checked)?>', page)
        return len(offered), next((value for value, checked in offered if checked), None)

    assert chosen() == (5, "no-evidence")
    make.evidence(made)
    assert chosen() == (5, None)
