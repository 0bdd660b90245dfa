"""Who was erased, in a file outside the database, so that restoring an older backup does not bring them back.

A line names a person by their number and the moment their row was made, both of which the erased row itself keeps: no name, no
address, nothing that leads to anybody who is not in the database. The number alone would not do: after a restore the database
gives the same numbers to other people.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """One person: the number of their row, and when it was made (ISO 8601, UTC, to the microsecond)."""

    person: int
    created: str

    @classmethod
    def of(cls, person: int, created: datetime) -> "Erased":
        """From a row's columns."""
        return cls(person, created.astimezone(UTC).isoformat(timespec="microseconds"))


def read_erased(path: Path) -> set[Erased]:
    """Everybody on a list; nobody if there is none. Raises ValueError if the list is damaged."""
    if not path.exists():
        return set()
    return {_read(line, path) for line in path.read_text("utf-8").splitlines() if line.strip()}


def _read(line: str, path: Path) -> Erased:
    try:
        held = json.loads(line)
        return Erased(int(held["person"]), datetime.fromisoformat(held["created"]).isoformat(timespec="microseconds"))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged at “{line[:60]}”: correct that line, or delete it.") from error


def add_erased(path: Path, people: Iterable[Erased]) -> None:
    """Put people on a list, each once, so that they are on the disk when this returns. Raises OSError and ValueError."""
    wanted = set(people)
    if not wanted:
        return
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.writelines(
            json.dumps({"person": one.person, "created": one.created}) + "\n"
            for one in sorted(wanted - read_erased(path))
        )
        file.flush()
        os.fsync(file.fileno())
