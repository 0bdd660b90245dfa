"""People who are named to something: in whose language and at which address they are told, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import override

from jirani.accounts.models import User
from jirani.core.enums import Precision
from jirani.members.actions import add_post, change_own_facts, give_duty, known_at, tell_named, those_who_coordinate
from jirani.members.models import Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import translated

pytestmark = pytest.mark.django_db


def signs_in_elsewhere(written: str, signs: str) -> Person:
    """Somebody who is written to at one address and signs in with another."""
    who = make.person("Zawadi", email=written, language="sw")
    User.objects.filter(person=who).update(email=signs)
    return Person.objects.select_related("user").get(pk=who.pk)


def test_they_are_told_at_their_own_address_or_else_at_that_of_their_account(cast: Cast) -> None:
    both, alone = (
        signs_in_elsewhere("written@example.org", "signs@example.org"),
        signs_in_elsewhere("", "only@example.org"),
    )
    admin = make.user("admin@example.org", is_superuser=True)
    post = make.tenure(both, cast.kwale.organisation)
    for who, by in ((both, user_of(cast.coordinator)), (alone, admin)):
        tell_named(who, kind="members.named", what="Head", by=by, to_what=post)
    letters = Message.objects.order_by("pk")
    assert [one.to for one in letters] == ["written@example.org", "only@example.org"]
    assert [[who in one.body for who in (cast.coordinator.name, "admin@example.org")] for one in letters] == [
        [True, False],
        [False, True],
    ]
    for who in (both, alone):
        make.duty(who, "hub-coordinator", cast.hub)  # type: ignore[arg-type]
    assert [(one.to, one.language) for one in those_who_coordinate(cast.hub)] == [
        ("hub_coordinator@example.org", "en"), ("written@example.org", "sw"), ("only@example.org", "sw"),
    ]  # fmt: skip


def test_what_they_are_named_to_is_called_as_in_their_language(cast: Cast) -> None:
    translated(cast.hub, "Kitovu cha Mashariki")
    translated(cast.kwale.organisation, "Kaunti ya Kwale")
    by = user_of(cast.coordinator)
    who: dict[str, Any] = {"name": "Zawadi", "email": "zawadi@example.org", "language": "sw"}
    add_post(cast.kwale.organisation, by=by, role="head", **who)
    give_duty(by=by, duty="hub-coordinator", hub=cast.hub, **who)
    subjects = Message.objects.order_by("pk").values_list("subject", flat=True)
    assert [one.rpartition(" – ")[2] for one in subjects] == ["Kaunti ya Kwale", "Kitovu cha Mashariki"]


def test_what_is_no_post_no_duty_and_no_fact_is_refused(cast: Cast) -> None:
    by, own = user_of(cast.coordinator), user_of(cast.participant)
    who: dict[str, Any] = {"name": "Zawadi", "email": "zawadi@example.org"}
    nonsense: list[Callable[[], object]] = [
        lambda: add_post(cast.kwale.organisation, by=by, role="nonsense", **who),
        lambda: give_duty(by=by, duty="nonsense", **who),
        lambda: give_duty(by=by, duty="hub-coordinator", **who),
        lambda: change_own_facts(cast.participant, by=own, language="xx"),
    ]
    for act in nonsense:
        with pytest.raises(ValidationError):
            act()
    with pytest.raises(PermissionDenied):
        change_own_facts(cast.participant, by=own, email="zawadi@example.org")
    Person.objects.filter(pk=cast.participant.pk).update(erased_at=timezone.now())
    with pytest.raises(PermissionDenied):
        change_own_facts(cast.participant, by=own, name="Zawadi")
    assert (known_at("zawadi@example.org"), Person.objects.filter(name="Zawadi").count()) == (None, 0)


def test_the_title_of_a_post_is_in_the_language_in_which_it_was_typed(cast: Cast) -> None:
    who: dict[str, Any] = {"name": "Zawadi", "email": "zawadi@example.org", "language": "sw"}
    typed = []
    for role, language in (("head", "fr"), ("official", None)):
        with override(language):
            post = add_post(
                cast.kwale.organisation, by=user_of(cast.coordinator), role=role, since=(None, Precision.UNKNOWN), **who
            )
        typed.append(post.language)
    assert typed == ["fr", "en"]
