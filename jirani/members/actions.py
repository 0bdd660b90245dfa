"""What is done with organisations, local authorities, memberships and what is kept about people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record, take_turns
from jirani.audit.models import Entry
from jirani.core.permissions import require
from jirani.core.registry import personal_erasers, personal_exporters, personal_keepers
from jirani.core.text import free_slug, slug_base
from jirani.notifications.models import Message
from jirani.taxonomy.models import Theme
from jirani.translation.actions import refresh_sort_keys
from jirani.translation.models import Translation

from .enums import MembershipState, NetworkDuty, Sector
from .models import (
    Consent,
    Hub,
    LocalAuthority,
    Membership,
    NetworkRole,
    Organisation,
    Person,
    Tenure,
    standing_of,
)
from .permissions import can_edit_authority, can_edit_organisation, coordinates
from .text import CONSENTS

#: Words that stand in addresses beside organisations and local authorities.
RESERVED = ("import", "map", "new")


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


@transaction.atomic
def create_organisation(*, by: Any, name: str, sector: str, **facts: Any) -> Organisation:
    """A new organisation with a free place in the addresses, such as one that is first met as a partner of an event."""
    organisation = Organisation(name=name, sector=sector, **facts)
    organisation.slug = slug_for(name, country=organisation.country)
    return save_organisation(organisation, by=by)


def slug_for(name: str, *, country: str = "", subdivision: str = "") -> str:
    """A free place in the addresses for an organisation of this name; of two Athens the second says which one it is."""
    take_turns("members.slug")
    fallback = f"organisation-{country.lower()}".rstrip("-")
    base = slug_base(name, fallback)
    taken = set(Organisation.objects.filter(slug__startswith=base[:40]).values_list("slug", flat=True))
    if base in taken and (subdivision or country):
        name = f"{base[:70]} {subdivision or country}"
    return free_slug(name, taken=taken, fallback=fallback, reserved=RESERVED)


#: Fields of the form that stand on the organisation; the others but for hub and themes stand on the authority.
_BODY = ("name", "local_name", "website", "source_url", "language")


@transaction.atomic
def put_authority(
    authority: LocalAuthority | None, *, by: Any = None, version: str = "", **facts: Any
) -> tuple[LocalAuthority, list[str]]:
    """Change an authority, or make one (None): (it, the facts that changed). Nothing is written where nothing changes.

    `hub` is a slug and `themes` are slugs. Raises ChangedMeanwhile where somebody saved after `version`.
    """
    if authority is None:
        slug = slug_for(facts["name"], country=facts["country"], subdivision=facts.get("subdivision", ""))
        body = Organisation(slug=slug, sector=Sector.LOCAL_GOVERNMENT)
        authority = LocalAuthority(organisation=body)
    else:
        authority.organisation = lock_unchanged(authority.organisation, version)
    new, themes = authority.pk is None, facts.pop("themes", None)
    changed = _set(authority, facts)
    if new or changed:
        save_authority(authority, by=by)
    if themes is not None and set(themes) != {theme.slug for theme in authority.themes.all()}:
        if by is not None:
            require(can_edit_authority(by, authority))
        authority.themes.set(Theme.objects.filter(slug__in=themes))
        changed.append("themes")
    return authority, changed


def _set(authority: LocalAuthority, facts: dict[str, Any]) -> list[str]:
    """Set what differs; its names. Its country is the organisation's too."""
    if "hub" in facts:
        facts["hub"] = Hub.objects.filter(slug=facts["hub"]).first() if facts["hub"] else None
    changed = []
    for name, value in facts.items():
        holder: Any = authority.organisation if name in _BODY else authority
        if getattr(holder, name) != value:
            setattr(holder, name, value)
            changed.append(name)
    authority.organisation.country = authority.country
    return changed


@transaction.atomic
def put_membership(authority: LocalAuthority, *, by: Any = None, **facts: Any) -> tuple[Membership, list[str]]:
    """Change the membership that stands, or begin one: (it, the facts that changed)."""
    LocalAuthority.objects.select_for_update(of=("self",)).get(pk=authority.pk)  # two that begin one take their turns
    rows = Membership.objects.filter(authority=authority)
    membership = rows.exclude(state=MembershipState.LEFT).first()
    if membership is None and facts.get("state") == MembershipState.LEFT:
        membership = rows.order_by("-left_on", "-pk").first()
    if membership is None:
        membership = Membership(authority=authority)
    changed = [name for name, value in facts.items() if getattr(membership, name) != value]
    for name in changed:
        setattr(membership, name, facts[name])
    if membership.pk is None or changed:
        save_membership(membership, by=by)
    return membership, changed


