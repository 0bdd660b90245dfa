"""What the reading pages say of a record in a sentence. Pure functions of records, no query."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.numbers import format_currency
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from jirani.commitments.models import Commitment, Outcome
from jirani.core.enums import Completion, Precision
from jirani.members.enums import MembershipState, Sector
from jirani.members.models import Membership, Organisation
from jirani.plans.models import ActionPlan, Activity
from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel
from jirani.translation.templatetags.records import text
from jirani.ui.text import ChainLink, alone, chain_link, day, first_day, last_day, number, partial, to_the_day
from jirani.ui.text.chain import GROWTH, ROOM
from jirani.ui.text.chain import NAMES as CHAIN_NAMES
from jirani.ui.text.locales import DIGITS, active

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def membership_words(membership: Membership | None) -> str:
    """Whether an authority is a member, and since when as exactly as it is known."""
    if membership is None:
        return gettext("Takes part without being a member")
    fact = _fact(membership)
    # Translators: %(fact)s is such as "Member since 2015"
    return gettext("%(fact)s (unconfirmed)") % {"fact": fact} if membership.unconfirmed else fact


def _fact(membership: Membership) -> str:
    if membership.state == MembershipState.LEFT:
        return _left(membership)
    if membership.state == MembershipState.PAUSED:
        return gettext("Membership paused")
    if membership.state != MembershipState.MEMBER:
        return alone(MembershipState(membership.state).label)
    return _since(membership)


def _since(membership: Membership) -> str:
    joined = first_day(membership.joined_on, membership.joined_precision)
    if not joined:
        return pgettext("local authority", "Member of the network")
    if to_the_day(membership.joined_precision):
        return pgettext("a day", "Member since %(date)s") % {"date": joined}
    return pgettext("a month or year", "Member since %(date)s") % {"date": joined}


def _left(membership: Membership) -> str:
    left = last_day(membership.left_on, membership.left_precision)
    if not left:
        return gettext("Was a member")
    if to_the_day(membership.left_precision):
        return pgettext("a day", "Was a member until %(date)s") % {"date": left}
    return pgettext("a month or year", "Was a member until %(date)s") % {"date": left}


def translation_notes(language: str, records: Iterable[TranslatableModel]) -> list[str]:
    """What a page with many texts says once about how they came to the reader's language. Needs attached translations."""
    states: set[str] = set()
    for record in records:
        field = record.translatable_fields[0]
        if record.language != language and getattr(record, field):
            found = record.translation_of(field, language)
            states.add(found.state if found else "original")
    said = {
        TranslationState.MACHINE.value: gettext(
            "Some texts on this page were translated by machine and not yet reviewed."
        ),
        TranslationState.DRAFTED.value: gettext(
            "Some texts on this page were translated and not yet checked by a native speaker."
        ),
        "original": gettext("Some texts on this page are shown in the language they were written in."),
    }
    return [sentence for state, sentence in said.items() if state in states]


# The chain: what each link says on a page of the spine. Counts are of what this reader may see.


@dataclass(frozen=True, slots=True)
class Reach:
    """How far something went: organisations that took it up, applied it, dropped it; those of them with a commitment that was not
    dropped (they may have dropped another); those of them that are no cities; and the records behind them."""

    organisations: int = 0
    applied: int = 0
    dropped: int = 0
    standing: int = 0
    others: int = 0
    commitments: int = 0
    activities: int = 0
    outcomes: int = 0

    @property
    def words(self) -> str:
        """ "taken up by 6 cities, applied by 4"."""
        return reach_words(self)


type_link = tuple["StrOrPromise", str] | tuple["StrOrPromise", str, bool]


def chain(here: str, **links: type_link) -> list[ChainLink]:
    """The links in their order; `here` is the page's own. One of the seven that is not given, or says nothing, is empty; with the
    outcome that a good practice grew from, none is left empty for a room in which it was not told.

    Each of `links` is its words (a title, or a count in words), its address and whether it was made up. Raises KeyError for a link that is none of the chain's.
    """
    for kind in (here, *links):
        CHAIN_NAMES[kind]
    maybe = GROWTH + (ROOM if "outcome" in links else ())
    shown = [kind for kind in CHAIN_NAMES if kind == here or kind not in maybe or links.get(kind, ("",))[0]]
    return [chain_link(kind, *links.get(kind, ("", "")), present=kind == here) for kind in shown]


