"""Tags of the reading pages: links to organisations, a plan's period, how a longer text came to its language."""

from django import template
from django.utils.safestring import SafeString

from jirani.commitments.models import Commitment, Outcome
from jirani.members.models import Organisation
from jirani.plans.models import ActionPlan
from jirani.reading.dates import made_words, observed_words, period_words
from jirani.reading.links import organisation_link
from jirani.translation.models import TranslatableModel
from jirani.translation.templatetags.records import provenance
from jirani.ui.text import join

register = template.Library()


@register.simple_tag
def body(organisation: Organisation) -> SafeString:
    """An organisation's name, leading to its page."""
    return organisation_link(organisation)


@register.simple_tag
def bodies(organisations: list[Organisation]) -> SafeString:
    """Several organisations' names as a list in a sentence, each leading to its page."""
    return SafeString(join(organisation_link(each) for each in organisations))


@register.filter
def period(plan: ActionPlan) -> str:
    """`{{ plan|period }}`: "From May 2022 until April 2023"."""
    return period_words(plan)


@register.filter
def made(commitment: Commitment) -> str:
    """`{{ commitment|made }}`: "Made in May 2022"."""
    return made_words(commitment)


@register.filter
def observed(outcome: Outcome) -> str:
    """`{{ outcome|observed }}`: "Observed in May 2022"."""
    return observed_words(outcome)


@register.inclusion_tag("ui/components/provenance.html")
def apart(record: TranslatableModel, field: str) -> dict[str, str]:
    """Say, above a longer text, how it was translated, if that differs from the record's title."""
    own, first = provenance(record, field), provenance(record)
    return own if getattr(record, field) and own != first else {}
