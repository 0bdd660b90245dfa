"""An address, and a refusal, say nothing of records that whoever asks may not see."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events.enums import EventState
from jirani.events.models import Event
from jirani.forums.models import Forum
from jirani.newsroom.actions import ensure_newsroom, write_report
from jirani.newsroom.models import ArticlePage
from jirani.plans.models import ActionPlan
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

TITLE = "Talks with the elders"
DRAWN = re.compile(r"talks-with-the-elders-[2-9b-z]{5}")


def _event(cast: Cast, part: str, *, hidden: bool) -> str:
    day = timezone.localdate() + timedelta(days=90)
    sent = {
        "title": TITLE, "kind": "exchange", "format": "in-person", "language": "en", "place": "Boni", "date_precision": "day",
        "access": "closed" if hidden else "public", "hub": "" if hidden else str(cast.hub.pk), "starts_on": day, "ends_on": day, "once": part,
    }  # fmt: skip
    client_of(cast.people()[part]).post(reverse("events:event_create"), sent)
    return Event.objects.latest("pk").slug


def _plan(cast: Cast, part: str, *, hidden: bool) -> str:
    authority = cast.kwale if hidden else cast.mombasa
    sent = {"title": TITLE, "language": "en", "access": "public", "number": "7", "once": part}
    client_of(cast.people()[part]).post(reverse("plans:plan_create", args=[authority.organisation.slug]), sent)
    return ActionPlan.objects.latest("pk").slug


def _forum(cast: Cast, part: str, *, hidden: bool) -> str:
    authority = cast.kwale if hidden else cast.mombasa
    sent = {"name": TITLE, "language": "en", "access": "closed" if hidden else "public", "once": part}
    client_of(cast.people()[part]).post(reverse("forums:forum_create", args=[authority.organisation.slug]), sent)
    return Forum.objects.latest("pk").slug


@pytest.mark.parametrize(
    ("create", "keeper", "prober", "model"),
    [
        (_event, "coordinator", "hub_coordinator", Event),
        (_plan, "kwale_focal_point", "mombasa_focal_point", ActionPlan),
        (_forum, "kwale_focal_point", "mombasa_focal_point", Forum),
    ],
)
def test_an_address_does_not_tell_of_a_hidden_record_of_that_title(
    cast: Cast, create: Any, keeper: str, prober: str, model: Any
) -> None:
    made = [create(cast, keeper, hidden=True), create(cast, prober, hidden=False)]
    assert [bool(DRAWN.fullmatch(slug)) for slug in made] == [True, True], made
    assert made[0] != made[1]
    seen = model.objects.visible_to(cast.users()[prober]).filter(slug__in=made)
    assert [one.slug for one in seen] == [made[1]]


def test_a_hidden_event_that_follows_is_not_named(cast: Cast) -> None:
    follows: dict[str, Any] = {"follow_up_of": cast.event, "starts_on": date(2022, 1, 10), "ends_on": date(2022, 1, 10)}
    hidden = make.event(TITLE, access=AccessMode.CLOSED, state=EventState.PUBLISHED, **follows)
    address = reverse("events:detail_edit", args=[cast.event.slug])
    said = {}
    for part in ("coordinator", "hub_coordinator"):
        client = client_of(cast.people()[part])
        form = client.get(address).context["form"]
        late = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        late |= {"starts_on": "2022-01-20", "ends_on": "2022-01-21"}
        said[part] = client.post(address, late).context["form"].errors["starts_on"]
    assert said == {
        "coordinator": [f"Enter a day no later than that of “{hidden.title}”, which follows this event."],
        "hub_coordinator": ["Enter an earlier day: another event follows this one."],
    }


def test_whoever_edits_only_reports_chooses_no_address_that_a_draft_might_have(cast: Cast) -> None:
    ensure_newsroom().add_child(instance=ArticlePage(title="A resignation", slug="a-resignation", live=False))
    report = write_report(cast.event, by=cast.users()["hub_coordinator"])
    own = report.slug
    client, address = client_of(cast.hub_coordinator), f"/cms/pages/{report.pk}/edit/"
    form = client.get(address).context["form"]
    assert ("slug" in form.fields, "seo_title" in form.fields) == (False, True)
    client.post(address, {"title": "Report", "slug": "a-resignation"})
    report.refresh_from_db()
    assert (report.slug, report.get_latest_revision_as_object().slug) == (own, own)
