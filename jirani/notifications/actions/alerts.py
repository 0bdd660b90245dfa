"""Tell the network's coordinators what they must know: on their desks while it holds, by a letter when it begins."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from jirani.notifications.models import Alert
from jirani.notifications.registry import Addressee, AlertKind, alert_kind, coordinators

from .outbox import given_up, queue_message

logger = logging.getLogger(__name__)

#: What ends and begins again within this time is told on the desk only, not by a second letter.
QUIET = timedelta(days=1)
#: That there are letters which no mail server took, that the clock has jumped, that the worker ends again and again, and that what is
#: due once a day fails again and again.
UNDELIVERED, CLOCK, WORKER, FAILING = (
    f"notifications.{kind}" for kind in ("undelivered", "clock", "worker", "failing")
)


@transaction.atomic
def raise_alert(kind: str, *, about: str = "", facts: dict[str, Any]) -> None:
    """Open the alert of a kind about something, or renew the facts of the one that is open. When it opens, coordinators get a letter.

    Facts hold what the sentence names, as JSON does, and nobody's name. Raises KeyError for a kind that nobody registered.
    """
    raise_alerts(kind, {about: facts})


@transaction.atomic
def raise_alerts(kind: str, all_facts: dict[str, dict[str, Any]]) -> None:
    """Like `raise_alert`, for several subjects at once: coordinators get one letter about all alerts that open."""
    told = alert_kind(kind)
    opened = [alert for about, facts in sorted(all_facts.items()) if (alert := _raise(kind, about, facts)) is not None]
    if opened:
        _tell(told, opened)


def _raise(kind: str, about: str, facts: dict[str, Any]) -> Alert | None:
    """The alert, if coordinators are to be written to of it."""
    # Made closed, then locked: of two who raise it at once, only the first finds it closed and writes to coordinators.
    Alert.objects.get_or_create(kind=kind, about=about, defaults={"facts": facts, "closed_at": timezone.now()})
    alert = Alert.objects.select_for_update().get(kind=kind, about=about)
    now, opens = timezone.now(), alert.closed_at is not None
    alert.facts = facts
    if opens:
        alert.opened_at, alert.closed_at = now, None
    tell = opens and (alert.told_at is None or alert.told_at < now - QUIET)
    if tell:
        alert.told_at = now
    alert.save(update_fields=["facts", "opened_at", "closed_at", "told_at"])
    return alert if tell else None


def _tell(kind: AlertKind, opened: list[Alert]) -> None:
    readers = coordinators()
    if not readers:
        logger.error("There is an alert (%s), and no coordinator to be told of it.", opened[0])
    for reader in readers:
        with override(reader.language):
            letters = _letters(kind, opened)
        for context in letters:
            _write(reader, context)


def _letters(kind: AlertKind, opened: list[Alert]) -> list[dict[str, str]]:
    """One letter for all of a kind, in the active language, if it has a sentence for many: their desks lead to each."""
    if kind.together is not None and len(opened) > 1:
        return [{"sentence": kind.together(len(opened)), "address": reverse("desk:desk_detail")}]
    return [{"sentence": kind.sentence(one.facts), "address": kind.link(one.facts)} for one in opened]


def _write(reader: Addressee, context: dict[str, str]) -> None:
    queue_message(
        "notifications.alert",
        to=reader.to,
        recipient=reader.user,
        language=reader.language,
        template="notifications/mail/alert",
        context=context,
    )


def clear_alert(kind: str, *, about: str = "") -> None:
    """Close the alert of a kind about something, if it is open: it is over."""
    Alert.objects.open().filter(kind=kind, about=about).update(closed_at=timezone.now())


@dataclass(frozen=True, slots=True)
class Told:
    """An open alert, or several of one kind, in the active language: since when, a sentence, the page that it leads to, and the records
    that it is about, each by its name and address.
    """

    since: datetime
    sentence: str
    address: str
    records: list[tuple[str, str]]


def told_alerts() -> list[Told]:
    """Return the open alerts, grouped by kind if the kind has a sentence for several. Kinds that are no longer registered are left out."""
    groups: dict[str, list[Alert]] = {}
    for alert in Alert.objects.open():
        groups.setdefault(alert.kind, []).append(alert)
    found: list[Told] = []
    for kind, alerts in groups.items():
        with suppress(KeyError):
            found += _told(alert_kind(kind), alerts)
    return found


def _told(kind: AlertKind, alerts: list[Alert]) -> list[Told]:
    if kind.together is None or len(alerts) == 1:
        return [
            Told(one.opened_at, kind.sentence(one.facts), kind.link(one.facts), kind.records([one.facts]))
            for one in alerts
        ]
    records = kind.records([one.facts for one in alerts])
    return [Told(alerts[0].opened_at, kind.together(len(alerts)), "", records)]


def tell_undelivered() -> None:
    """Raise or clear the alert about undeliverable letters, depending on their current state."""
    if given_up().exists():
        raise_alert(UNDELIVERED, facts={})
    else:
        clear_alert(UNDELIVERED)
