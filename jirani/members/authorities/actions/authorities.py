"""Actions on local authorities and memberships."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.acting.facts import column_of, set_facts
from jirani.audit.actions import ChangedMeanwhile, lock_unchanged, record, take_turns
from jirani.core.permissions import require
from jirani.members.authorities.text.subdivisions import has_own_code
from jirani.members.enums import MembershipState, Sector
from jirani.members.models import Hub, LocalAuthority, Membership, Organisation
from jirani.members.organisations.actions.organisations import NAMES, keep_organisation, slug_for
from jirani.members.permissions import (
    can_admit,
    can_edit_authority,
    coordinates,
    coordinates_network,
    hubs_for,
)
from jirani.taxonomy.models import Theme


@transaction.atomic
def save_authority(authority: LocalAuthority, *, by: Any = None) -> LocalAuthority:
    """Save a local authority and the organisation that it is, set on `authority.organisation`. `by` as above."""
    new = authority.pk is None
    if by is not None:
        _require_may_save(by, authority)
    authority.organisation = keep_organisation(
        authority.organisation
    )  # takes over the key that it may just have been given
    authority.full_clean()
    authority.save()
    record("members.add_authority" if new else "members.edit_authority", authority, by=by)
    return authority


def _require_may_save(by: Any, authority: LocalAuthority) -> None:
    """Ask of the authority as it is stored, not as it is to be: a new hub gives nobody the right to set it."""
    stored = None
    if authority.pk is not None:
        stored = LocalAuthority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    require(coordinates(by) if stored is None else can_edit_authority(by, stored))
    if coordinates_network(by) or (stored is not None and stored.hub_id == authority.hub_id):
        return
    if authority.hub not in hubs_for(by, stored):
        raise ValidationError({"hub": _("Choose a hub that you coordinate.")})


#: The version of a membership that is still to begin.
NONE_YET = "none"

#: Facts by which a place is told from others.
_OF_NAME = {"name", "kind", "country", "subdivision"}


@transaction.atomic
def put_authority(
    authority: LocalAuthority | None, *, by: Any = None, version: str = "", **facts: Any
) -> tuple[LocalAuthority, list[str]]:
    """Change an authority, or make one (None): (it, the facts that changed). Nothing is written if nothing changes.

    `hub` is a slug and `themes` are slugs. Raises ChangedMeanwhile if somebody saved after `version`, ValidationError if
    somebody who coordinates hubs would place it in, or take it from, another one.
    """
    if authority is None or _renames(authority, facts):
        take_turns(NAMES)  # before the first look at what there is: a place is entered once
    if authority is None:
        slug = slug_for(facts["name"], country=facts["country"], subdivision=facts.get("subdivision", ""))
        body = Organisation(slug=slug, sector=Sector.LOCAL_GOVERNMENT)
        authority = LocalAuthority(organisation=body)
    else:
        authority.organisation = lock_unchanged(authority.organisation, version)
    new, themes = authority.pk is None, facts.pop("themes", None)
    changed = _set(authority, facts)
    if new or _OF_NAME & set(changed):
        take_turns(NAMES)  # somebody else may be taking the same name at this moment
        _require_own_name(authority)
    if new or changed:
        save_authority(authority, by=by)
    if themes is not None and set(themes) != {theme.slug for theme in authority.themes.all()}:
        if by is not None:
            _require_may_save(by, authority)
        authority.themes.set(Theme.objects.filter(slug__in=themes))
        changed.append("themes")
    return authority, changed


def add_authority(*, by: Any, **facts: Any) -> LocalAuthority:
    """A new local authority."""
    return put_authority(None, by=by, **facts)[0]


def change_authority(authority: LocalAuthority, *, by: Any, version: str = "", **facts: Any) -> LocalAuthority:
    """Change what is known of a local authority. Raises ChangedMeanwhile if somebody saved it after `version`."""
    return put_authority(authority, by=by, version=version, **facts)[0]


def _renames(authority: LocalAuthority, facts: Mapping[str, Any]) -> bool:
    told = _OF_NAME & facts.keys()
    return any(column_of(name, authority, authority.organisation) != facts[name] for name in told)


def _require_own_name(authority: LocalAuthority) -> None:
    if fault := name_fault(authority):
        raise ValidationError({"name": fault})


def name_fault(authority: LocalAuthority) -> str:
    """Return a fault if the name is taken. Two places called Athens may be in two states, but two with codes of their own must differ in name."""
    named = LocalAuthority.objects.called(authority.organisation.name).filter(country=authority.country)
    if has_own_code(authority.kind, authority.country):
        same = named.filter(kind=authority.kind)
    else:
        same = named.filter(subdivision=authority.subdivision)
    taken = same.exclude(pk=authority.pk).exists()
    return _("There is already a local authority with this name in this place.") if taken else ""


def _set(authority: LocalAuthority, facts: dict[str, Any]) -> list[str]:
    """Set the facts that differ. Returns their names. The country is also set on the organisation."""
    if "hub" in facts:
        facts["hub"] = Hub.objects.filter(slug=facts["hub"]).first()
    changed = set_facts(facts, authority, authority.organisation)
    authority.organisation.country = authority.country
    return changed


@transaction.atomic
def put_membership(
    authority: LocalAuthority, *, by: Any = None, version: str = "", **facts: Any
) -> tuple[Membership, list[str]]:
    """Change the current membership, or begin one. Returns it and the facts that changed. Raises ChangedMeanwhile if somebody saved it
    after `version`, which is NONE_YET for a form that was opened while there was none.
    """
    # As it is stored; and two that begin one take their turns.
    authority = LocalAuthority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    rows = Membership.objects.filter(authority=authority)
    membership = rows.exclude(state=MembershipState.LEFT).first()
    now = membership.version if membership else NONE_YET
    if version and version != now:
        raise ChangedMeanwhile(now)
    if membership is None and facts.get("state") == MembershipState.LEFT:
        membership = rows.order_by("-left_on", "-pk").first()
    if membership is None:
        membership = Membership(authority=authority)
    changed = set_facts(facts, membership)
    if membership.pk is None or changed:
        save_membership(membership, by=by)
    return membership, changed


@transaction.atomic
def save_membership(membership: Membership, *, by: Any = None) -> Membership:
    """Save a membership. `by` is None for a loader or a command of the administrator."""
    new = membership.pk is None
    if by is not None:
        require(can_admit(by, membership.authority))
    membership.full_clean()
    membership.save()
    record("members.add_membership" if new else "members.edit_membership", membership, by=by, state=membership.state)
    return membership