def _counted(words: str, count: int) -> str:
    return words % {"count": number(count)} if count else ""


def figure(words: str, count: int) -> SafeString:
    """A count in words as `ui/components/figures.html` wants it; `words` hold {count} in <b>, or a word that says it (a dual)."""
    return format_html(words, count=number(count))


def events_words(count: int) -> str:
    """ "2 events"; "" for none, as in the others."""
    return _counted(ngettext("%(count)s event", "%(count)s events", count), count)


def sessions_words(count: int) -> str:
    """ "5 sessions"."""
    return _counted(ngettext("%(count)s session", "%(count)s sessions", count), count)


def notes_words(count: int) -> str:
    """ "12 notes"."""
    return _counted(ngettext("%(count)s note", "%(count)s notes", count), count)


def lessons_words(count: int) -> str:
    """ "8 lessons"."""
    return _counted(ngettext("%(count)s lesson", "%(count)s lessons", count), count)


def commitments_words(count: int) -> str:
    """ "2 commitments"."""
    return _counted(ngettext("%(count)s commitment", "%(count)s commitments", count), count)


def activities_words(count: int) -> str:
    """ "3 plan activities"."""
    return _counted(ngettext("%(count)s activity of a plan", "%(count)s activities of plans", count), count)


def outcomes_words(count: int) -> str:
    """ "2 outcomes"."""
    return _counted(ngettext("%(count)s outcome", "%(count)s outcomes", count), count)


def practices_words(count: int) -> str:
    """ "2 good practices"."""
    return _counted(ngettext("%(count)s good practice", "%(count)s good practices", count), count)


def reach_words(reach: Reach) -> str:
    """How many took it up and applied it, cities and others by their kind: "taken up by 6 cities and 1 other organisation, applied
    by 4 of them".
    """
    if not reach.organisations:
        return ""
    if reach.dropped == reach.organisations and not reach.standing:
        return _counted_by_kind(_DROPPED, reach)
    if reach.dropped:
        kept = replace(reach, dropped=0)
        return _part_of(reach, reach.dropped, _DROPPED_BY) % {
            "words": reach_words(kept),
            "count": number(reach.dropped),
        }
    if reach.applied == reach.organisations:
        return _counted_by_kind(_APPLIED, reach)
    words = _counted_by_kind(_TAKEN_UP, reach)
    if not reach.applied:
        return words
    return _part_of(reach, reach.applied, _APPLIED_BY) % {"words": words, "count": number(reach.applied)}


_type_count = Callable[[int], str]
#: What was done, by so many cities and by so many other organisations.
_TAKEN_UP: tuple[_type_count, _type_count] = (
    lambda n: ngettext("taken up by %(count)s city", "taken up by %(count)s cities", n),
    lambda n: ngettext("taken up by %(count)s organisation", "taken up by %(count)s organisations", n),
)
_APPLIED: tuple[_type_count, _type_count] = (
    lambda n: ngettext("applied by %(count)s city", "applied by %(count)s cities", n),
    lambda n: ngettext("applied by %(count)s organisation", "applied by %(count)s organisations", n),
)
_DROPPED: tuple[_type_count, _type_count] = (
    lambda n: ngettext("dropped by %(count)s city", "dropped by %(count)s cities", n),
    lambda n: ngettext("dropped by %(count)s organisation", "dropped by %(count)s organisations", n),
)
#: What some of those counted before did: where all are of one kind, and where they are of both.
_APPLIED_BY: tuple[_type_count, _type_count] = (
    # Translators: %(words)s is such as "taken up by 6 cities"; %(count)s of these
    lambda n: ngettext("%(words)s, applied by %(count)s", "%(words)s, applied by %(count)s", n),
    # Translators: %(words)s is such as "taken up by 6 cities and 1 other organisation"; %(count)s of all these
    lambda n: ngettext("%(words)s, applied by %(count)s of them", "%(words)s, applied by %(count)s of them", n),
)
_DROPPED_BY: tuple[_type_count, _type_count] = (
    lambda n: ngettext("%(words)s, dropped by %(count)s", "%(words)s, dropped by %(count)s", n),
    lambda n: ngettext("%(words)s, dropped by %(count)s of them", "%(words)s, dropped by %(count)s of them", n),
)


