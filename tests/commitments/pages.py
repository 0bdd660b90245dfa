"""How a focal point comes to the pages of commitments."""

from typing import Any

from django.test import Client
from django.urls import reverse

from jirani.commitments.models import Commitment
from jirani.core.enums import AccessMode
from jirani.lessons.models import Lesson
from jirani.plans.models import Objective
from tests import factories as make
from tests.cast import Cast
from tests.rows import rows


def apply(client: Client, lesson: Lesson, cast: Cast, **fields: Any) -> Any:
    sent = {
        "organisation": cast.kwale.organisation.pk, "title": "Rotate the seats in Kwale", "language": "en",
        "transfer_step": "adapt", "access": AccessMode.PUBLIC, "once": "k1",
        **rows("milestones"),
    } | fields  # fmt: skip
    return client.post(reverse("commitments:commitment_create", args=[lesson.pk]), sent)


def objective(cast: Cast) -> Objective:
    return make.activity(make.plan(cast.kwale)).objective


def made(cast: Cast, lesson: Lesson | None = None, **fields: Any) -> Commitment:
    return make.commitment(cast.kwale.organisation, lesson=lesson, **fields)


def page(name: str, commitment: Commitment) -> str:
    return reverse(f"commitments:{name}", args=[commitment.pk])
