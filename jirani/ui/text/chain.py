"""The chain's seven links and what each says while it is empty; and the links of a good practice that grew from an outcome."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

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
#: From what a good practice grew, before its other links, and what grew from an outcome, after them: only where there is such a thing.
GROWTH = ("commitment", "outcome", "practice")
#: Where a lesson was told. One that grew from an outcome need not have been told anywhere.
ROOM = ("event", "session", "notes")
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

    `illustrative` marks a title that stands for what was made up.
    """

    kind: str
    words: "StrOrPromise" = ""
    url: str = ""
    illustrative: bool = False
    present: bool = False

    @property
    def name(self) -> "StrOrPromise":
        """What the link is called."""
        return NAMES[self.kind]

    @property
    def empty(self) -> "StrOrPromise":
        """What would fill the link, or "" if it is filled."""
        return "" if self.words or self.present else EMPTY[self.kind]


def chain_link(
    kind: str, words: "StrOrPromise" = "", url: str = "", illustrative: bool = False, *, present: bool = False
) -> ChainLink:
    """A link of the chain; raises KeyError for a kind that is none of these."""
    NAMES[kind]
    return ChainLink(kind, words, url, illustrative, present)
