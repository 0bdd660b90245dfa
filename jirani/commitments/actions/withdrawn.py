"""Letters that wait when a commitment is taken back, dropped or narrowed away from their reader, or when its question is answered."""

from collections.abc import Sequence

from jirani.changes.registry import Change, Kind
from jirani.commitments.models import Commitment, FollowUp
from jirani.commitments.permissions import can_see_commitment
from jirani.members.models import Organisation
from jirani.notifications.actions import clear_alert, delete_alerts, number_in, withdraw
from jirani.notifications.models import Alert, Message
from jirani.plans.enums import Status

from .reminders import DUE, NOBODY

TAKEN_UP = "commitments.taken_up"
#: Fields whose change lets a letter stand no longer.
_FIELDS = {"access", "status", "answered_on", "organisation"}


def follow(changes: Sequence[Change]) -> None:
    """Leave unsent what must no longer be told. If a letter asked about several follow-ups, the rest is asked again within the hour."""
    gone = [one for one in changes if one.kind == Kind.GONE]
    stirred = [*gone, *(one for one in changes if not one.fields.isdisjoint(_FIELDS))]
    withdraw(stirred, *STANDS)
    _close_alerts(gone)


def ask_again(unsent: Sequence[Message]) -> None:
    """Have the questions of letters that were not sent asked anew, as far as they are still open."""
    asked = [pk for one in unsent if one.kind == DUE for pk in _asked(one)]
    if asked:
        FollowUp.objects.filter(pk__in=asked).open().update(reminded_on=None)


def _close_alerts(gone: Sequence[Change]) -> None:
    """Close the alerts "nobody may answer" if their organisation, or the follow-up they link to, has been deleted."""
    bodies = [str(one.pk) for one in gone if one.model is Organisation]
    asked = [one.pk for one in gone if one.model is FollowUp]
    if bodies:
        delete_alerts(NOBODY, bodies)
    if asked:
        for alert in Alert.objects.open().filter(kind=NOBODY, facts__follow_up__in=asked):
            clear_alert(NOBODY, about=alert.about)


def _asked(message: Message) -> list[int]:
    return [int(key.rpartition(":")[2]) for key in message.records if key.startswith("commitments.followup:")]


def _is_due(message: Message) -> bool:
    """Whether its reader may still answer all that it asks."""
    asked = _asked(message)
    open_ = FollowUp.objects.open().filter(pk__in=asked, commitment__status=Status.OPEN)
    return open_.answerable_by(message.recipient).count() == len(asked)


def _is_seen(message: Message) -> bool:
    commitment = Commitment.objects.filter(pk=number_in(message, "commitments.commitment")).first()
    return (
        commitment is not None
        and commitment.status != Status.DRAFT
        and can_see_commitment(message.recipient, commitment)
    )


#: By kind, whether a letter may still be sent.
STANDS = {DUE: _is_due, TAKEN_UP: _is_seen}
