"""Every action of events, called straight: it refuses whoever may not, leaves everything as it was, and leaves the entry that it promises."""

import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from jirani import events
from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationRole, ParticipationState
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.members.enums import NetworkDuty
from jirani.members.models import Grant
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db


class Stage:
    """An event of the cast's hub that is still to come, a draft, and a record of each kind that actions change."""

    def __init__(self, cast: Cast, coming: Event) -> None:
        self.cast, self.coming, self.session = cast, coming, coming.sessions.get()
        self.draft = make.event("Draft", hub=cast.hub, place="Kwale", state=EventState.DRAFT)
        self.waived = make.event("No report", hub=cast.hub, report_waived_at=timezone.now())
        self.party = EventParty.objects.create(event=coming, organisation=cast.kwale.organisation, role="host")
        self.delegation = Delegation.objects.create(event=coming, authority=cast.kwale)
        self.donor = make.organisation("Donor")
        self.open, self.closed = (
            Grant.objects.create(programme="Programme", funder=self.donor, access=mode)
            for mode in (AccessMode.PUBLIC, AccessMode.CLOSED)
        )
        coming.grants.add(tied := Grant.objects.create(programme="Tied", funder=self.donor))
        self.tied = tied
        self.guest = make.participation(
            coming, make.person("Asha", email="asha@example.org", account=False), state="invited", nonce="asha"
        )
        self.listed = make.participation(coming, make.person("Badru", account=False), state=ParticipationState.INVITED)
        self.turned = make.participation(
            coming, (refuser := make.person("Chege")), state="declined", declined_from="confirmed", nonce="chege",
            turned_at=timezone.now() - timedelta(hours=1),
        )  # fmt: skip
        self.refuser = user_of(refuser)
        self.part = SessionPart.objects.create(
            session=self.session, participation=self.listed, role=ParticipationRole.SPEAKER
        )
        self.own = Participation.objects.get(person=cast.participant)
        self.elsewhere = make.person("Hub coordinator of another hub")
        make.duty(self.elsewhere, NetworkDuty.HUB_COORDINATOR, make.hub("Another hub"))
        #: Whoever runs another hub's events; somebody of the event itself; a visitor.
        self.strangers = [user_of(self.elsewhere), user_of(cast.participant), AnonymousUser()]
        make.participation(coming, cast.participant)
        self.user = user_of(cast.coordinator)
        self.kept = {name: (type(one), one.pk) for name, one in vars(self).items() if isinstance(one, Model)}

    def anew(self) -> "Stage":
        """The same stage with its records as they were: a call has changed them in memory, even if it was undone."""
        for name, (model, number) in self.kept.items():
            setattr(self, name, model._default_manager.filter(pk=number).first() or getattr(self, name))
        return self

    def facts(self, **more: Any) -> dict[str, Any]:
        on = {"starts_on": self.coming.starts_on, "ends_on": self.coming.ends_on}
        return (
            {"title": "New", "kind": "exchange", "format": "in-person", "access": "public", "hub": self.cast.hub}
            | on
            | more
        )


class Act(NamedTuple):
    """A call of an action as `by`, and its entries: verb, the record that it is about (None: a new one), details."""

    call: Callable[[Stage, Any], Any]
    entries: Callable[[Stage], list[tuple[str, Any, dict[str, Any]]]]
    #: Who may not; by default whoever does not run the event.
    refused: Callable[[Stage], list[Any]] = lambda at: at.strangers
    by: Callable[[Stage], Any] = lambda at: at.user


def not_running_any(at: Stage) -> list[Any]:
    return at.strangers[1:]


def hub_coordinator(at: Stage) -> list[Any]:
    return [user_of(at.cast.hub_coordinator)]


def entered(at: Stage) -> int:
    return at.coming.participations.order_by("-pk").values_list("pk", flat=True)[0]


def donor_added(at: Stage) -> tuple[str, Any, dict[str, Any]]:
    return "add_party", at.coming, {"organisation": at.donor.pk, "role": "donor"}


