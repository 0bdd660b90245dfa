"""What higher apps attach to events and sessions, without this app importing them. They register in `AppConfig.ready()`.

The newsroom tells the reading pages where an event's report can be read; lessons, commitments and the newsroom see to it that
nothing that was made of an event, a session or a lesson is shown wider than it once its mode is narrowed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from jirani.core.registry import layer_of

#: (event, user, language) → address of the published report that the user may see, or "".
type_report = Callable[[Any, Any, str], str]
_reports: list[type_report] = []


def register_report(find: type_report) -> None:
    """Register a function that finds where an event's report can be read."""
    _reports.append(find)


def report_address(event: Any, user: Any, language: str) -> str:
    """Return the address of the event's report; "" if there is none that the user may see."""
    return next((address for find in _reports if (address := find(event, user, language))), "")


@dataclass(frozen=True, slots=True)
class Written:
    """A report that has been begun: where the event's people continue it, and whether it is published."""

    address: str
    live: bool


#: (event, language) → what has been written of the event, in that language if there is.
type_written = Callable[[Any, str], Written | None]
_writings: list[type_written] = []


def register_writing(find: type_written) -> None:
    """Let `find` say whether a report of an event has been begun."""
    _writings.append(find)


def written_report(event: Any, language: str) -> Written | None:
    """The report of the event that has been begun, published or not; None if nobody has."""
    return next((written for find in _writings if (written := find(event, language))), None)


#: Whether somebody has said something by a link that was sent to their address.
type_word = Callable[[Any], bool]
_words: list[type_word] = []


def register_word(spoke: type_word) -> None:
    """Let `spoke` say whether a person has spoken in another app."""
    _words.append(spoke)


def has_word(person: Any) -> bool:
    """Whether the person has spoken in any app above this one."""
    return any(spoke(person) for spoke in _words)


#: What an app makes of a shared record, by the record's label ("events.event"): what narrowing it to a mode would do, in sentences,
#: and the narrowing itself, called once the record is saved, in the same transaction.
type_foresight = Callable[[Any, str], Iterable[str]]
type_following = Callable[[Any, Any], None]
_followers: dict[str, list[tuple[type_foresight, type_following]]] = {}


def register_follower(source: str, *, foresee: type_foresight, follow: type_following) -> None:
    """Let `follow(record, by)` see to it that nothing is shown wider than the narrowed `record` of the model `source`."""
    _followers.setdefault(source, []).append((foresee, follow))


def _followers_of(record: Any) -> list[tuple[type_foresight, type_following]]:
    """Return the followers of lower apps first: their sentences are read in this order, and narrowing goes on from
    lessons to what was made from them.
    """
    return sorted(_followers.get(record._meta.label_lower, []), key=lambda pair: layer_of(pair[1]))


def what_would_follow(record: Any, access: str) -> list[str]:
    """Return what else would be narrowed or removed if the record's mode became `access`, a sentence each."""
    return [sentence for foresee, _follow in _followers_of(record) for sentence in foresee(record, access)]


def narrow_what_follows(record: Any, *, by: Any) -> None:
    """Narrow all that was made of a record which has just been narrowed. Belongs in the transaction that narrows it."""
    for _foresee, follow in _followers_of(record):
        follow(record, by)
