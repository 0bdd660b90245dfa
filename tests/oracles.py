"""Who may see what, said once more by hand, record by record.

The application asks the querysets alone: "may this user see that plan?" is whether the plan is in `visible_to(user)`. Here the same
is said independently of them, so that tests/test_permissions.py has two answers to compare, and the stage knows who may read a token.
Where the application itself asks about one record, its question stands in the app's `permissions.py` and is the other half.
"""

from typing import Any

from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, Evidence, FollowUp, Outcome
from jirani.commitments.permissions import can_edit_commitment, can_see_commitment
from jirani.core.permissions import pair, permission_pairs
from jirani.events.models import Participation
from jirani.events.permissions import can_edit_event
from jirani.forums.models import Decision, Forum, Meeting, Priority
from jirani.forums.permissions import can_edit_forum
from jirani.lessons.models import Note
from jirani.lessons.permissions import can_attribute_note, can_edit_note
from jirani.members.enums import ConsentPurpose, MembershipState, Sector
from jirani.members.models import Agreement, Grant, Membership, Person, standing_of
from jirani.members.permissions import can_edit_authority
from jirani.plans.enums import PlanState, Status
from jirani.plans.models import ActionPlan, Activity
from jirani.translation.models import Translation


@pair(Person, "visible_to")
def can_see_person(user: Any, person: Person) -> bool:
    """Themselves, coordinators, and people of the network if the person has agreed to be found."""
    standing = standing_of(user)
    if standing.coordinator or person.pk == standing.person:
        return True
    agreed = person.consents.filter(purpose=ConsentPurpose.DIRECTORY)
    return standing.in_network and any(consent.withdrawn_at is None for consent in agreed)


@pair(Membership, "visible_to")
def can_see_membership(user: Any, membership: Membership) -> bool:
    """Everybody, unless it is still being prepared: then those who coordinate the network or the authority's hub."""
    standing = standing_of(user)
    being_prepared = membership.state in (MembershipState.PROSPECT, MembershipState.INVITED)
    return not being_prepared or standing.coordinator or membership.authority.hub_id in standing.hubs


@pair(Agreement, "visible_to")
def can_see_agreement(user: Any, agreement: Agreement) -> bool:
    """By its mode; closed ones for its parties."""
    standing = standing_of(user)
    parties = {party.pk for party in agreement.parties.all()}
    return standing.coordinator or agreement.access in standing.modes or bool(parties & standing.organisations)


@pair(Grant, "visible_to")
def can_see_grant(user: Any, grant: Grant) -> bool:
    """By its mode; closed ones for whoever gives it."""
    standing = standing_of(user)
    return standing.coordinator or grant.access in standing.modes or grant.funder_id in standing.organisations


@pair(Participation, "visible_to")
def can_see_participation(user: Any, participation: Participation) -> bool:
    """Those who run the event, and the person themselves."""
    if can_edit_event(user, participation.event):
        return True
    return participation.person_id is not None and participation.person_id == standing_of(user).person


def sits_in(user: Any, forum: Forum) -> bool:
    """Whether the user or one of their organisations holds a seat today."""
    standing = standing_of(user)
    return any(
        (seat.person_id is not None and seat.person_id == standing.person)
        or seat.organisation_id in standing.organisations
        for seat in forum.seats.standing()
    )


@pair(Forum, "visible_to")
def can_see_forum(user: Any, forum: Forum) -> bool:
    """By its mode; those who sit in it and those who may edit it always."""
    standing = standing_of(user)
    if standing.coordinator or forum.access in standing.modes:
        return True
    return standing.person is not None and (sits_in(user, forum) or can_edit_forum(user, forum))


@pair(Meeting, "visible_to")
def can_see_meeting(user: Any, meeting: Meeting) -> bool:
    """By its mode, and never without the forum."""
    if not can_see_forum(user, meeting.forum):
        return False
    standing = standing_of(user)
    if standing.coordinator or meeting.access in standing.modes:
        return True
    return sits_in(user, meeting.forum) or can_edit_forum(user, meeting.forum)


