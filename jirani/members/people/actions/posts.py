"""Who holds which post at an organisation: named to it, ended on a day. Nothing is deleted."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.audit.actions import record
from jirani.core.enums import Precision, last_day
from jirani.core.permissions import require
from jirani.core.text import active_language
from jirani.members.enums import TenureRole
from jirani.members.models import Organisation, Person, Tenure
from jirani.members.permissions import can_appoint
from jirani.members.standing.actions import end_held
from jirani.translation.models import attach_translations

from .accounts import entered, named_person, tell_named


@transaction.atomic
def add_post(
    organisation: Organisation,
    *,
    by: Any,
    name: str,
    email: str,
    language: str = "",
    role: str,
    title: str = "",
    since: tuple[date | None, str] = (None, Precision.UNKNOWN),
) -> Tenure:
    """Name somebody to a post and tell them. Who is known by the address stays as they are."""
    require(can_appoint(by, organisation))
    person = named_person(name=name, email=email, language=language)
    if fault := post_fault(person, organisation, role=role, since=since):
        raise ValidationError({"email": fault})
    typed = entered(person, name=name, email=email, language=language)
    post = Tenure(person=person, organisation=organisation, role=role, title=title, **typed)
    post.language = active_language()
    post.from_on, post.from_precision = since
    post.full_clean()
    post.save()
    record("members.add_post", organisation, by=by, post=post.pk, role=role)
    tell_named(person, kind="members.named", what=_in_words(post), by=by, to_what=post)
    return post


def post_fault(person: Person | None, organisation: Organisation, *, role: str, since: tuple[date | None, str]) -> str:
    """Why somebody is not named to this post from then on: they hold it already; or ""."""
    day, precision = since
    begins = min(last_day(day, precision) if day else timezone.localdate(), timezone.localdate())
    if person and person.tenures.going_on(begins).filter(organisation=organisation, role=role).exists():
        return _("This person holds this role here already.")
    return ""


def _in_words(post: Tenure) -> str:
    """The role and the organisation in the language of whoever holds the post."""
    language = post.person.language
    attach_translations(language, post.organisation)
    with override(language):
        where, _language = post.organisation.text_in("name", language)
        return f"{capfirst(TenureRole(post.role).label)} – {where}"


@transaction.atomic
def end_post(post: Tenure, *, by: Any, until_on: date, version: str = "") -> Tenure:
    """Say on which day a post ended or will end. Raises ChangedMeanwhile if somebody else did so after `version`."""
    require(can_appoint(by, post.organisation))
    locked = Tenure.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if end_held(locked, until_on, version):
        record("members.end_post", post.organisation, by=by, post=post.pk, role=post.role)
    return locked
