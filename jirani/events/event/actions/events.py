"""Make an event, change it, show it to others, call it off."""

from collections.abc import Collection, Iterable
from copy import copy
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record, take_turns
from jirani.core.constraints import FIRST_DAY, YEARS_AHEAD
from jirani.core.enums import Precision, narrower_than, wider_than
from jirani.core.permissions import require
from jirani.core.text import active_language, random_slug
from jirani.events.enums import EventFormat, EventState, ParticipationState, SessionKind
from jirani.events.hours.actions import settle_programme
from jirani.events.letters.actions.changes import OF_EVENT, arrangements
from jirani.events.letters.actions.letters import (
    called_off,
    drop_waiting_changes,
    mailing_of_cancellation,
    tell_changes,
)
from jirani.events.models import Event
from jirani.events.permissions import can_edit_event
from jirani.events.registry import narrow_what_follows, written_report
from jirani.events.text import zone_of
from jirani.members.models import Person, standing_of
from jirani.members.permissions import coordinates
from jirani.taxonomy.models import Theme
from jirani.ui.text import day

#: By how many years an event that people know of may be moved: what is held a decade later is another one.
MOST_MOVED = 10


def what_is_missing(event: Event, *, unplaced: str | None = None) -> dict[str, str]:
    """Return, by field, what an event needs to be published. A draft is saved however incomplete.

    Of an event that is over nobody may know more than its title and its days. Of those to come, one in person needs a place, a virtual one a
    link, a hybrid one both; if people join from elsewhere, the hours need a time zone, and who visits something needs to know where it is.
    `unplaced` is the title of a site visit without a place, for a list that has asked for all of them already; "" if there is none.
    """
    missing: dict[str, str] = {}
    if not event.title:
        missing["title"] = _("Give it a title: the name that people will use for it.")
    if event.starts_on is None:
        missing["starts_on"] = _("Enter the first day, or say that the date is not known.")
    return missing if event.is_over else missing | _missing_to_come(event, unplaced)


def _missing_to_come(event: Event, unplaced: str | None) -> dict[str, str]:
    missing: dict[str, str] = {}
    online = event.format in (EventFormat.VIRTUAL, EventFormat.HYBRID)
    if event.format in (EventFormat.IN_PERSON, EventFormat.HYBRID) and not event.place:
        missing["place"] = _("Say where it takes place.")
    if event.format == EventFormat.HYBRID and not event.link:
        missing["link"] = _("A hybrid event has a place and a link to join. Add the link.")
    if event.format == EventFormat.VIRTUAL and not event.link:
        missing["link"] = _("Add the link that people use to join.")
    if online and not event.time_zone:
        missing["time_zone"] = _("Choose the time zone of the programme: people join from several.")
    if unplaced is None and event.pk:
        unplaced = event.sessions.filter(kind=SessionKind.SITE_VISIT, place="").values_list("title", flat=True).first()
    if unplaced:
        missing["sessions"] = _("Say what is visited in “%(session)s”, and where.") % {"session": unplaced}
    return missing


@transaction.atomic
def create_event(*, by: Any, themes: Iterable[Theme] = (), **facts: Any) -> Event:
    """Create a draft. `facts` are fields of Event. Raises ValidationError if one is wrong or missing."""
    require(coordinates(by))
    event = Event(**facts)
    _require_own_hub(by, event)
    name = f"{event.kind}-{event.starts_on.year}" if event.starts_on else event.kind
    event.slug = random_slug(event.title, fallback=name, length=100)
    _check(event)
    event.save()
    event.themes.set(themes)
    record("events.create", event, by=by)
    return event


@transaction.atomic
def change_event(
    event: Event,
    *,
    by: Any,
    version: str = "",
    shown: Collection[str] | None = None,
    themes: Iterable[Theme] | None = None,
    **facts: Any,
) -> Event:
    """Change an event's own facts and whatever depends on them. Raises ChangedMeanwhile if somebody saved after `version`,
    NotShown if its people would be told and were not `shown`.
    """
    require(can_edit_event(by, event))
    if "follow_up_of" in facts and not Event.objects.filter(pk=event.pk, follow_up_of=facts["follow_up_of"]).exists():
        take_turns(
            "event_in_no_circle"
        )  # before the event: two that would follow each other must not wait for one another
    locked = lock_unchanged(event, version)
    before, stood = copy(locked), arrangements(locked)
    for name, value in facts.items():
        setattr(locked, name, value)
    if faults := event_faults(locked, before, by=by):
        raise ValidationError(faults)
    _require_own_hub(by, locked)
    _check(locked, to_publish=locked.state == EventState.PUBLISHED)
    locked.sequence += any(getattr(locked, name) != getattr(before, name) for name in facts)
    locked.save(update_fields=[*facts, "sequence", "updated_at"])
    if themes is not None:
        locked.themes.set(themes)
    record("events.change", locked, by=by, fields=sorted(facts))
    _let_follow(locked, before, by=by)
    if any(getattr(locked, name) != getattr(before, name) for name in OF_EVENT):
        tell_changes(locked, stood, shown=shown)
    return locked


