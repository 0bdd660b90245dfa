"""Bringing rows in: all or none, with a dry run that does everything and takes it back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from .columns import MOST_FAULTS, Column, Fault, Row
from .reading import read_sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Change(StrEnum):
    """What a row did to its record."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell of a row that changes something: the title of its column, and the values before and after, as typed."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one row did, in words for the preview. `known` is the record's previous name, if it differs from the row's."""

    number: int
    name: str
    change: Change
    differences: tuple[Difference, ...] = ()
    known: str = ""
    #: What the row is about; of two rows about the same record the second is refused.
    record: Any = None

    @property
    def details(self) -> tuple[str, ...]:
        """The titles of the columns that change something."""
        return tuple(one.title for one in self.differences)


class BadRow(Exception):
    """A row that may not stay; `reasons` are (field, what was expected), an empty field for the row as a whole."""

    def __init__(self, reasons: Iterable[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__(str(self.reasons))


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of record that can come in a spreadsheet.

    `take(row, by)` brings one row in, within the caller's transaction, and says what changed; it raises BadRow.
    """

    kind: str
    title: "StrOrPromise"
    columns: Sequence[Column]
    take: Callable[[Row, Any], Result]


@dataclass(slots=True)
class Outcome:
    """What an import did or, in a dry run, would do. Nothing was saved if there are faults."""

    results: list[Result] = field(default_factory=list)
    #: The row that spoke of a record first.
    first: dict[Any, Result] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def count(self, change: Change) -> int:
        """How many rows came to that."""
        return sum(result.change == change for result in self.results)


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Make a kind of record known. Called in `AppConfig.ready()`."""
    _importers[importer.kind] = importer


def importer(kind: str) -> Importer:
    """The importer of a kind. Raises KeyError."""
    return _importers[kind]


def bring_in(importer: Importer, content: bytes, *, by: Any, dry_run: bool) -> Outcome:
    """Read a file and bring its rows in, all or none. A dry run does all of it and takes it back. Raises BadSheet."""
    reading = read_sheet(content, importer.columns)
    return bring_in_rows(importer, reading.rows, reading.faults, by=by, dry_run=dry_run)


def bring_in_rows(
    importer: Importer, rows: Iterable[Row], faults: Iterable[Fault] = (), *, by: Any, dry_run: bool
) -> Outcome:
    """Bring in rows that have been read, all or none. After MOST_FAULTS bad cells the rest is not looked at."""
    outcome = Outcome(faults=list(faults))
    with transaction.atomic():
        if dry_run:
            _take_no_turns()
        for row in rows:
            if len(outcome.faults) >= MOST_FAULTS:
                break
            _take(importer, row, by, outcome)
        if dry_run or outcome.faults:
            transaction.set_rollback(True)
    return outcome


def _take_no_turns() -> None:
    """A preview of thousands of rows would otherwise hold the turns (audit.actions.take_turns) of everybody who saves something like them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jirani.preview', 'on', true)")


def _take(importer: Importer, row: Row, by: Any, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            result = importer.take(row, by)
            _refuse_second(result, outcome)
            outcome.results.append(result)
    except BadRow as bad:
        titles = {column.name: str(column.title) for column in importer.columns}
        for name, expected in bad.reasons:
            value, letter = row.values.get(name, ""), row.letters.get(name, "")
            outcome.faults.append(Fault(row.number, titles.get(name, ""), letter, value, expected))


def _refuse_second(result: Result, outcome: Outcome) -> None:
    """Raises BadRow if an earlier row is about the same record: the later would win without a word."""
    if result.record is None:
        return
    first = outcome.first.setdefault(result.record, result)
    if first is not result:
        said = {"row": first.number, "name": first.name}
        raise BadRow([("name", _("Row %(row)s already says “%(name)s”. Keep one of the two.") % said)])
