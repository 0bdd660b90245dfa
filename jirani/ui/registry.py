"""What a higher app tells the front page without the page's app knowing it.

The newsroom registers in `AppConfig.ready()` what was published lately.
"""

from collections.abc import Callable
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


#: (user, language, number) → the latest that the user may see, each in `language` where it is there.
type_stories = Callable[[Any, str, int], list[Story]]
_stories: list[type_stories] = []


def register_stories(find: type_stories) -> None:
    """Let `find` say what was published lately."""
    _stories.append(find)


def latest_stories(user: Any, language: str, number: int) -> list[Story]:
    """What was published lately, as far as the user may see it."""
    found = [story for find in _stories for story in find(user, language, number)]
    return sorted(found, key=lambda story: story.published_on, reverse=True)[:number]