def _let_follow(event: Event, before: Event, *, by: Any) -> None:
    """Let the programme move with an event's days, and show nothing that was made of it wider than it."""
    if moved := _moved(event, before):
        event.sessions.exclude(held_on=None).update(held_on=F("held_on") + moved)
    if any(getattr(event, name) != getattr(before, name) for name in ("starts_on", "ends_on", "time_zone")):
        settle_programme(event)
    if event.access in narrower_than(before.access):
        event.sessions.filter(access__in=wider_than(event.access)).update(access=event.access)
        narrow_what_follows(event, by=by)


@transaction.atomic
def publish_event(event: Event, *, by: Any, version: str = "", shown: Collection[str] | None = None) -> Event:
    """Show an event to those whom its access mode names. Raises ValidationError for what it still needs.

    A cancelled event is held after all: its people are told. Raises NotShown if they were not `shown`.
    """
    require(can_edit_event(by, event))
    locked = lock_unchanged(event, version)
    if locked.state == EventState.PUBLISHED:
        return locked
    _check(locked, to_publish=True)
    again = called_off(locked) if locked.state == EventState.CANCELLED else None
    locked.state = EventState.PUBLISHED
    locked.sequence += 1
    locked.save(update_fields=["state", "sequence", "updated_at"])
    record("events.publish", locked, by=by, access=locked.access)
    if again:
        tell_changes(locked, again, shown=shown)
    return locked


@transaction.atomic
def cancel_event(event: Event, *, by: Any, version: str = "", shown: Collection[str] | None = None) -> Event:
    """Cancel an event and tell people who were invited and have not declined. Raises NotShown if they were not `shown`,
    ValidationError if it took place.
    """
    require(can_edit_event(by, event))
    locked = lock_unchanged(event, version)
    if locked.state == EventState.CANCELLED:
        return locked
    if fault := cancelling_fault(locked):
        raise ValidationError(fault)
    told = mailing_of_cancellation(locked)
    locked.told = called_off(locked)
    locked.state = EventState.CANCELLED
    locked.sequence += 1
    locked.save(update_fields=["state", "sequence", "told", "updated_at"])
    record("events.cancel", locked, by=by)
    drop_waiting_changes(locked)
    told.send(shown)
    return locked


def cancelling_fault(event: Event) -> str:
    """Return why an event cannot be cancelled, and what to do instead; "" if it can. It can on its first day until
    somebody is marked as present, and after its end if nobody was: people who were there must not read that it won't
    take place.
    """
    if event.reported_attendance or event.participations.filter(state=ParticipationState.ATTENDED).exists():
        return _("People were there, so it cannot be cancelled. If it ended early, change its last day.")
    if not event.title or event.starts_on is None:
        return _("Nobody knows of it yet: it stays a draft until it has a title and days.")
    today = timezone.localdate(timezone=zone_of(event.time_zone))
    known = event.state == EventState.PUBLISHED and event.date_precision == Precision.DAY
    if known and event.starts_on < today <= event.ends_on:
        return _(
            "It has begun, so it cannot be cancelled. If it ends early, change its last day, and its people will be told."
        )
    return ""


@transaction.atomic
def waive_report(event: Event, *, waived: bool, by: Any) -> Event:
    """Say that there will be no report of an event, so that nobody is asked for one; or that there may be one after all.

    Raises ValidationError if one has been begun.
    """
    require(can_edit_event(by, event))
    locked = lock_unchanged(event, "")
    if (locked.report_waived_at is not None) == waived:
        return locked
    if waived and written_report(locked, active_language()):
        raise ValidationError(_("A report has already been started: continue with it, or delete it first."))
    locked.report_waived_at = timezone.now() if waived else None
    locked.report_waived_by = Person.objects.filter(user=by).first() if waived else None
    locked.save(update_fields=["report_waived_at", "report_waived_by", "updated_at"])
    record("events.waive_report" if waived else "events.expect_report", locked, by=by)
    return locked


