"""The chain from an event to what came of it: its seven links, and those of a good practice that grew from an outcome.

What each link says on a page, and while it is empty. Counts are of what this reader may see.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from jirani.commitments.models import Commitment, Outcome
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.plans.models import Activity
from jirani.translation.templatetags.records import text

from .links import address_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Characters of a link: what changed is told in sentences, and a title may hold 240.
LONGEST = 120

NAMES: dict[str, "StrOrPromise"] = {
    "commitment": _("Commitment"),
    "outcome": _("Outcome"),
    "event": _("Event"),
    "session": _("Session"),
    "notes": _("Notes"),
    "lesson": _("Lesson"),
    "commitments": _("Commitments"),
    "activities": _("Plan activities"),
    "outcomes": _("Outcomes"),
    "practice": _("Good practice"),
}
#: From what a good practice grew, before its other links, and what grew from an outcome, after them: shown only if there is such a thing.
GROWTH = ("commitment", "outcome", "practice")
#: Where a lesson was told. One that grew from an outcome need not have been told anywhere.
OCCASION = ("event", "session", "notes")
EMPTY: dict[str, "StrOrPromise"] = {
    "event": _("Not told at an event of the network."),
    "session": _("No session recorded yet."),
    "notes": _("Read by those who keep the record."),
    "lesson": _("No lesson has been written yet."),
    "commitments": _("No one has applied this yet. Would your city?"),
    "activities": _("Not in a plan yet. A commitment brings it there."),
    "outcomes": _("No outcome recorded yet. Evidence starts one."),
}


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link: `words` is its title or its count in words; `url` leads there; `empty` says what would fill it.

    `illustrative` marks the title of something made up. Raises KeyError for a kind that is not in the chain.
    """

    kind: str
    words: "StrOrPromise" = ""
    url: str = ""
    illustrative: bool = False
    present: bool = False

    def __post_init__(self) -> None:
        NAMES[self.kind]

    @property
    def name(self) -> "StrOrPromise":
        """What the link is called."""
        return NAMES[self.kind]

    @property
    def empty(self) -> "StrOrPromise":
        """What would fill the link, or "" if there is something."""
        return "" if self.words or self.present else EMPTY[self.kind]


def chain(here: str, *links: ChainLink) -> list[ChainLink]:
    """The links in their order; `here` is the kind of the page's own. One of the seven that is not given, or says nothing, is empty;
    with the outcome that a good practice grew from, none is left empty for an occasion on which it was not told.
    """
    given = {here: ChainLink(here), **{link.kind: link for link in links}}
    said = {link.kind for link in links if link.words}
    maybe = GROWTH + (OCCASION if "outcome" in said else ())
    shown = [kind for kind in NAMES if kind == here or kind not in maybe or kind in said]
    return [replace(given.get(kind, ChainLink(kind)), present=kind == here) for kind in shown]


def record_link(
    kind: str, record: Activity | Commitment | Event | Lesson | Outcome | Session, field: str = "title"
) -> ChainLink:
    """A record as a link: its title, its page, and whether it was made up."""
    return ChainLink(kind, text(record, field, limit=LONGEST), address_of(record), record.illustrative)