@transaction.atomic
def save_membership(membership: Membership, *, by: Any = None) -> Membership:
    """Save a membership. `by` is None for a loader or a command of the administrator."""
    new = membership.pk is None
    if by is not None:
        require(_may_admit(by, membership.authority))
    membership.full_clean()
    membership.save()
    record("members.add_membership" if new else "members.edit_membership", membership, by=by, state=membership.state)
    return membership


def _may_admit(user: Any, authority: LocalAuthority) -> bool:
    """Who belongs to the network is said by its coordinators, not by the authority's own focal point."""
    standing = standing_of(user)
    return standing.coordinator or authority.hub_id in standing.hubs


# ── People and what is kept about them ──────────────────────────────────────────────────────────────────────────────────


def _require_own(person: Person, by: Any) -> None:
    own = person.user_id is not None and person.user_id == getattr(by, "pk", None)
    require(own or standing_of(by).coordinator, _("Only you yourself or a network coordinator can do this."))


@transaction.atomic
def save_consents(person: Person, *, offered: Iterable[str], given: Iterable[str], by: Any) -> list[str]:
    """Of the purposes offered, the person agrees to the given ones and to no other; the purposes that changed.

    Only the person's own word counts, so `by` is them.
    """
    require(person.user_id is not None and person.user_id == getattr(by, "pk", None))
    return keep_consents(person, offered=offered, given=given)


@transaction.atomic
def keep_consents(person: Person, *, offered: Iterable[str], given: Iterable[str]) -> list[str]:
    """As `save_consents`, for an action that has already made sure that it is the person who speaks."""
    yes = set(given)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # two answers at once take their turns
    standing = {c.purpose: c for c in Consent.objects.filter(person=person, withdrawn_at__isnull=True)}
    changed = [purpose for purpose in offered if (purpose in yes) != (purpose in standing)]
    for purpose in changed:
        if purpose in yes:
            Consent.objects.create(person=person, purpose=purpose, wording=str(CONSENTS[purpose]))
        else:
            Consent.objects.filter(pk=standing[purpose].pk).update(withdrawn_at=timezone.now())
        record(
            "members.give_consent" if purpose in yes else "members.withdraw_consent",
            person,
            by=person.user,
            purpose=purpose,
        )
    return changed


@transaction.atomic
def export_person(person: Person, *, by: Any) -> dict[str, Any]:
    """All that every app keeps about a person, by app, ready for JSON."""
    _require_own(person, by)
    record("members.export_person", person, by=by)
    return {label: export(person) for label, export in personal_exporters().items()}


@transaction.atomic
def erase_person(person: Person, *, by: Any) -> None:
    """Let a person go: their name, address, account, consents and messages. What they contributed stays, without them.

    Raises ValidationError where nobody would be left who coordinates the network, for nobody could appoint anybody then.
    """
    _require_own(person, by)
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if locked.erased_at is not None:
        raise ValidationError(_("This person has been erased already."))
    _require_another_coordinator(locked)
    _erase(locked)


def _erase(locked: Person) -> None:
    for erase in personal_erasers().values():
        erase(locked)
    record("members.erase_person", locked, by=None)


def _require_another_coordinator(person: Person) -> None:
    """Refuse what would leave the network without a coordinator; of two who go at once, the second sees the first gone."""
    list(_coordinators().select_for_update(of=("self",)).order_by("pk"))
    accounts = set(_coordinators().values_list("pk", flat=True))  # asked again: the wait may have changed the answer
    if accounts == {person.user_id}:
        raise ValidationError(_("You are the only network coordinator. Appoint another one first."))


def _coordinators() -> QuerySet[User]:
    """The accounts that coordinate the network today, as `standing_of` has it."""
    today = timezone.localdate()
    duties = NetworkRole.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=today),
        Q(until_on__isnull=True) | Q(until_on__gte=today),
        duty=NetworkDuty.COORDINATOR,
        person__user__isnull=False,
    )
    return User.objects.filter(Q(is_superuser=True) | Q(pk__in=duties.values("person__user")), is_active=True)