def _check(event: Event, *, to_publish: bool = False) -> None:
    """Raise ValidationError by field for what does not hold."""
    problems: dict[str, Any] = {}
    if not any(getattr(event, name) for name in event.translatable_fields):
        problems["title"] = [_("Write something first: its title, or a few words about it.")]
    try:
        event.full_clean()
    except ValidationError as error:
        problems |= error.error_dict
    if event.starts_on and event.ends_on and event.ends_on < event.starts_on:
        problems["ends_on"] = [_("The last day is before the first.")]
        problems.pop("__all__", None)
    problems |= event_faults(event)
    for name, reason in (what_is_missing(event) if to_publish else {}).items():
        problems.setdefault(name, [reason])
    if problems:
        raise ValidationError(problems)


def event_faults(event: Event, before: Event | None = None, *, by: Any = None) -> dict[str, list[str]]:
    """Return, by field, what is wrong with an event's days: they must be within a reasonable range of years and, if it existed `before`, not moved
    by decades once announced, nor behind what follows it, nor away from a session. What `by` may not see is not named.
    """
    if not event.starts_on:
        return _days_wanted(before) if before else {}
    latest = timezone.localdate().year + YEARS_AHEAD
    if not FIRST_DAY.year <= event.starts_on.year <= latest:
        words = _("Enter a day of a year from %(first)s to %(last)s.")
        return {"starts_on": [words % {"first": FIRST_DAY.year, "last": latest}]}
    if before is None:
        return {}
    known = before.starts_on is not None
    if known and before.state != EventState.DRAFT and abs(event.starts_on.year - before.starts_on.year) > MOST_MOVED:
        words = _("Enter a day within %(years)s years of %(day)s, or create another event.")
        return {"starts_on": [words % {"years": MOST_MOVED, "day": day(before.starts_on)}]}
    if (not known or event.starts_on > before.starts_on) and (late := _behind_what_follows(event, by)):
        return {"starts_on": [late]}
    return _left_outside(event, before)


def _days_wanted(event: Event) -> dict[str, list[str]]:
    """Return the fault if an event would be left without days although something hangs on them."""
    if event.state == EventState.DRAFT and not event.sessions.exists() and not event.participations.exists():
        return {}
    return {"starts_on": [_("Enter the first day, or say that the date is not known.")]}


def _behind_what_follows(event: Event, by: Any) -> str:
    """Return why this event's days don't fit: a follow-up of it would come before it. Days are compared if both are
    known to the day, otherwise years, as in the rule `event_follows_an_earlier`.
    """
    to_the_day = Q(date_precision=Precision.DAY) if event.date_precision == Precision.DAY else Q(pk__in=[])
    sooner = Q(to_the_day, starts_on__lt=event.starts_on) | Q(~to_the_day, starts_on__year__lt=event.starts_on.year)
    early = event.follow_ups.filter(sooner)
    if not early.exists():
        return ""
    if (seen := early.visible_to(by).first()) is None:
        return _("Enter an earlier day: another event follows this one.")
    return _("Enter a day no later than that of “%(event)s”, which follows this event.") % {"event": seen.title}


def _left_outside(event: Event, before: Event) -> dict[str, list[str]]:
    """Return the fault if, once the programme has moved along, a session would fall outside an event whose days are known."""
    days = (event.starts_on, event.ends_on)
    if days == (before.starts_on, before.ends_on) or None in days or event.date_precision != Precision.DAY:
        return {}
    first, last = (day - _moved(event, before) for day in days)
    outside = event.sessions.filter(Q(held_on__lt=first) | Q(held_on__gt=last)).first()
    if outside is None:
        return {}
    words = _("“%(session)s” would not fall within these days. Change its day first, or choose other days.")
    return {"ends_on": [words % {"session": outside.title}]}


def _moved(event: Event, before: Event) -> timedelta:
    """Return by how much the programme moves with the first day."""
    exact = event.date_precision == before.date_precision == Precision.DAY and event.starts_on and before.starts_on
    return event.starts_on - before.starts_on if exact else timedelta()


def _require_own_hub(by: Any, event: Event) -> None:
    """Require a hub that the user coordinates: they could not open an event of another one again."""
    standing = standing_of(by)
    if not standing.coordinator and event.hub_id not in standing.hubs:
        raise ValidationError({"hub": _("Choose a hub that you coordinate.")})
