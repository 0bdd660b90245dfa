"""A letter to several people: whom it goes to and what each of them reads can be seen before anything is sent.

Whoever causes one sees both on a page (`notifications/mailing.html`), and what they saw comes back with what they do
(`forms.MailingForm`): nobody is written to who was not shown, and nothing that was not shown.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .outbox import Letter, queue_latest, queue_letter


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of a letter, as far as its sender may know them. `key` identifies them; `to` is the address
    that is written to; `comes_for` is a name and the language it is in.
    """

    key: int
    name: str
    email: str
    language: str
    to: str
    user: Any = None
    comes_for: tuple[str, str] = ("", "")


class NotShown(ValidationError):
    """Raised if a letter would go to somebody who was not shown, or say something else. Nothing is done until `mailing` is looked at."""

    def __init__(self, mailing: "Mailing") -> None:
        self.mailing = mailing
        super().__init__(
            _("Nothing has been done yet. See who will be written to and what they will read, then confirm.")
        )


@dataclass(frozen=True)
class Mailing:
    """A letter of one kind to its recipients, for preview and for sending.

    `write` gives what a recipient gets, `sample` the same without what is theirs alone, for other eyes. With `about` a later
    letter replaces one that is still waiting (`queue_latest`).
    """

    kind: str
    recipients: Sequence[Recipient]
    write: Callable[[Recipient], Letter]
    sample: Callable[[Recipient], Letter]
    about: str = ""
    #: The records that a recipient's letter tells of, by their keys (`withdrawal.key_of`).
    records: Callable[[Recipient], Sequence[str]] = lambda to: ()

    @cached_property
    def samples(self) -> list[tuple[str, Recipient, Letter]]:
        """Return what the preview shows: each recipient with a stamp of their address and of what they will read."""
        found = []
        for one in self.recipients:
            letter = self.sample(one)
            print_ = sha256(repr((one.email, letter.language, letter.subject, letter.body)).encode()).hexdigest()
            found.append((f"{one.key}-{print_[:16]}", one, letter))
        return found

    @property
    def letters(self) -> list[tuple[Letter, int]]:
        """Return the letters to preview: one per language, as written to its first recipient, and how many get it."""
        first: dict[str, Letter] = {}
        for _stamp, _one, letter in self.samples:
            first.setdefault(letter.language, letter)
        written_in = [one.language for one in self.recipients]
        return [(letter, written_in.count(language)) for language, letter in first.items()]

    def send(self, shown: Collection[str] | None = None) -> int:
        """Queue a letter to each recipient. Returns how many. Raises NotShown unless the stamps of all are among those `shown`.

        None is for callers that have nobody to show it to: a command, the demo's story.
        """
        if shown is not None and not {stamp for stamp, _one, _letter in self.samples} <= set(shown):
            raise NotShown(self)
        for one in self.recipients:
            letter = self.write(one)
            if self.about:
                queue_latest(
                    self.kind, letter, to=one.to, about=self.about, recipient=one.user, records=self.records(one)
                )
            else:
                queue_letter(self.kind, letter, to=one.to, recipient=one.user, records=self.records(one))
        return len(self.recipients)