ACTS: dict[str, list[Act]] = {
    "create_event": [
        Act(lambda at, by: actions.create_event(by=by, **at.facts()), lambda at: [("create", None, {})], not_running_any)
    ],
    "change_event": [
        Act(
            lambda at, by: actions.change_event(at.coming, by=by, title="Other", summary="Of what"),
            lambda at: [("change", at.coming, {"fields": ["summary", "title"]})],
        )
    ],
    "publish_event": [
        Act(
            lambda at, by: actions.publish_event(at.draft, by=by),
            lambda at: [("publish", at.draft, {"access": "public"})],
        )
    ],
    "cancel_event": [
        Act(lambda at, by: actions.cancel_event(at.coming, by=by), lambda at: [("cancel", at.coming, {})])
    ],
    "waive_report": [
        Act(
            lambda at, by: actions.waive_report(at.coming, waived=True, by=by),
            lambda at: [("waive_report", at.coming, {})],
        ),
        Act(
            lambda at, by: actions.waive_report(at.waived, waived=False, by=by),
            lambda at: [("expect_report", at.waived, {})],
        ),
    ],
    "create_grant": [
        Act(
            lambda at, by: actions.create_grant(by=by, programme="P", funder=at.donor),
            lambda at: [("create_grant", None, {})],
            not_running_any,
        ),
        Act(
            lambda at, by: actions.create_grant(by=by, programme="P", funder=at.donor, access=AccessMode.CLOSED),
            lambda at: [("create_grant", None, {})],
            hub_coordinator,
        ),
    ],
    "tie_grant": [
        Act(
            lambda at, by: actions.tie_grant(at.coming, grant=at.open, by=by),
            lambda at: [("tie_grant", at.coming, {"grant": at.open.pk}), donor_added(at)],
        ),
        Act(
            lambda at, by: actions.tie_grant(at.coming, grant=at.closed, by=by),
            lambda at: [("tie_grant", at.coming, {"grant": at.closed.pk})],
            hub_coordinator,
        ),
        Act(lambda at, by: actions.tie_grant(at.coming, grant=at.tied, by=by), lambda at: [donor_added(at)]),
    ],
    "add_grant": [
        Act(
            lambda at, by: actions.add_grant(at.coming, grant=at.open, by=by),
            lambda at: [("tie_grant", at.coming, {"grant": at.open.pk}), donor_added(at)],
        )
    ],
    "untie_grant": [
        Act(
            lambda at, by: actions.untie_grant(at.coming, grant=at.tied, by=by),
            lambda at: [("untie_grant", at.coming, {"grant": at.tied.pk})],
        ),
        Act(lambda at, by: actions.untie_grant(at.coming, grant=at.open, by=by), lambda at: []),
    ],
    "add_party": [
        Act(
            lambda at, by: actions.add_party(at.coming, organisation=at.donor, role="donor", by=by),
            lambda at: [donor_added(at)],
        ),
        Act(
            lambda at, by: actions.add_party(at.coming, organisation=at.party.organisation, role="host", by=by),
            lambda at: [],
        ),
    ],
    "remove_party": [
        Act(
            lambda at, by: actions.remove_party(at.party, by=by),
            lambda at: [("remove_party", at.coming, {"organisation": at.party.organisation_id, "role": "host"})],
        )
    ],
    "add_delegations": [
        Act(
            lambda at, by: actions.add_delegations(at.coming, authorities=[at.cast.kwale, at.cast.mombasa], by=by),
            lambda at: [("add_delegations", at.coming, {"authorities": [at.cast.mombasa.pk]})],
        ),
        Act(lambda at, by: actions.add_delegations(at.coming, authorities=[at.cast.kwale], by=by), lambda at: []),
    ],
    "remove_delegation": [
        Act(
            lambda at, by: actions.remove_delegation(at.delegation, by=by),
            lambda at: [("remove_delegation", at.coming, {"authority": at.cast.kwale.pk})],
        )
    ],
    "add_session": [
        Act(
            lambda at, by: actions.add_session(at.coming, by=by, kind="panel", title="New"),
            lambda at: [("add_session", None, {})],
        )
    ],
    "change_session": [
        Act(
            lambda at, by: actions.change_session(at.session, by=by, title="Other", summary="Of what"),
            lambda at: [("change_session", at.session, {"fields": ["summary", "title"]})],
        )
    ],
    "delete_session": [
        Act(
            lambda at, by: actions.delete_session(at.session, by=by),
            lambda at: [("delete_session", at.coming, {"session": at.part.session_id})],
        )
    ],
    "add_part": [
        Act(
            lambda at, by: actions.add_part(at.session, participation=at.guest, role="speaker", by=by),
            lambda at: [("add_part", at.session, {"participation": at.guest.pk, "role": "speaker"})],
        ),
        Act(
            lambda at, by: actions.add_part(at.session, participation=at.listed, role="speaker", by=by), lambda at: []
        ),
    ],
    "remove_part": [
        Act(
            lambda at, by: actions.remove_part(at.part, by=by),
            lambda at: [("remove_part", at.session, {"participation": at.listed.pk, "role": "speaker"})],
        )
    ],
    "see_turned": [
        Act(
            lambda at, by: actions.see_turned(at.coming, until=timezone.now(), by=by),
            lambda at: [("see_answers", at.coming, {"participations": [at.turned.pk]})],
        )
    ],
    "add_participant": [
        Act(
            lambda at, by: actions.add_participant(at.coming, by=by, name="New", email="new@example.org", role="speaker"),
            lambda at: [("add_participant", at.coming, {"participation": entered(at), "role": "speaker"})],
        ),
        Act(
            lambda at, by: actions.add_participant(at.coming, by=by, name="X", email="asha@example.org", role="speaker"),
            lambda at: [],
        ),
    ],
    "add_participants": [
        Act(
            lambda at, by: actions.add_participants(at.coming, people=[{"name": "New", "role": "delegate"}], by=by),
            lambda at: [("add_participant", at.coming, {"participation": entered(at), "role": "delegate"})],
        )
    ],
    "change_participation": [
        Act(
            lambda at, by: actions.change_participation(at.guest, by=by, role="speaker", sector="health"),
            lambda at: [("change_participation", at.guest, {"fields": ["role", "sector"]})],
        )
    ],
    "invite": [
        Act(
            lambda at, by: actions.invite(at.coming, participations=[at.guest.pk, at.listed.pk], by=by),
            lambda at: [("invite", at.coming, {"participations": [at.listed.pk]})],
        ),
        Act(lambda at, by: actions.invite(at.coming, participations=[at.guest.pk], by=by), lambda at: []),
    ],
    "renew_invitation": [
        Act(lambda at, by: actions.renew_invitation(at.guest, by=by), lambda at: [("renew_invitation", at.guest, {})])
    ],
    "cancel_participation": [
        Act(
            lambda at, by: actions.cancel_participation(at.guest, by=by),
            lambda at: [("cancel_participation", at.guest, {})],
        )
    ],
    "mark_attended": [
        Act(
            lambda at, by: actions.mark_attended(at.cast.event, shown=[at.own.pk], present=[at.own.pk], by=by),
            lambda at: [("mark_attended", at.cast.event, {"present": [at.own.pk]})],
            lambda at: at.strangers,
        )
    ],
    "answer": [
        Act(
            lambda at, by: actions.answer(at.turned, comes=True, by=by),
            lambda at: [("accept", at.turned, {})],
            lambda at: [*at.strangers, at.user],
            lambda at: at.refuser,
        ),
        Act(
            lambda at, by: actions.answer(at.turned, comes=False, by=by),
            lambda at: [("decline", at.turned, {})],
            lambda at: [*at.strangers, at.user],
            lambda at: at.refuser,
        ),
        Act(
            lambda at, by: actions.answer(at.turned, comes=False, nonce="asha", by=by),
            lambda at: [("decline", at.turned, {})],
            lambda at: [*at.strangers, at.user],
            lambda at: at.refuser,
        ),
    ],
    "correct_guest": [
        Act(
            lambda at, by: actions.correct_guest(at.guest, by=by, name="Asha Mwinyi", language="en"),
            lambda at: [("correct_guest", at.guest, {"fields": ["name"]})],
        )
    ],
    "save_consents": [
        Act(
            lambda at, by: actions.save_consents(at.turned, offered=["news"], given=["news"], by=by),
            lambda at: [("members.give_consent", at.turned.person, {"purpose": "news"})],
            lambda at: [*at.strangers, at.user],
            lambda at: at.refuser,
        )
    ],
}  # fmt: skip
#: What the first call of each returns: a record, a number, or nothing.
GIVES: dict[str, Callable[[Stage], Any]] = {
    "create_event": lambda at: Event.objects.latest("pk"), "change_event": lambda at: at.coming,
    "publish_event": lambda at: at.draft, "cancel_event": lambda at: at.coming, "waive_report": lambda at: at.coming,
    "create_grant": lambda at: Grant.objects.latest("pk"), "tie_grant": lambda at: at.coming,
    "add_grant": lambda at: at.coming, "untie_grant": lambda at: None,
    "add_party": lambda at: EventParty.objects.latest("pk"), "remove_party": lambda at: None,
    "add_delegations": lambda at: [Delegation.objects.latest("pk")], "remove_delegation": lambda at: None,
    "add_session": lambda at: Session.objects.latest("pk"), "change_session": lambda at: at.session,
    "delete_session": lambda at: at.coming, "add_part": lambda at: SessionPart.objects.latest("pk"),
    "remove_part": lambda at: None, "see_turned": lambda at: at.coming,
    "add_participant": lambda at: (Participation.objects.latest("pk"), True), "add_participants": lambda at: 1,
    "change_participation": lambda at: at.guest, "invite": lambda at: 1, "renew_invitation": lambda at: at.guest,
    "cancel_participation": lambda at: at.guest, "mark_attended": lambda at: 1, "answer": lambda at: at.turned,
    "correct_guest": lambda at: ["name"], "save_consents": lambda at: ["news"],
}  # fmt: skip
#: What takes a user to ask what they may know, and what is the person's own.
READS = {"event_faults", "export_person", "erase_person"}


