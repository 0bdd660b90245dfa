"""What a template needs from a field beyond what Django provides. `{% load fields %}`."""

from typing import TYPE_CHECKING

from django import template
from django.forms import BoundField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()


@register.filter
def needed(field: BoundField) -> "StrOrPromise":
    """`{{ field|needed }}`: when the form wants a field that it does not always want, such as "needed for a site visit"; or ""."""
    need = getattr(field.form, "needed", {}).get(field.name)
    return need.words if need else ""


@register.filter
def control(field: BoundField) -> str:
    """`<a href="#{{ field|control }}">`: the id of the control in which a fault of the field is mended, of several the first.

    Django's `id_for_label` is empty if a field has several controls, which have a legend instead.
    """
    if not field.use_fieldset:
        return str(field.id_for_label)
    drawn = field.field.widget.get_context(field.html_name, field.value(), {"id": field.auto_id})["widget"]
    controls = drawn.get("subwidgets") or [option for _, options, _ in drawn.get("optgroups", ()) for option in options]
    return str(controls[0]["attrs"]["id"] if controls else field.auto_id)
