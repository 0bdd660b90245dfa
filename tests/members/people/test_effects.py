"""What actions on people, posts, duties and organisations write and refuse, with rows on both sides of each condition."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from jirani.accounts.models import User
from jirani.audit.actions import ChangedMeanwhile
from jirani.core.enums import Precision
from jirani.core.erasures import NAME, read_erased
from jirani.members.actions import (
    add_post,
    address_fault,
    correct_facts,
    duty_fault,
    end_duty,
    entered,
    erase_again,
    give_account,
    give_duty,
    keep_consents,
    known_at,
    list_erased,
    named_person,
    post_fault,
    slug_for,
    those_who_coordinate,
)
from jirani.members.enums import NetworkDuty
from jirani.members.forms import DutyForm, PostForm
from jirani.members.models import Consent, NetworkRole, Organisation, Person, Tenure
from jirani.members.people.actions.accounts import person_at
from jirani.members.people.forms.consents import ConsentForm
from jirani.members.standing.actions import end_fault, end_held, version_of
from jirani.members.words.actions import add_word, remove_word, retire_word
from jirani.notifications.models import Message
from jirani.taxonomy.models import Driver, Theme
from tests import factories as make
from tests.cast import Cast, user_of
from tests.refused import ENDED, HOLDS, faults

pytestmark = pytest.mark.django_db

CLOSED = "The account of this address is closed, or another person’s. Enter another address."
OTHERS = "This address is another person’s. If it is right, remove this person and add them again with it."


def day(number: int) -> date:
    """Today, or so many days from it."""
    return timezone.localdate() + timedelta(days=number)


# ── By their address ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_known_by_an_address() -> None:
    written = make.person("Written", email="both@example.org", account=False)
    signing = make.person("Signing", email="own@example.org", account=False)
    signing.user = make.user("both@example.org")
    signing.save()
    alone = make.person("Alone", email="", account=False)
    alone.user = make.user("alone@example.org")
    alone.save()
    found = [
        known_at(email) for email in ("BOTH@example.org", "own@example.org", "alone@example.org", "no@example.org", "")
    ]
    assert found == [written, signing, alone, None, None]
    assert [address_fault(written, email) for email in ("both@example.org", "own@example.org", "no@example.org", "")] == [
        "", OTHERS, "", "",
    ]  # fmt: skip

    kept = person_at("Both@example.org", name="Other", language="fr", sector="health")
    assert (kept, kept.name, kept.language, kept.sector) == (written, "Written", "en", "")
    new = person_at("New@Example.org", name="New", language="fr", sector="health")
    assert (new.email, new.name, new.language, new.sector) == ("new@example.org", "New", "fr", "health")
    assert [person_at("", name="Nobody").language, person_at("", name="Nobody") == person_at("", name="Nobody")] == [
        "en",
        False,
    ]
    assert list(faults(lambda: person_at("no address", name="X"))) == ["email"]
    same = {"name": "New", "email": "NEW@example.org", "language": "fr"}
    assert [entered(new, **same), entered(new, **same | {"name": "N"}), entered(new, name="New")] == [
        {}, {"entered_name": "N"}, {"entered_email": "", "entered_language": ""},
    ]  # fmt: skip
    assert list(faults(lambda: entered(new, name="x" * 201))) == ["name"]


def test_an_account_is_made_once_and_not_shared() -> None:
    people = [
        make.person(email=email, account=False) for email in ("a@example.org", "b@example.org", "c@example.org", "")
    ]
    free, taken = make.user("b@example.org"), make.user("c@example.org")
    make.person(email="other@example.org", account=False).__class__.objects.filter(email="other@example.org").update(
        user=taken
    )
    Person.objects.filter(email="a@example.org").update(language="sw")
    people[0].refresh_from_db()
    for person in people:
        give_account(person)
    assert [person.user and person.user.email for person in Person.objects.filter(pk__in=[one.pk for one in people]).order_by("pk")] == [
        "a@example.org", "b@example.org", None, None,
    ]  # fmt: skip
    made = User.objects.get(email="a@example.org")
    assert (made.language, made.has_usable_password(), people[1].user) == ("sw", False, free)
    number = User.objects.count()
    give_account(people[0])
    assert User.objects.count() == number

    assert faults(lambda: named_person(name="C", email="c@example.org")) == {"email": [CLOSED]}
    User.objects.filter(email="b@example.org").update(is_active=False)
    assert faults(lambda: named_person(name="B", email="b@example.org")) == {"email": [CLOSED]}
    assert named_person(name="A", email="a@example.org") == people[0]


def test_facts_of_somebody_without_an_account_are_corrected() -> None:
    person = make.person("Asha", email="asha@example.org", account=False)
    make.person("Other", email="other@example.org", account=False)

    def letter(to: str, recipient: User | None = None) -> Message:
        return Message.objects.create(kind="events.invitation", to=to, language="en", subject="S", body="B",
                                      recipient=recipient, message_id=f"<{make.number()}>")  # fmt: skip

    gone, kept = letter("asha@example.org"), [letter("other@example.org"), letter("asha@example.org", make.user())]
    assert correct_facts(person, name="Aisha", language="en") == ["name"]
    assert Message.objects.count() == 3
    assert faults(lambda: correct_facts(person, email="other@example.org")) == {"email": [OTHERS]}
    assert list(faults(lambda: correct_facts(person, language="xx"))) == ["language"]
    with pytest.raises(ChangedMeanwhile):
        correct_facts(person, version="then", name="Late")
    assert correct_facts(person, email="new@example.org") == ["email"]
    person.refresh_from_db()
    assert (person.name, person.email, set(Message.objects.all())) == ("Aisha", "new@example.org", set(kept))
    assert gone not in kept
    for refused in (make.person(), Person.objects.create(name="", erased_at=timezone.now())):
        with pytest.raises(PermissionDenied):
            correct_facts(refused, name="Not ours to say")


# ── Posts and duties ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_held_already_is_not_given_again(cast: Cast) -> None:
    who, body = make.person(), cast.kwale.organisation
    make.tenure(who, body, until_on=day(-2))
    NetworkRole.objects.filter(pk=make.duty(who, NetworkDuty.HUB_COORDINATOR, cast.hub).pk).update(until_on=day(-2))
    hub: dict[str, Any] = {"duty": "hub-coordinator", "hub": cast.hub}

    def post(first: date | None, precision: str = Precision.DAY, **other: Any) -> str:
        said: dict[str, Any] = {"person": who, "organisation": body, "role": "focal-point", "since": (first, precision)}
        return post_fault(**said | other)

    def duty(first: date | None, **other: Any) -> str:
        said: dict[str, Any] = {"person": who, "from_on": first, **hub}
        return duty_fault(**said | other)

    days = (None, day(-3), day(-2), day(-1), day(0), day(5))
    assert [post(one) for one in days] == ["", HOLDS, HOLDS, "", "", ""]
    assert [duty(one) for one in days] == ["", HOLDS, HOLDS, "", "", ""]
    assert post(date(day(0).year - 1, 1, 1), Precision.YEAR) == HOLDS
    another = [
        post(day(-3), person=None),
        post(day(-3), role="head"),
        post(day(-3), organisation=cast.mombasa.organisation),
    ]
    assert another == ["", "", ""]
    assert [duty(day(-3), person=None), duty(day(-3), duty="editor", hub=None), duty(day(-3), hub=None)] == ["", "", ""]


def test_a_post_and_a_duty_are_given_with_all_that_was_said(cast: Cast) -> None:
    known = make.person("Zawadi", email="z@example.org", language="sw")
    who: dict[str, Any] = {"name": "Zawadi Otieno", "email": "z@example.org", "language": "fr"}
    hub, coordinator = user_of(cast.hub_coordinator), user_of(cast.coordinator)
    given = add_post(
        cast.kwale.organisation, by=hub, role="head", title="Governor", since=(day(-1), Precision.DAY), **who
    )
    post = Tenure.objects.get(pk=given.pk)
    assert [getattr(post, name) for name in ("person", "organisation", "role", "title", "from_on", "from_precision")] == [
        known, cast.kwale.organisation, "head", "Governor", day(-1), "day",
    ]  # fmt: skip
    assert [getattr(post, name) for name in ("entered_name", "entered_email", "entered_language", "language")] == [
        "Zawadi Otieno", "", "fr", "en",
    ]  # fmt: skip
    again: dict[str, Any] = {"role": "head", "since": (None, Precision.UNKNOWN), **who}
    assert faults(lambda: add_post(cast.kwale.organisation, by=hub, **again)) == {"email": [HOLDS]}
    duty = give_duty(by=coordinator, duty="hub-coordinator", hub=cast.hub, from_on=day(1), **who)
    assert [getattr(duty, name) for name in ("person", "duty", "hub", "from_on", "entered_name")] == [
        known, "hub-coordinator", cast.hub, day(1), "Zawadi Otieno",
    ]  # fmt: skip
    assert faults(lambda: give_duty(by=coordinator, duty="hub-coordinator", hub=cast.hub, from_on=day(1), **who)) == {
        "email": [HOLDS]
    }
    assert [(one.to, one.language, one.recipient, one.kind) for one in Message.objects.order_by("pk")] == [
        ("z@example.org", "sw", known.user, "members.named")
    ] * 2
    assert [one.records for one in Message.objects.order_by("pk")] == [
        [f"members.tenure:{post.pk}"], [f"members.networkrole:{duty.pk}"],
    ]  # fmt: skip


def test_how_something_that_is_held_ends() -> None:
    who = make.person()

    def held(first: int | None, last: int | None = None) -> Any:
        days = [None if one is None else day(one) for one in (first, last)]
        return make.tenure(who, make.organisation(), from_on=days[0], until_on=days[1])

    assert [version_of(held(None)), version_of(held(None, 0))] == ["open", day(0).isoformat()]
    assert [end_fault(held(first), day(last)) for first, last in ((None, -900), (-3, -5), (-3, -4), (5, -2), (5, -1), (0, 0))] == [
        "", ENDED, "", ENDED, "", "",
    ]  # fmt: skip
    assert [end_held(held(None, last), day(0)) for last in (0, 3, None)] == [False, True, True]
    assert end_held(held(None, -1), day(-1)) is False
    assert faults(lambda: end_held(held(None, -1), day(0))) == ["It has ended already."]
    assert faults(lambda: end_held(held(-3), day(-5))) == {"until_on": [ENDED]}
    assert end_held(held(None), day(0), "open")
    with pytest.raises(ChangedMeanwhile):
        end_held(held(None, 3), day(0), "open")
    for first, last, stored in ((5, -1, -1), (-3, -4, -4), (-3, -3, -3), (-3, 0, -3)):
        post = held(first)
        end_held(post, day(last))
        post.refresh_from_db()
        assert (post.from_on, post.until_on) == (day(stored), day(last))


def test_somebody_is_left_who_coordinates(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    own = NetworkRole.objects.get(person=cast.coordinator)
    editor = NetworkRole.objects.get(person=cast.editor)
    only = ["This is the only network coordinator. Appoint another one first."]
    assert end_duty(editor, by=by, until_on=day(0)).until_on == day(0)
    assert faults(lambda: end_duty(own, by=by, until_on=day(0))) == only
    second = make.duty(cast.translator, NetworkDuty.COORDINATOR, until_on=day(9))
    assert faults(lambda: end_duty(own, by=by, until_on=day(0))) == only
    NetworkRole.objects.filter(pk=second.pk).update(until_on=None)
    assert end_duty(own, by=by, until_on=day(0)) == own
    with pytest.raises(ChangedMeanwhile):
        end_duty(own, by=by, until_on=day(3), version="open")


def test_who_is_written_to_as_coordinator(cast: Cast) -> None:
    def told(hub: Any = None) -> list[str]:
        return sorted(one.to for one in those_who_coordinate(hub))

    network, other = ["coordinator@example.org"], make.hub()
    assert [told(), told(cast.hub), told(other)] == [network, ["hub_coordinator@example.org"], network]
    make.duty(cast.editor, NetworkDuty.HUB_COORDINATOR, other, from_on=day(1))
    make.duty(cast.translator, NetworkDuty.HUB_COORDINATOR, other, until_on=day(-1))
    assert told(other) == network
    make.duty(cast.outsider, NetworkDuty.HUB_COORDINATOR, other)
    assert told(other) == ["outsider@example.org"]
    User.objects.filter(person=cast.outsider).update(is_active=False)
    assert told(other) == network
    make.user("admin@example.org", is_superuser=True)
    make.user("gone@example.org", is_superuser=True, is_active=False)
    make.duty(cast.participant, NetworkDuty.COORDINATOR, until_on=day(-1))
    assert told() == ["admin@example.org", "coordinator@example.org"]


def test_forms_of_posts_and_duties_foresee_what_the_actions_refuse(cast: Cast) -> None:
    who = {"name": "K", "email": "kwale_focal_point@example.org", "language": "en", "once": "a"}
    sent = who | {"role": "focal-point", "since": ""}

    def post(**changed: str) -> Any:
        form = PostForm(sent | changed, organisation=cast.kwale.organisation)
        form.is_valid()
        return form.errors or form.foresee()

    assert [post(), post(role="head"), post(email="new@example.org")] == [
        {"email": HOLDS},
        {"email": ""},
        {"email": ""},
    ]
    assert [list(post(**one)) for one in ({"since": "by 2021"}, {"since": "2190-01-01"})] == [["since"], ["since"]]
    assert PostForm(sent | {"role": ""}, organisation=cast.kwale.organisation).errors.keys() == {"role"}
    duties = who | {"email": "editor@example.org", "duty": "editor", "hub": "", "from_on": day(0).isoformat()}

    def duty(**changed: Any) -> Any:
        form = DutyForm(duties | changed, hubs=[cast.hub], none="None")
        form.is_valid()
        return {name: list(found) for name, found in form.errors.items()} or form.foresee()

    one = ["Only a hub coordinator’s duty is for one hub."]
    assert [duty(), duty(email="new@example.org")] == [{"email": HOLDS}, {"email": ""}]
    assert [duty(hub=cast.hub.pk), list(duty(duty="hub-coordinator"))] == [{"hub": one}, ["hub"]]
    assert duty(duty="hub-coordinator", hub=cast.hub.pk) == {"email": ""}


# ── One's own data ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_consents_are_kept_as_they_were_worded_and_when(cast: Cast) -> None:
    who = cast.outsider
    asked = {"offered": ["news", "named"]}
    assert keep_consents(who, **asked, given=["news", "directory"]) == ["news"]
    assert keep_consents(who, **asked, given=["news"]) == []
    first = Consent.objects.get()
    assert (first.person, first.purpose, first.withdrawn_at, len(first.wording) > 9) == (who, "news", None, True)
    form = ConsentForm(person=who, purposes=["news", "named"])
    assert [(row["field"].name, row["since"], row["field"].value()) for row in form.rows] == [
        ("news", first.given_at, True), ("named", None, False),
    ]  # fmt: skip
    assert keep_consents(who, offered=["named"], given=[]) == []
    assert keep_consents(who, **asked, given=["named"]) == ["news", "named"]
    assert [(one.purpose, one.withdrawn_at is None) for one in Consent.objects.order_by("pk")] == [
        ("news", False), ("named", True),
    ]  # fmt: skip
    sent = ConsentForm({"news": "on"}, person=who, purposes=["news", "named"])
    assert (sent.is_valid(), sent.given, [row["since"] is None for row in sent.rows]) == (True, ["news"], [True, False])
    Person.objects.filter(pk=who.pk).update(erased_at=timezone.now())
    with pytest.raises(PermissionDenied):
        keep_consents(who, **asked, given=[])


def test_who_was_erased_is_erased_again_and_nobody_else(cast: Cast) -> None:
    gone = Person.objects.create(name="", erased_at=timezone.now())
    when = gone.erased_at
    erase_again([cast.outsider.pk, gone.pk])
    assert set(Person.objects.filter(erased_at__isnull=False)) == {cast.outsider, gone}
    gone.refresh_from_db()
    assert gone.erased_at == when
    list_erased()
    listed = {one.person for one in read_erased(settings.DATA / NAME)}
    assert (gone.pk in listed, cast.outsider.pk in listed, cast.editor.pk in listed) == (True, True, False)


# ── Words and places in the addresses ───────────────────────────────────────────────────────────────────────────────────


def test_a_word_is_added_last_under_a_name_of_its_own(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    Theme.objects.all().delete()
    first: Any
    second: Any
    first, second = (add_word(Theme(), by=by, names={"en": name}) for name in ("Water", "Fire"))
    assert [(one.position, one.slug, one.name) for one in (first, second)] == [
        (1, "water", "Water"),
        (2, "fire", "Fire"),
    ]
    twice = {"en": ["There is already one with this name."]}
    assert faults(lambda: add_word(Theme(), by=by, names={"en": "WATER"})) == twice
    assert add_word(Driver(language="fr"), by=by, names={"fr": "Eau", "en": ""}).slug == "eau"
    retire_word(first, by=by, retired=True)
    assert Theme.objects.get(pk=first.pk).retired
    make.lesson(themes=[first])
    assert faults(lambda: remove_word(first, by=by)) == ["It is in use, so it cannot be deleted."]
    remove_word(second, by=by)
    assert list(Theme.objects.all()) == [first]


def test_places_in_the_addresses_are_free_and_say_which_one_it_is() -> None:
    for slug in ("athens", "amani"):
        make.organisation(slug=slug)
    asked = [
        slug_for("Athens", country="US", subdivision="US-OH"),
        slug_for("Athens", country="GR"),
        slug_for("Sparta", country="GR"),
    ]
    assert asked == ["athens-us-oh", "athens-gr", "sparta"]
    assert [slug_for("Amani"), slug_for("New"), slug_for("ﷺ?", country="KE")[:15]] == [
        "amani-2",
        "new-2",
        "organisation-ke",
    ]
    assert Organisation.objects.count() == 2
