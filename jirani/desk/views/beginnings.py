"""Rows of a network that has only begun."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.members.enums import TenureRole
from jirani.members.models import LocalAuthority, Tenure
from jirani.members.permissions import coordinates_network

from .rows import Row


def first_step(user: Any) -> list[Row]:
    """What a network coordinator does first: bring in the local authorities, then name who speaks for them."""
    if not coordinates_network(user) or Tenure.objects.filter(role=TenureRole.FOCAL_POINT).exists():
        return []
    if LocalAuthority.objects.exists():
        people = reverse("members:people_list")
        return [_row(_("Name the first focal points: they speak for their local authority."), people, _("People"))]
    sheet = reverse("members:import_create")
    return [
        _row(_("Import the local authorities from a spreadsheet, or add them one by one."), sheet, _("Import members"))
    ]


def _row(words: str, address: str, action: str) -> Row:
    return Row(_("The network"), words, None, address, action, address)
