"""A row of the desk: who, what, by when, and its one action."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString

from jirani.translation.models import TranslatableModel
from jirani.translation.templatetags.records import text

#: Rows of one kind; more than these are behind the pages that the rows lead to.
MOST = 5
#: How far ahead a due date needs somebody.
SOON = timedelta(days=60)

#: A record's text field, read in the reader's language once translations have been attached.
Text = tuple[TranslatableModel, str]


@dataclass(frozen=True, slots=True)
class Row:
    """`words` may hold `%(about)s`. It is `due` on a day, waits `since` one, or happened `on` one."""

    who: Text | str
    words: str
    about: Text | None
    url: str
    action: str = ""
    action_url: str = ""
    due: date | None = None
    since: date | None = None
    on: date | None = None
    #: Names and addresses of the records that it is about, if there are several.
    links: tuple[tuple[str, str], ...] = ()
    #: What a draft still needs, in sentences.
    missing: tuple[str, ...] = ()

    @property
    def records(self) -> list[TranslatableModel]:
        """The records whose text the row shows."""
        return [told[0] for told in (self.who, self.about) if isinstance(told, tuple)]

    def shown(self, today: date) -> dict[str, object]:
        """Return what the template shows."""
        return {
            "who": self.who if isinstance(self.who, str) else text(*self.who),
            "what": SafeString(escape(self.words) % {"about": text(*self.about) if self.about else ""}),
            "url": self.url,
            "due": self.due,
            "late": self.due is not None and self.due < today,
            "since": self.since,
            "on": self.on,
            "action": self.action,
            "action_url": self.action_url,
            "links": self.links,
            "missing": self.missing,
        }
