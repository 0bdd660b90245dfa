"""Load the demo network: every file in order, in one transaction; a second load of the same files does nothing.

Files that changed since are not loaded by themselves: they would overwrite what guests changed, and bring back what they deleted.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.audit.models import Entry
from jirani.commitments.models import FollowUp
from jirani.members.models import Person

from ..enums import DEMO_ROLES, LOADED
from ..text import digest, read
from .nouns import FILES, Noun
from .pages import load_pages
from .people import give_account, with_address
from .records import BadData, Records

__all__ = ["BadData", "is_current", "is_loaded", "load"]


def is_loaded() -> bool:
    """Whether the demo network has been loaded, from these files or from former ones."""
    return Entry.objects.filter(verb=LOADED).exists()


def is_current() -> bool:
    """Whether the files as they are now have been loaded."""
    last = Entry.objects.filter(verb=LOADED).first()
    return last is not None and last.details.get("digest") == digest()


@transaction.atomic
def load() -> Counter[str]:
    """Load every file. Returns how many records of each model the files describe. Raises BadData."""
    records = Records()
    for name, nouns in FILES:
        content = read(name)
        _no_strangers(name, content, nouns)
        for table_name, noun in nouns.items():
            for table in content.get(table_name, []):
                _load_one(records, noun, table)
    records.write_texts()
    # Whoever may answer what fell due before the story is opened was told in it: the worker writes to nobody at once.
    FollowUp.objects.filter(due_on__lte=timezone.localdate(), reminded_on=None).update(reminded_on=F("due_on"))
    coordinator = User.objects.get(email=DEMO_ROLES["coordinator"].email)
    pages = read("newsroom")
    _no_strangers("newsroom", pages, ("article", "report"))
    records.counts["newsroom.NewsPage"] = load_pages(pages, records, by=coordinator)
    if not is_current():
        record(LOADED, coordinator, digest=digest())
    return records.counts


def _load_one(records: Records, noun: Noun, table: Mapping[str, Any]) -> None:
    if noun.model is not Person:
        records.load(noun, table)
        return
    person = records.load(noun, with_address(table))
    assert isinstance(person, Person)
    give_account(person, table["key"])


def _no_strangers(name: str, content: Mapping[str, Any], known: Collection[str]) -> None:
    strange = sorted(set(content) - set(known))
    if strange:
        raise BadData(f"{name}.toml has tables that nothing loads: {', '.join(strange)}.")
