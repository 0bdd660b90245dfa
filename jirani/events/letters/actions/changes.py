"""Changes of an event and its programme, from what to what, in sentences for its people."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.core.enums import AccessMode
from jirani.events.enums import EventFormat
from jirani.events.hours.actions import SIDES, hours_in_words
from jirani.events.models import Event, Session
from jirani.translation.models import attach_translations
from jirani.ui.text import country, day, days, inserted, zone_name

#: Facts that people need to attend an event and find its sessions; invited people are told when one of them changes.
OF_EVENT = ("starts_on", "ends_on", "date_precision", "time_zone", "format", "place", "country", "link")
OF_SESSION = ("held_on", "starts_at", "ends_at", *SIDES, "place")

#: The state of an event and its programme at a time, in JSON form: facts of the event, and "sessions" by number.
type_arrangements = dict[str, Any]


def arrangements(event: Event) -> type_arrangements:
    """Return the current state."""
    facts = {name: getattr(event, name) for name in OF_EVENT}
    held = (*OF_SESSION, "title", "access")
    sessions = {str(one.pk): {name: getattr(one, name) for name in held} for one in event.sessions.all()}
    stands: type_arrangements = json.loads(json.dumps({**facts, "sessions": sessions}, cls=DjangoJSONEncoder))
    return stands


def changes(
    event: Event, before: type_arrangements, now: type_arrangements, *, language: str, inside: bool
) -> list[str]:
    """A sentence for each thing that changed, in this language. Who is not `inside` reads of public sessions only."""
    with override(language):
        found = [_("It takes place after all.")] if before.get("cancelled") else []
        return [*found, *_of_event(before, now), *_of_sessions(event, before, now, language, inside=inside)]


def _of_event(before: type_arrangements, now: type_arrangements) -> Iterator[str]:
    told: list[tuple[tuple[str, ...], str, Callable[[type_arrangements], str]]] = [
        (("starts_on", "ends_on", "date_precision"), _("Dates"), _dates),
        (("format",), _("How people take part"), lambda stood: str(EventFormat(stood["format"]).label)),
        (("place",), _("Place"), lambda stood: str(stood["place"])),
        (("country",), _("Country"), lambda stood: country(stood["country"]) if stood["country"] else ""),
        (("time_zone",), _("Time zone"), lambda stood: zone_name(stood["time_zone"]) if stood["time_zone"] else ""),
    ]
    for names, what, say in told:
        if any(before[name] != now[name] for name in names):
            yield _from_to(what, say(before), say(now))
    if before["link"] != now["link"]:
        yield _("The link to join has changed.") if now["link"] else _("There is no link to join any more.")


def _of_sessions(
    event: Event, before: type_arrangements, now: type_arrangements, language: str, *, inside: bool
) -> Iterator[str]:
    moved = _day(now["starts_on"]) - _day(before["starts_on"])
    stands, titles = now["sessions"], _titles(event, language)
    shift = [key for key, stood in before["sessions"].items() if key in stands and _is_moved(stood, stands[key], moved)]
    if moved and shift:
        yield _("The sessions move with the first day.")
    for key, stood in before["sessions"].items():
        goes_on = stands.get(key)
        if not inside and (stood["access"] != AccessMode.PUBLIC or event.access != AccessMode.PUBLIC):
            continue
        if goes_on is None:
            words = _("“%(session)s” is no longer in the programme (it was to be: %(before)s).")
            yield words % {"session": inserted(stood["title"]), "before": inserted(_stands(event, stood))}
        elif key not in shift and any(stood[name] != goes_on[name] for name in OF_SESSION):
            title = titles.get(key, goes_on["title"])
            yield _from_to(_("“%(session)s”") % {"session": title}, _stands(event, stood), _stands(event, goes_on))


def _is_moved(stood: dict[str, Any], stands: dict[str, Any], by: timedelta) -> bool:
    """Whether a session moved with its event and is otherwise unchanged."""
    if not by or not stood["held_on"] or not stands["held_on"]:
        return False
    same = all(stood[name] == stands[name] for name in OF_SESSION if name != "held_on")
    return same and _day(stands["held_on"]) - _day(stood["held_on"]) == by


def _titles(event: Event, language: str) -> dict[str, str]:
    sessions = list(event.sessions.all())
    attach_translations(language, sessions)
    return {str(one.pk): one.text_in("title", language)[0] for one in sessions}


def _stands(event: Event, facts: dict[str, Any]) -> str:
    """Day, hours and place of a session, as far as they are known."""
    fields: Any = Session._meta
    session = Session(event=event, **{name: fields.get_field(name).to_python(facts[name]) for name in OF_SESSION})
    on = day(session.held_on, style="full") if session.held_on else _("Day not yet known")
    return " · ".join(filter(None, (on, hours_in_words(session), session.place)))


def _dates(stood: type_arrangements) -> str:
    return days(_day(stood["starts_on"]), _day(stood["ends_on"]), stood["date_precision"], style="full")


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _from_to(what: str, before: str, now: str) -> str:
    said = {"what": inserted(what), "before": inserted(before), "now": inserted(now)}
    if not before:
        return _("%(what)s: %(now)s") % said
    if not now:
        return _("%(what)s: not known yet (before: %(before)s)") % said
    return _("%(what)s: %(now)s (before: %(before)s)") % said