def acting() -> set[str]:
    """Return every public function of the app's actions that is done `by` somebody."""
    names = [one.name for one in pkgutil.walk_packages(events.__path__, "jirani.events.") if ".actions" in one.name]
    found = (inspect.getmembers(import_module(name), inspect.isfunction) for name in names)
    own = (one for pairs in found for one in pairs if one[1].__module__ in names and not one[0].startswith("_"))
    return {name for name, function in own if "by" in inspect.signature(function).parameters} - READS


def rows() -> dict[str, Any]:
    """Return everything that an action of events can change."""
    models: list[Any] = [
        Event, EventParty, Delegation, Participation, SessionPart, Grant, Message, Entry, Event.grants.through, *[
            one.related_model for one in Event._meta.related_objects if one.name in {"sessions", "removed_sessions"}
        ],
    ]  # fmt: skip
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def said() -> list[tuple[Any, ...]]:
    """Return the entries: verb, record, actor and details."""
    found = Entry.objects.order_by("pk").select_related("content_type")
    return [
        (one.verb.removeprefix("events."), one.content_type.model, one.object_id, one.actor_id, one.details)
        for one in found
    ]


def test_every_action_refuses_strangers_and_says_what_was_done(cast: Cast, coming: Event) -> None:
    assert set(ACTS) == acting(), "each action has its rows here"
    at = Stage(cast, coming)
    stood = rows()
    for name, act in [(name, act) for name, acts in ACTS.items() for act in acts]:
        for user in act.refused(at.anew()):
            with pytest.raises(PermissionDenied):
                act.call(at, user)
        assert rows() == stood, name
        with transaction.atomic():
            made = act.call(at.anew(), act.by(at))
            assert said() == [
                (verb, (about or made)._meta.model_name, (about or made).pk, act.by(at).pk, details)
                for verb, about, details in act.entries(at.anew())
            ], name
            assert act is not ACTS[name][0] or made == GIVES[name](at), name
            transaction.set_rollback(True)
