"""What the reading pages say of a record in a sentence. Pure functions of records, no query."""

from collections.abc import Iterable

from django.utils.translation import gettext, pgettext

from jirani.core.enums import Precision
from jirani.members.enums import MembershipState
from jirani.members.models import Membership
from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel
from jirani.ui.text import day, month, partial


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
        return str(MembershipState(membership.state).label)
    return _since(membership)


def _since(membership: Membership) -> str:
    joined, precision = membership.joined_on, membership.joined_precision
    if joined is None or precision == Precision.UNKNOWN:
        return pgettext("local authority", "Member of the network")
    if precision in {Precision.BY, Precision.BY_MONTH}:
        known = day(joined, style="full") if precision == Precision.BY else month(joined)
        # Translators: the day of joining is not known, only that it was by then
        return gettext("Member since %(date)s or before") % {"date": known}
    return gettext("Member since %(date)s") % {"date": partial(joined, precision)}


def _left(membership: Membership) -> str:
    if membership.left_on is None or membership.left_precision == Precision.UNKNOWN:
        return gettext("Was a member")
    return gettext("Was a member until %(date)s") % {"date": partial(membership.left_on, membership.left_precision)}


def translation_notes(language: str, records: Iterable[TranslatableModel]) -> list[str]:
    """What a page with many texts says once about how they came to the reader's language. Needs attached translations."""
    states: set[str] = set()
    for record in records:
        if record.language != language:
            found = record.translation_of(record.translatable_fields[0], language)
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
