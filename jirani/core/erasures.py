"""Who was erased, in a file outside the database, so that restoring an older backup does not bring them back.

A line names a person by their number and the moment their row was made, both of which the erased row itself keeps: no name, no
address, nothing that leads to anybody who is not in the database. The number alone would not do: after a restore the database
gives the same numbers to other people.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

logger = logging.getLogger(__name__)

NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """One person: the number of their row, and when it was made (ISO 8601, UTC, to the microsecond)."""

    person: int
    created: str

    @classmethod
    def of(cls, person: int, created: datetime) -> "Erased":
        """Make one from a row's columns."""
        return cls(person, created.astimezone(UTC).isoformat(timespec="microseconds"))


def read_erased(path: Path) -> set[Erased]:
    """Everybody on a list; nobody if there is none. What a full disk or a power cut left of a last line counts for nothing: what was
    to be written there was not. Raises ValueError if the list is damaged elsewhere.
    """
    if not path.exists():
        return set()
    whole = path.read_bytes()[: _whole(path)].decode("utf-8", errors="replace")
    return {_read(line, path) for line in whole.splitlines() if line.strip()}


def _whole(path: Path) -> int:
    """How many bytes of a list are whole lines, the last of which may lack its end."""
    content = path.read_bytes()
    ends = content.rfind(b"\n") + 1
    try:
        _read(content[ends:].decode(), path)
    except ValueError:
        return ends
    return len(content)


def _read(line: str, path: Path) -> Erased:
    try:
        held = json.loads(line)
        return Erased(int(held["person"]), datetime.fromisoformat(held["created"]).isoformat(timespec="microseconds"))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged at “{line[:60]}”: correct that line, or delete it.") from error


def _cut(file: TextIO, path: Path) -> None:
    """Truncate the file after its last complete line, so that the next one starts on its own."""
    length, whole = path.stat().st_size, _whole(path)
    if whole < length:
        logger.warning("%s ended in half a line, which was cut off.", path)
        file.truncate(whole)
    elif length and not path.read_bytes().endswith(b"\n"):
        file.write("\n")


def add_erased(path: Path, people: Iterable[Erased]) -> None:
    """Put people on a list, each once, so that they are on the disk when this returns. Raises OSError and ValueError.

    The list is made for nobody, too: that it is missing then always means that it was lost.
    """
    wanted = set(people)
    if not wanted and path.exists():
        return
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        # The web, the worker and a command may each add somebody at the same moment.
        fcntl.flock(file, fcntl.LOCK_EX)
        _cut(file, path)
        file.writelines(
            json.dumps({"person": one.person, "created": one.created}) + "\n"
            for one in sorted(wanted - read_erased(path))
        )
        file.flush()
        os.fsync(file.fileno())
