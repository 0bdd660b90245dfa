"""Actions on organisations, whether or not they are local authorities."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record, take_turns
from jirani.core.permissions import require
from jirani.core.text import free_slug, slug_base
from jirani.members.models import Organisation
from jirani.members.permissions import can_edit_organisation, may_add_organisation

#: The name of the lock that people who enter places and organisations wait for.
NAMES = "members.slug"
#: Words used in addresses at the place of an organisation's or local authority's slug.
RESERVED = ("aside", "import", "map", "new")


@transaction.atomic
def save_organisation(organisation: Organisation, *, by: Any = None) -> Organisation:
    """Save an organisation. `by` is None for a loader or a command of the administrator."""
    new = organisation.pk is None
    if by is not None:
        require(may_add_organisation(by) if new else can_edit_organisation(by, organisation))
    keep_organisation(organisation)
    record("members.add_organisation" if new else "members.edit_organisation", organisation, by=by)
    return organisation


def keep_organisation(organisation: Organisation) -> Organisation:
    """Save it, asking nobody."""
    organisation.full_clean()
    organisation.save()
    return organisation


@transaction.atomic
def create_organisation(organisation: Organisation, *, by: Any) -> Organisation:
    """Enter an organisation that is no local authority, with a free place in the addresses. `organisation` is unsaved."""
    organisation.slug = slug_for(organisation.name, country=organisation.country)  # others who enter one wait here
    _require_own_name(organisation)
    return save_organisation(organisation, by=by)


@transaction.atomic
def change_organisation(organisation: Organisation, *, by: Any, version: str = "") -> Organisation:
    """Save a changed organisation. Its address stays. Raises ChangedMeanwhile if somebody else saved it since `version`."""
    renamed = not Organisation.objects.filter(pk=organisation.pk, name=organisation.name).exists()
    if renamed:
        take_turns(NAMES)
    lock_unchanged(organisation, version)
    if renamed:
        _require_own_name(organisation)
    return save_organisation(organisation, by=by)


def _require_own_name(organisation: Organisation) -> None:
    if fault := own_name_fault(organisation):
        raise ValidationError({"name": fault})


def own_name_fault(organisation: Organisation) -> str:
    """Return a fault if the name is taken: in lists an organisation is told from others only by its name."""
    taken = Organisation.objects.called(organisation.name).exclude(pk=organisation.pk).exists()
    return _("There is already an organisation with this name.") if taken else ""


def slug_for(name: str, *, country: str = "", subdivision: str = "") -> str:
    """A free place in the addresses for an organisation of this name; of two Athens the second says which one it is."""
    take_turns(NAMES)
    fallback = f"organisation-{country.lower()}".rstrip("-")
    base = slug_base(name, fallback)
    taken = set(Organisation.objects.filter(slug__startswith=base[:40]).values_list("slug", flat=True))
    if base in taken and (subdivision or country):
        name = f"{base[:70]} {subdivision or country}"
    return free_slug(name, taken=taken, fallback=fallback, reserved=RESERVED)
