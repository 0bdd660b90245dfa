"""Personal data in commitments: its export, and its erasure, which leaves the promises."""

from typing import Any

from jirani.commitments.models import Commitment
from jirani.members.models import Person


def export_person(person: Person) -> dict[str, Any]:
    """Return the commitments that the person wrote."""
    written = Commitment.objects.filter(writer=person)
    return {"commitments_written": [{"title": row.title, "status": row.status} for row in written]}


def erase_person(person: Person) -> None:
    """The commitment stays with its organisation."""
    Commitment.objects.filter(writer=person).update(writer=None)
