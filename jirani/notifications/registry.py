"""What higher apps register in `AppConfig.ready()`.

Jobs are what the worker looks at once an hour: messages that a day brings about, such as a question that falls due. A job is told
which day it is, is run by every worker, and sees itself to it that nobody is written to twice.

Alerts are what the network's coordinators must know: each kind says its sentence and leads to a page. Who coordinates is known to
a higher app too.

Letters: each kind that tells of records says whether one may still be sent. It is asked once more before each attempt.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

type_job = Callable[[date], int]
_jobs: dict[str, type_job] = {}


def register_job(name: str, job: type_job) -> None:
    """Let the worker call `job(today)`."""
    _jobs[name] = job


def jobs() -> dict[str, type_job]:
    """The registered jobs by name."""
    return dict(_jobs)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody with an account: the address and language in which they are written to."""

    to: str
    language: str
    user: Any


#: Whether a message may still be sent.
type_stands = Callable[[Any], bool]
#: What follows for the messages that were not sent because they do not stand any more.
type_unsent = Callable[[Sequence[Any]], None]


@dataclass(frozen=True, slots=True)
class LetterKind:
    """How letters of one kind are checked before they are sent, and what follows if one is not sent."""

    stands: type_stands
    unsent: type_unsent


_letters: dict[str, LetterKind] = {}


def register_letters(stands: Mapping[str, type_stands], *, unsent: type_unsent = lambda messages: None) -> None:
    """Let letters of these kinds be sent only if they stand at that moment."""
    _letters.update({kind: LetterKind(one, unsent) for kind, one in stands.items()})


def letters() -> dict[str, LetterKind]:
    """What was registered, by kind."""
    return dict(_letters)


type_records = Callable[[Sequence[dict[str, Any]]], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class AlertKind:
    """How alerts of one kind are told, in the reader's language: a sentence, and the address of a page (or an empty one). A kind that
    may concern several records also has a sentence for many, and the name and address of each record that still exists.
    """

    sentence: Callable[[dict[str, Any]], str]
    link: Callable[[dict[str, Any]], str]
    together: Callable[[int], str] | None = None
    records: type_records = lambda facts: []


_alerts: dict[str, AlertKind] = {}
_coordinators: list[Callable[[], Iterable["Addressee"]]] = []


def register_alert(
    kind: str,
    *,
    sentence: Callable[[dict[str, Any]], str],
    link: Callable[[dict[str, Any]], str] = lambda facts: "",
    together: Callable[[int], str] | None = None,
    records: type_records = lambda facts: [],
) -> None:
    """Let alerts of a kind be raised. The callables get facts, or how many there are, with the reader's language active."""
    _alerts[kind] = AlertKind(sentence, link, together, records)


def alert_kind(kind: str) -> AlertKind:
    """How alerts of a kind are told. Raises KeyError for one that nobody registered."""
    return _alerts[kind]


def register_coordinators(find: Callable[[], Iterable[Addressee]]) -> None:
    """Say whom alerts are written to."""
    _coordinators.append(find)


def coordinators() -> list[Addressee]:
    """Return the people to whom alerts are sent."""
    return [one for find in _coordinators for one in find()]
