"""A local authority's journey: everything on its page that has a date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jirani.members.enums import SHOWN_MEMBERSHIPS
from jirani.members.models import Membership
from jirani.reading.links import address_of
from jirani.translation.templatetags.records import text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a journey."""

    date: date
    precision: str
    words: SafeString | str
    url: str = ""
    source: str = ""
    illustrative: bool = False


def journey(memberships: list[Membership], parts: dict[str, list[Any]]) -> Iterator[Step]:
    """Everything on the page that has a date. Asked for by the template, after the texts are there."""
    for membership in memberships:
        yield from _steps_of(membership)
    for forum in parts["forums"]:
        words = format_html(gettext("Formed its forum: {name}"), name=text(forum, "name"))
        yield from _step(forum.formed_on, forum.formed_precision, words, forum, address_of(forum))
    for plan in parts["plans"]:
        words = format_html(gettext("Began its plan: {title}"), title=text(plan, "title"))
        yield from _step(plan.from_on, plan.from_precision, words, plan, address_of(plan))
    for event in parts["events"]:
        said = gettext("Took part: {title}") if event.is_over else gettext("Takes part: {title}")
        words = format_html(said, title=text(event, "title"))
        yield from _step(event.starts_on, event.date_precision, words, event, address_of(event))
    for outcome in parts["outcomes"]:
        words = text(outcome, "change")
        yield from _step(outcome.observed_on, outcome.observed_precision, words, outcome, address_of(outcome))
    for agreement in parts["agreements"]:
        words = format_html(gettext("Signed: {title}"), title=text(agreement, "title"))
        yield from _step(agreement.signed_on, agreement.signed_precision, words, agreement)


def _step(on: date | None, precision: str, words: SafeString | str, record: Any, address: str = "") -> Iterator[Step]:
    """Yield a step if the date is known; it links to the record's page if there is one."""
    if on:
        yield Step(on, precision, words, address, record.source_url, illustrative=record.illustrative)


def _steps_of(membership: Membership) -> Iterator[Step]:
    if membership.state in SHOWN_MEMBERSHIPS:
        yield from _step(membership.joined_on, membership.joined_precision, gettext("Joined the network"), membership)
        yield from _step(membership.left_on, membership.left_precision, gettext("Left the network"), membership)
