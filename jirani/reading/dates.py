"""When something was made, was observed, or is meant to last, as exactly as it is known."""

from datetime import date

from django.utils.translation import gettext, pgettext

from jirani.commitments.models import Commitment, Outcome
from jirani.core.enums import Precision
from jirani.plans.models import ActionPlan
from jirani.ui.text import day, first_day, last_day, partial, to_the_day


def made_words(commitment: Commitment) -> str:
    """Say when a commitment was made, as exactly as that is known; "" if it is not."""
    if commitment.made_on is None:
        return ""
    made = _near(commitment.made_on, commitment.made_precision)
    if to_the_day(commitment.made_precision):
        return gettext("Made on %(day)s") % {"day": made}
    return pgettext("a month or year", "Made in %(date)s") % {"date": made}


def observed_words(outcome: Outcome) -> str:
    """Say when an outcome was observed, as exactly as that is known; "" if it is not."""
    if outcome.observed_on is None:
        return ""
    seen = _near(outcome.observed_on, outcome.observed_precision)
    if to_the_day(outcome.observed_precision):
        return gettext("Observed on %(day)s") % {"day": seen}
    return pgettext("a month or year", "Observed in %(date)s") % {"date": seen}


def _near(value: date, precision: str) -> str:
    """Write a date as exactly as it is known; a day of this year without its year."""
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
