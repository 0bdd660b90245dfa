"""What a higher app passes to the reading pages without their app importing it.

The newsroom registers in `AppConfig.ready()` what was published lately, and which of its pages machines may index.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Story:
    """Something to read: its title, the language that it is in, and how long reading takes."""

    title: str
    language: str
    url: str
    published_on: date
    minutes: int


#: (user, language, number) → the latest that the user may see, each in `language` if available.
type_stories = Callable[[Any, str, int], list[Story]]
_stories: list[type_stories] = []


def register_stories(find: type_stories) -> None:
    """Let `find` say what was published lately."""
    _stories.append(find)


def latest_stories(user: Any, language: str, number: int) -> list[Story]:
    """Return what was published lately and the user may see."""
    found = [story for find in _stories for story in find(user, language, number)]
    return sorted(found, key=lambda story: story.published_on, reverse=True)[:number]


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of public pages for the sitemap: its records (a queryset of those that a visitor may see), fields of each, and the
    addresses made of these.
    """

    kind: str
    records: Any
    fields: tuple[str, ...]
    addresses: Callable[..., Iterable[str]]


_listings: list[Callable[[], Listing]] = []


def register_listing(make: Callable[[], Listing]) -> None:
    """Let `make` say what else the sitemap holds."""
    _listings.append(make)


def listings() -> list[Listing]:
    """Return the listings that higher apps registered for the sitemap."""
    return [make() for make in _listings]
