"""What a template asks of a field beyond what Django gives it. `{% load fields %}`."""

from django import template
from django.forms import BoundField

register = template.Library()


@register.filter
def control(field: BoundField) -> str:
    """`<a href="#{{ field|control }}">`: the id of the control in which a fault of the field is mended, of several the first.

    Django's `id_for_label` is empty where a field has several controls: they have a legend.
    """
    if not field.use_fieldset:
        return str(field.id_for_label)
    drawn = field.field.widget.get_context(field.html_name, field.value(), {"id": field.auto_id})["widget"]
    controls = drawn.get("subwidgets") or [option for _, options, _ in drawn.get("optgroups", ()) for option in options]
    return str(controls[0]["attrs"]["id"] if controls else field.auto_id)