def export_own(person: Person) -> dict[str, Any]:
    """What this app, and the account and the apps below it, keep about a person."""
    own = ("name", "email", "language", "sector", "created_at", "updated_at")
    held = ("organisation__name", "role", "title", "from_on", "from_precision", "until_on")
    account = person.user
    return {
        "person": {name: getattr(person, name) for name in own},
        "posts": list(person.tenures.values(*held)),
        "duties": list(person.network_roles.values("duty", "hub__name", "from_on", "until_on")),
        "consents": list(person.consents.values("purpose", "wording", "given_at", "withdrawn_at")),
        "messages": list(
            _messages(person).values("kind", "to", "language", "subject", "body", "state", "queued_at", "sent_at")
        ),
        **_export_account(account if isinstance(account, User) else None),
    }


def _export_account(account: User | None) -> dict[str, Any]:
    if account is None:
        return {"account": None, "acts": [], "translations_checked": []}
    told = ("email", "language", "date_joined", "last_login")
    checked = Translation.objects.filter(reviewer=account)
    return {
        "account": {name: getattr(account, name) for name in told} | {"password": account.has_usable_password()},
        "acts": list(Entry.objects.filter(actor=account).values("verb", "at")),
        "translations_checked": list(checked.values("content_type__model", "object_id", "field", "language", "body")),
    }


def _messages(person: Person) -> QuerySet[Message]:
    """What is in the outbox for their address or their account."""
    to = Q(to__iexact=person.email) if person.email else Q(pk__in=[])
    return Message.objects.filter(to | Q(recipient=person.user) if person.user_id else to)


def erase_own(person: Person) -> None:
    """The posts and duties end and stay without a name; consents, messages and the account go. The row itself says since when."""
    today = timezone.localdate()
    for held in (person.tenures, person.network_roles):
        held.filter(from_on__gt=today).delete()
        held.filter(until_on__isnull=True).update(until_on=today)
    person.consents.all().delete()
    account = person.user
    _messages(person).delete()
    person.user, person.name, person.email, person.sector = None, "", "", ""
    person.language = "en"
    person.erased_at = timezone.now()
    person.save()
    if isinstance(account, User):
        account.delete()


# ── What goes by itself when its time has come ──────────────────────────────────────────────────────────────────────────


def forget(before: date) -> int:
    """Let go of posts and duties that ended before that day, of people nothing keeps, and of accounts nobody uses."""
    count = sum(_unname(model, before) for model in (Tenure, NetworkRole))
    for pk in _unkept(before).order_by("pk").values_list("pk", flat=True):
        # Asked again under the locks: they may have signed in, or been put on a list, since.
        person = Person.objects.select_for_update(of=("self",)).get(pk=pk)
        User.objects.select_for_update(of=("self",)).filter(person=person).first()
        if _unkept(before).filter(pk=pk).exists():
            _erase(person)
            count += 1
    unused = User.objects.filter(person__isnull=True).exclude(pk__in=_users(before))
    for account in unused.select_for_update(of=("self",)):
        account.delete()
        count += 1
    return count


def _unname(model: type[Tenure] | type[NetworkRole], before: date) -> int:
    """Give what ended to somebody without a name, as erasure would leave it, but each to one of its own."""
    ended = model._default_manager.filter(until_on__lt=before, person__erased_at__isnull=True)
    count = 0
    for held in ended.select_for_update(of=("self",)):
        held.person = Person.objects.create(name="", erased_at=timezone.now())
        held.save(update_fields=["person"])
        count += 1
    return count


def _unkept(before: date) -> QuerySet[Person]:
    people = Person.objects.filter(erased_at__isnull=True)
    for keeps in personal_keepers():
        people = people.exclude(pk__in=keeps(before).values("pk"))
    return people


def _users(before: date) -> QuerySet[User]:
    """Accounts that were made or signed in with on that day or later (a session lasts two weeks), and administrators'."""
    used = Q(last_login__date__gte=before) | Q(date_joined__date__gte=before)
    return User.objects.filter(used | Q(is_superuser=True, is_active=True))


def keep(before: date) -> QuerySet[Person]:
    """Those who are new, use their account, agreed to something, or hold a post or duty, on that day or later."""
    goes_on = Q(until_on__isnull=True) | Q(until_on__gte=before)
    said = Q(given_at__date__gte=before) | Q(withdrawn_at__date__gte=before)
    return Person.objects.filter(
        Q(created_at__date__gte=before)
        | Q(user__in=_users(before))
        | Q(pk__in=Tenure.objects.filter(goes_on).values("person"))
        | Q(pk__in=NetworkRole.objects.filter(goes_on).values("person"))
        | Q(pk__in=Consent.objects.filter(said).values("person"))
    )
