"""Translations that were made from an earlier text of their record, and wait for a translator."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jirani.core.paging import page_of
from jirani.core.routes import guarded
from jirani.members.permissions import coordinates_network, translates
from jirani.translation.models import Translation, TranslationQuerySet
from jirani.ui.text import number

from .rows import Row

#: The page on which visitors read a record: its name, and the ways from the record to what its address names. One that stands on
#: another's page is read there.
_PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "members.Organisation": ("public:organisation_detail", ("slug",)),
    "members.Membership": ("public:authority_detail", ("authority.organisation.slug",)),
    "members.Tenure": ("public:organisation_detail", ("organisation.slug",)),
    "forums.Forum": ("public:forum_detail", ("slug",)),
    "forums.WorkingGroup": ("public:forum_detail", ("forum.slug",)),
    "forums.Meeting": ("public:forum_detail", ("forum.slug",)),
    "forums.Decision": ("public:forum_detail", ("meeting.forum.slug",)),
    "forums.Priority": ("public:authority_detail", ("authority.organisation.slug",)),
    "plans.ActionPlan": ("public:plan_detail", ("slug",)),
    "plans.Pillar": ("public:plan_detail", ("plan.slug",)),
    "plans.Objective": ("public:plan_detail", ("pillar.plan.slug",)),
    "plans.Activity": ("public:activity_detail", ("objective.pillar.plan.slug", "pk")),
    "plans.Indicator": ("public:activity_detail", ("activity.objective.pillar.plan.slug", "activity_id")),
    "plans.Measurement": (
        "public:activity_detail",
        ("indicator.activity.objective.pillar.plan.slug", "indicator.activity_id"),
    ),
    "events.Event": ("public:event_detail", ("slug",)),
    "events.Session": ("public:session_detail", ("event.slug", "pk")),
    "lessons.Lesson": ("public:lesson_detail", ("pk",)),
    "lessons.Endorsement": ("public:lesson_detail", ("lesson_id",)),
    "lessons.Response": ("public:lesson_detail", ("lesson_id",)),
    "commitments.Commitment": ("public:commitment_detail", ("pk",)),
    "commitments.Milestone": ("public:commitment_detail", ("commitment_id",)),
    "commitments.Adaptation": ("public:commitment_detail", ("commitment_id",)),
    "commitments.FollowUp": ("public:commitment_detail", ("commitment_id",)),
    "commitments.Evidence": ("public:commitment_detail", ("commitment_id",)),
    "commitments.Outcome": ("public:outcome_detail", ("pk",)),
}


def _waiting(user: Any) -> TranslationQuerySet:
    return Translation.objects.of_earlier_text().visible_to(user)


def earlier_translations(user: Any) -> list[Row]:
    """For translators: how many translations wait for them. Coordinators may look too, but are not asked."""
    many = _waiting(user).count() if translates(user) and not coordinates_network(user) else 0
    if not many:
        return []
    words = ngettext(
        "%(number)s translation was made from an earlier text.",
        "%(number)s translations were made from an earlier text.",
        many,
    ) % {"number": number(many)}
    address = reverse("desk:translation_list")
    return [Row(_("The network"), words, None, address, _("Look into it"), address)]


@guarded(translates)
@require_safe
def translation_list(request: HttpRequest) -> HttpResponse:
    """The records of one kind whose text has changed since it was translated, with both texts; how many there are of each kind."""
    waiting = _waiting(request.user)
    counted = dict(waiting.order_by().values_list("content_type").annotate(Count("pk")))
    kinds = sorted((_kind(key, many) for key, many in counted.items()), key=lambda kind: str(kind["name"]))
    shown = next((kind for kind in kinds if kind["label"] == request.GET.get("kind")), kinds[0] if kinds else None)
    context: dict[str, Any] = {"kinds": kinds, "shown": shown}
    if shown:
        page = page_of(request, waiting.filter(content_type=shown["key"]), ("object_id", "field", "language", "id"))
        context |= {"page": page, "rows": _rows(page.rows), "query": f"kind={shown['label']}&"}
    return render(request, "desk/translation_list.html", context)


def _kind(key: int, many: int) -> dict[str, Any]:
    model: Any = ContentType.objects.get_for_id(key).model_class()
    return {"key": key, "label": model._meta.label, "name": capfirst(model._meta.verbose_name_plural), "number": many}


def _rows(translations: Iterable[Translation]) -> list[dict[str, Any]]:
    """Of translations of one model: the field, its text now and the one that was translated from an earlier one."""
    found = list(translations)
    model: Any = found[0].content_type.model_class() if found else None
    if model is None:
        return []
    records = _with_ways(model).in_bulk([one.object_id for one in found])
    return [
        {
            "field": capfirst(model._meta.get_field(one.field).verbose_name),
            "now": getattr(records[one.object_id], one.field),
            "record": records[one.object_id],
            "translation": one,
            "url": _address(records[one.object_id], one.language),
        }
        for one in found
    ]


def _with_ways(model: Any) -> Any:
    _page, ways = _PAGES.get(model._meta.label, ("", ()))
    above = [way.rpartition(".")[0].replace(".", "__") for way in ways if "." in way]
    records = model._base_manager
    return records.select_related(*above) if above else records


def _address(record: Any, language: str) -> str:
    """Where the translation is read, in its language if the interface has it; empty for what stands on no page of its own."""
    page, ways = _PAGES.get(record._meta.label, ("", ()))
    if not page:
        return ""
    with override(language if language in dict(settings.LANGUAGES) else get_language()):
        return reverse(page, args=[_follow(record, way) for way in ways])


def _follow(record: Any, way: str) -> Any:
    for name in way.split("."):
        record = getattr(record, name)
    return record
