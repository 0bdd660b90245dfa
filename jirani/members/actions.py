"""What is done with organisations and local authorities."""

from typing import Any

from django.db import transaction

from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.translation.actions import refresh_sort_keys

from .models import LocalAuthority, Organisation
from .permissions import can_edit_authority, can_edit_organisation, coordinates


@transaction.atomic
def save_organisation(organisation: Organisation, *, by: Any = None) -> Organisation:
    """Save an organisation and its place in the lists. `by` is None for a loader or a command of the administrator."""
    new = organisation.pk is None
    if by is not None:
        require(coordinates(by) if new else can_edit_organisation(by, organisation))
    _keep(organisation)
    record("members.add_organisation" if new else "members.edit_organisation", organisation, by=by)
    return organisation


@transaction.atomic
def save_authority(authority: LocalAuthority, *, by: Any = None) -> LocalAuthority:
    """Save a local authority and the organisation that it is, set on `authority.organisation`. `by` as above."""
    new = authority.pk is None
    if by is not None:
        require(coordinates(by) if new else can_edit_authority(by, authority))
    authority.organisation = _keep(authority.organisation)  # takes over the key that it may just have been given
    authority.full_clean()
    authority.save()
    record("members.add_authority" if new else "members.edit_authority", authority, by=by)
    return authority


def _keep(organisation: Organisation) -> Organisation:
    organisation.full_clean()
    organisation.save()
    refresh_sort_keys(organisation)
    return organisation