def _counted_by_kind(words: tuple[_type_count, _type_count], reach: Reach) -> str:
    cities = reach.organisations - reach.others
    if not cities:
        return _counted(words[1](reach.others), reach.others)
    said = _counted(words[0](cities), cities)
    if not reach.others:
        return said
    # Translators: %(words)s is such as "taken up by 6 cities" or "applied by 1 city"
    both = ngettext(
        "%(words)s and %(count)s other organisation", "%(words)s and %(count)s other organisations", reach.others
    )
    return both % {"words": said, "count": number(reach.others)}


def _part_of(reach: Reach, count: int, words: tuple[_type_count, _type_count]) -> str:
    return words[0 < reach.others < reach.organisations](count)


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far something got: a word of the Open Government Partnership, or "unsaid"; and what the page calls it."""

    code: str
    words: str


def how_far(record: Commitment | Activity, *, proven: bool) -> HowFar:
    """How far a commitment or an activity got, by the word of those who carry it out.

    `proven`: the page shows evidence of it. "No evidence available", which stands until somebody says another word, would deny that.
    """
    if proven and record.completion == Completion.NO_EVIDENCE:
        return HowFar("unsaid", unsaid())
    return HowFar(record.completion, str(record.get_completion_display()))


def unsaid() -> str:
    """What stands in the place of a word for how far something got."""
    return gettext("How far it got has not been said yet")


def organisation_address(organisation: Organisation) -> str:
    """The page of an organisation, a local authority's own if it is one; each leads to the other where that guess was wrong."""
    authority = organisation.sector == Sector.LOCAL_GOVERNMENT
    return reverse(f"public:{'authority' if authority else 'organisation'}_detail", args=[organisation.slug])


def organisation_link(organisation: Organisation) -> SafeString:
    """The organisation's name, leading to its page."""
    return format_html('<a href="{}">{}</a>', organisation_address(organisation), text(organisation, "name"))


def bars(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows of the component `bars`, from (name, count) or (name, count, address): `share` is in percent of the longest."""
    found = list(rows)
    longest = max((row[1] for row in found), default=0)
    return [
        {
            "name": alone(row[0]),
            "count": row[1],
            "share": round(100 * row[1] / longest),
            "url": row[2] if row[2:] else "",
        }
        for row in found
    ]


def budget_words(activity: Activity) -> str:
    """What an activity costs, as its locale writes money."""
    if activity.no_cost:
        return gettext("no cost")
    if activity.budget is None:
        return gettext("not stated")
    whole = activity.budget == activity.budget.to_integral_value()
    return format_currency(
        activity.budget,
        activity.currency,
        format="#,##0" if whole else "#,##0.00",
        locale=active(),
        currency_digits=False,
        format_type="name",
        numbering_system=DIGITS,
    )


def made_words(commitment: Commitment) -> str:
    """When a commitment was made, as exactly as it is known; "" if it is not."""
    if commitment.made_on is None:
        return ""
    made = _near(commitment.made_on, commitment.made_precision)
    if to_the_day(commitment.made_precision):
        return gettext("Made on %(day)s") % {"day": made}
    return pgettext("a month or year", "Made in %(date)s") % {"date": made}


def observed_words(outcome: Outcome) -> str:
    """When an outcome was observed, as exactly as it is known; "" if it is not."""
    if outcome.observed_on is None:
        return ""
    seen = _near(outcome.observed_on, outcome.observed_precision)
    if to_the_day(outcome.observed_precision):
        return gettext("Observed on %(day)s") % {"day": seen}
    return pgettext("a month or year", "Observed in %(date)s") % {"date": seen}


def _near(value: date, precision: str) -> str:
    """A date as exactly as it is known; a day of this year without its year."""
    return day(value) if precision == Precision.DAY else partial(value, precision)


def period_words(plan: ActionPlan) -> str:
    """The period of a plan, as exactly as it is known."""
    first, last = first_day(plan.from_on, plan.from_precision), last_day(plan.until_on, plan.until_precision)
    if first and last:
        return gettext("From %(first)s until %(last)s") % {"first": first, "last": last}
    if first and to_the_day(plan.from_precision):
        return pgettext("a day", "From %(first)s") % {"first": first}
    if first:
        return pgettext("a month or year", "From %(first)s") % {"first": first}
    if last and to_the_day(plan.until_precision):
        return pgettext("a day", "Until %(last)s") % {"last": last}
    return pgettext("a month or year", "Until %(last)s") % {"last": last} if last else gettext("Period not known")
