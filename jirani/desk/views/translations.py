"""Translations that were made from an earlier text of their record, and wait for a translator."""

from collections.abc import Iterable
from functools import reduce
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
from jirani.events.models import Session
from jirani.members.models import Organisation
from jirani.members.permissions import coordinates_network, translates
from jirani.plans.models import Activity
from jirani.reading.links import address_of, organisation_address, type_record
from jirani.translation.models import Translation, TranslationQuerySet
from jirani.ui.text import number

from .rows import Row

#: The way from a record without a page of its own to the one on whose page it is read, unless that is whoever it is `seen_with`.
READ_ON: dict[str, str] = {
    "members.Membership": "authority__organisation",
    "members.Tenure": "organisation",
    "forums.WorkingGroup": "forum",
    "forums.Meeting": "forum",
    "forums.Decision": "meeting__forum",
    "forums.Priority": "authority__organisation",
    "commitments.Evidence": "commitment",
}
#: What the address of a page names of other records.
_NAMED: dict[type[Any], str] = {Session: "event", Activity: "objective__pillar__plan"}


def _waiting(user: Any) -> TranslationQuerySet:
    return Translation.objects.of_earlier_text().visible_to(user)


def earlier_translations(user: Any) -> list[Row]:
    """Tell translators how many translations wait for them. Coordinators may look too, but are not asked."""
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
    """Return rows for translations of one model: the field, its current text, and the earlier text that was translated."""
    found = list(translations)
    model: Any = found[0].content_type.model_class() if found else None
    if model is None:
        return []
    records = _with_related(model).in_bulk([one.object_id for one in found])
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


def has_page(model: type[Any]) -> bool:
    """Whether its records have pages of their own."""
    return issubclass(model, type_record | Organisation)


def way_to_page(model: type[Any]) -> str:
    """The lookup that leads from a record to the one on whose page it is read; "" for one with a page, or that no page shows."""
    if has_page(model):
        return ""
    name: str = READ_ON.get(model._meta.label) or model.seen_with
    above = _follow(model, name)
    return "__".join(filter(None, [name, above and way_to_page(above)]))


def _follow(model: Any, way: str) -> Any:
    """The model to which a lookup leads; None for an empty one."""
    names = way.split("__") if way else []
    return reduce(lambda found, name: found._meta.get_field(name).related_model, names, model) if names else None


def _with_related(model: Any) -> Any:
    way, records = way_to_page(model), model._base_manager
    further = _NAMED.get(_follow(model, way) or model, "")
    wanted = "__".join(filter(None, [way, further]))
    return records.select_related(wanted) if wanted else records


def _address(record: Any, language: str) -> str:
    """Return the address of the page with the translation, in its language if the interface has it; "" if no page shows it."""
    way = way_to_page(type(record))
    shown = reduce(getattr, way.split("__"), record) if way else record
    with override(language if language in dict(settings.LANGUAGES) else get_language()):
        if isinstance(shown, Organisation):
            return organisation_address(shown)
        return address_of(shown) if isinstance(shown, type_record) else ""
