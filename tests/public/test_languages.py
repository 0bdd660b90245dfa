"""Every text in a language other than the page's is marked as such."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jirani.commitments.models import FollowUp, Milestone
from jirani.lessons.models import Endorsement
from jirani.members.models import Grant, Membership
from jirani.plans.enums import Completion, Status
from jirani.plans.models import Indicator, Measurement
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast
from tests.reader import tight

pytestmark = pytest.mark.django_db

#: The words of every record below, and what they become.
OURS, THEIRS = "Words of ours", "كلماتنا"


def milestone(cast: Cast) -> tuple[Any, str, str]:
    promise = make.commitment(cast.kwale.organisation)
    return Milestone.objects.create(commitment=promise, title=OURS), "title", f"commitments/{promise.pk}/"


def follow_up(cast: Cast) -> tuple[Any, str, str]:
    promise, today = make.commitment(cast.kwale.organisation), timezone.localdate()
    answered = {"due_on": today, "answered_on": today, "completion": Completion.LIMITED}
    asked = FollowUp.objects.create(commitment=promise, months=3, side="government", words=OURS, **answered)
    return asked, "words", f"commitments/{promise.pk}/"


def grant_of_commitment(cast: Cast) -> tuple[Any, str, str]:
    grant = Grant.objects.create(funder=make.organisation(), programme=OURS)
    return grant, "programme", f"commitments/{make.commitment(cast.kwale.organisation, grant=grant).pk}/"


def grant_given(cast: Cast) -> tuple[Any, str, str]:
    grant = Grant.objects.create(funder=make.organisation(slug="donor"), programme=OURS)
    return grant, "programme", "organisations/donor/"


def endorsement(cast: Cast) -> tuple[Any, str, str]:
    lesson = make.lesson()
    said = {"organisation": cast.kwale.organisation, "words": OURS, "endorsed_on": date(2024, 1, 1)}
    return Endorsement.objects.create(lesson=lesson, **said), "words", f"lessons/{lesson.pk}/"


def post(cast: Cast) -> tuple[Any, str, str]:
    lesson = make.lesson(authorities=[cast.mombasa])
    return make.tenure(make.person(), cast.mombasa.organisation, title=OURS), "title", f"lessons/{lesson.pk}/"


def remark(cast: Cast) -> tuple[Any, str, str]:
    membership = Membership.objects.get(authority=cast.kwale)
    membership.remark = OURS
    membership.save()
    return membership, "remark", f"local-authorities/{cast.kwale.organisation.slug}/"


def activity(cast: Cast, **fields: Any) -> tuple[Any, str]:
    made = make.activity(cast.plan, **fields)
    return made, f"plans/{cast.plan.slug}/activities/{made.pk}/"


def dropped_because(cast: Cast) -> tuple[Any, str, str]:
    made, address = activity(cast, status=Status.DROPPED, dropped_because=OURS)
    return made, "dropped_because", address


def funding_source(cast: Cast) -> tuple[Any, str, str]:
    made, address = activity(cast, funding_source=OURS)
    return made, "funding_source", address


def measurement(cast: Cast) -> tuple[Any, str, str]:
    made, address = activity(cast)
    indicator = Indicator.objects.create(activity=made, kind="qualitative", title="Indicator")
    return Measurement.objects.create(indicator=indicator, measured_on=date(2024, 1, 1), words=OURS), "words", address


def unit(cast: Cast) -> tuple[Any, str, str]:
    made, address = activity(cast)
    indicator = Indicator.objects.create(activity=made, kind="quantitative", title="Indicator", unit=OURS)
    return indicator, "unit", address


def attendance(cast: Cast) -> tuple[Any, str, str]:
    event = make.event(reported_attendance=OURS)
    return event, "reported_attendance", f"events/{event.slug}/"


TOLD = [
    milestone, follow_up, grant_of_commitment, grant_given, endorsement, post, remark, dropped_because, funding_source,
    measurement, unit, attendance,
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.__name__)
def test_a_text_stands_in_the_readers_language_or_says_in_which(client: Client, cast: Cast, told: Any) -> None:
    record, field, address = told(cast)
    original, english = (client.get(f"/{language}/{address}").content.decode() for language in ("ar", "en"))
    save_translation(record, field, "ar", THEIRS)
    translated = client.get(f"/ar/{address}").content.decode()

    assert OURS in english
    assert (
        f'<span lang="en" dir="ltr">{OURS}</span>' in original or f'<div lang="en" dir="ltr"><p>{OURS}</p>' in original
    )
    assert (THEIRS in translated, OURS in translated) == (True, False)


@pytest.mark.parametrize("told", TOLD[:7], ids=lambda told: told.__name__)
def test_beside_a_text_of_another_language_stands_its_name(client: Client, cast: Cast, told: Any) -> None:
    _record, _field, address = told(cast)

    page = tight(client.get(f"/ar/{address}").content.decode())

    # After a post stands first where it is held.
    assert re.search(
        rf'{OURS}</span>(،<a [^>]*>.*?</a>)?<span class="provenance">الإنجليزية</span>', page.replace("</bdi>", "")
    )


def test_a_record_without_words_is_no_reason_to_speak_of_translations(client: Client, cast: Cast) -> None:
    promise = make.commitment(cast.kwale.organisation, language="ar")
    FollowUp.objects.create(commitment=promise, months=3, side="government", due_on=timezone.localdate())
    save_translation(cast.kwale.organisation, "name", "ar", "كوالي", state="reviewed")

    assert client.get(f"/ar/commitments/{promise.pk}/").context["notes"] == []


def test_the_links_of_the_chain_say_their_language(client: Client, cast: Cast) -> None:
    lesson = make.lesson("Rotate the seats", event=cast.event, session=cast.session)

    page = client.get(f"/ar/lessons/{lesson.pk}/").content.decode()

    assert f'<span lang="en" dir="ltr">{cast.event.title}</span>' in page[page.index('class="chain"') :]