@pair(Decision, "visible_to")
def can_see_decision(user: Any, decision: Decision) -> bool:
    """As its meeting."""
    return can_see_meeting(user, decision.meeting)


@pair(Priority, "visible_to")
def can_see_priority(user: Any, priority: Priority) -> bool:
    """By its mode; closed ones for those who speak for the authority or sit in the forum."""
    standing = standing_of(user)
    if standing.coordinator or priority.access in standing.modes:
        return True
    if standing.person is None:
        return False
    return can_edit_authority(user, priority.authority) or (
        priority.forum is not None and sits_in(user, priority.forum)
    )


@pair(ActionPlan, "visible_to")
def can_see_plan(user: Any, plan: ActionPlan) -> bool:
    """By its mode once adopted; before, those who may edit it and the forum's people."""
    standing = standing_of(user)
    if standing.coordinator or (plan.access in standing.modes and plan.state != PlanState.DRAFT):
        return True
    if standing.person is None:
        return False
    return can_edit_authority(user, plan.authority) or (plan.forum is not None and sits_in(user, plan.forum))


@pair(Activity, "visible_to")
def can_see_activity(user: Any, activity: Activity) -> bool:
    """As its plan."""
    return can_see_plan(user, activity.objective.pillar.plan)


@pair(Note, "visible_to")
def can_see_note(user: Any, note: Note) -> bool:
    """Its session's keepers, its speaker and its typist."""
    return can_attribute_note(user, note) or can_edit_note(user, note)


def _sees_inside(user: Any, commitment: Commitment, access: str) -> bool:
    standing = standing_of(user)
    return can_see_commitment(user, commitment) and (
        access in standing.modes
        or can_edit_commitment(user, commitment)
        or commitment.organisation_id in standing.organisations
    )


@pair(Outcome, "visible_to")
def can_see_outcome(user: Any, outcome: Outcome) -> bool:
    """By its mode, and never without its commitment."""
    return _sees_inside(user, outcome.commitment, outcome.access)


@pair(Evidence, "visible_to")
def can_see_evidence(user: Any, evidence: Evidence) -> bool:
    """By its mode, and never without its commitment and its outcome."""
    if evidence.outcome is not None and not can_see_outcome(user, evidence.outcome):
        return False
    return _sees_inside(user, evidence.commitment, evidence.access)


@pair(FollowUp, "answerable_by")
def may_answer(user: Any, follow_up: FollowUp) -> bool:
    """Its own side: government for government, civil society for civil society; coordinators where they were told."""
    standing, commitment = standing_of(user), follow_up.commitment
    if commitment.status == Status.DRAFT or not can_see_commitment(user, commitment):
        return False
    if standing.coordinator:
        return True
    government = {Sector.LOCAL_GOVERNMENT, Sector.NATIONAL_GOVERNMENT}
    sides = {
        supporter.sector in government
        for supporter in commitment.supporting.all()
        if supporter.pk in standing.organisations
    }
    if can_edit_commitment(user, commitment):
        sides.add(commitment.organisation.sector in government)
    authority = getattr(commitment.organisation, "authority", None)
    if authority is not None and Forum.objects.kept_by(user).filter(authority=authority).exists():
        sides.add(False)
    return standing.in_network and (follow_up.side == Side.GOVERNMENT) in sides


@pair(Translation, "visible_to")
def can_see_translation(user: Any, translation: Translation) -> bool:
    """Whoever may see the record that was translated."""
    return translation.record is not None and _can_see_texts(user, translation.record)


def _can_see_texts(user: Any, record: Any) -> bool:
    """By the record's own question, or that of the record with which it is shown."""
    for known in permission_pairs():
        if known.method == "visible_to" and isinstance(record, known.model):
            return known.question(user, record)
    above = getattr(record, record.seen_with) if record.seen_with else None
    return above is None or _can_see_texts(user, above)
