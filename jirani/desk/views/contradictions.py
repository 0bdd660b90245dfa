"""Records that have contradicted each other since before a rule forbade it, and where they can be corrected."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from jirani.core.constraints import Rule, count_broken, find_broken, rules
from jirani.core.routes import guarded
from jirani.members.permissions import coordinates_network
from jirani.translation.forms import named
from jirani.translation.models import TranslatableModel, translate_now

#: How many records of one rule are shown at a time, the oldest first.
_SHOWN = 20
#: By model, the page on which a record can be corrected, and the way from the record to what the page's address names.
_PLACES: dict[str, tuple[str, Callable[[Any], list[Any]]]] = {
    "taxonomy.Theme": ("members:taxonomy_edit", lambda one: ["theme", one.pk]),
    "members.LocalAuthority": ("members:authority_edit", lambda one: [one.organisation.slug]),
    "members.Membership": ("members:membership_edit", lambda one: [one.authority.organisation.slug]),
    "forums.Seat": ("forums:seat_list", lambda one: [one.forum.slug]),
    "forums.Attendance": ("forums:meeting_edit", lambda one: [one.meeting.forum.slug, one.meeting_id]),
    "forums.Meeting": ("forums:meeting_edit", lambda one: [one.forum.slug, one.pk]),
    "forums.Priority": ("public:authority_detail", lambda one: [one.authority.organisation.slug]),
    "plans.ActionPlan": ("plans:detail_edit", lambda one: [one.slug]),
    "plans.Pillar": ("plans:pillar_edit", lambda one: [one.plan.slug, one.pk]),
    "plans.Activity": ("plans:activity_edit", lambda one: [one.objective.pillar.plan.slug, one.pk]),
    "events.Event": ("events:detail_edit", lambda one: [one.slug]),
    "events.SessionPart": ("events:session_edit", lambda one: [one.session.event.slug, one.session_id]),
    "events.Participation": ("events:participation_edit", lambda one: [one.event.slug, one.pk]),
    "lessons.Lesson": ("lessons:lesson_edit", lambda one: [one.pk]),
    "commitments.Commitment": ("commitments:commitment_edit", lambda one: [one.pk]),
    "commitments.Outcome": ("commitments:outcome_edit", lambda one: [one.pk]),
    "commitments.Evidence": ("commitments:evidence_edit", lambda one: [one.pk]),
}
#: For a nested record, the lookup of the outer record, which the address of its page needs.
_INSIDE = {
    "members.LocalAuthority": "organisation",
    "members.Membership": "authority__organisation",
    "forums.Seat": "forum",
    "forums.Attendance": "meeting__forum",
    "forums.Meeting": "forum",
    "forums.Priority": "authority__organisation",
    "plans.Pillar": "plan",
    "plans.Activity": "objective__pillar__plan",
    "events.SessionPart": "session__event",
    "events.Participation": "event",
}


@guarded(coordinates_network)
@require_safe
def contradiction_list(request: HttpRequest) -> HttpResponse:
    """Show what contradicts what, and what to do about it."""
    numbers = count_broken()
    rows = [_row(rules()[name], keys, numbers.get(name, 0)) for name, keys in find_broken(_SHOWN).items()]
    return render(request, "desk/contradiction_list.html", {"rows": rows})


def _row(rule: Rule, keys: list[int], number: int) -> dict[str, Any]:
    model = apps.get_model(rule.model)
    records = model._default_manager.filter(pk__in=keys).order_by("pk")
    found = list(records.select_related(_INSIDE[rule.model]) if rule.model in _INSIDE else records)
    translate_now([one for one in found if isinstance(one, TranslatableModel)])
    return {"says": rule.says, "records": list(_links(rule, found)), "more": number - len(keys)}


def _links(rule: Rule, records: list[Any]) -> Iterator[dict[str, str]]:
    page, way = _PLACES[rule.model]
    for one in records:
        kind, words = capfirst(one._meta.verbose_name), ""
        if isinstance(one, TranslatableModel) and one.translatable_fields:
            words = named(one, one.translatable_fields[0])
        yield {"name": f"{kind} {one.pk}: {words}".removesuffix(": "), "url": reverse(page, args=way(one))}
