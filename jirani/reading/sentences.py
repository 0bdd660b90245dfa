"""What cities learned from each other, as sentences: "Kwale took up from Mombasa: rotate the seats…"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from jirani.commitments.models import Commitment
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from jirani.plans.enums import Status
from jirani.translation.templatetags.records import text
from jirani.ui.text import join

from .completion import HowFar, how_far
from .links import organisation_link
from .origins import origins_by_lesson
from .seen import seen

#: Names of authorities in one sentence; of more, two are named and the lesson's page has the rest.
ORIGINS = 3


@dataclass(frozen=True, slots=True)
class Learned:
    """A commitment with the lesson it carries out (None if the reader may not see it) and those who taught it."""

    commitment: Commitment
    lesson: Lesson | None = None
    origins: Sequence[Organisation] = ()
    applied: bool = False
    proven: bool = False

    @property
    def how_far(self) -> HowFar:
        """How far it got, as whoever made it says."""
        return how_far(self.commitment, proven=self.proven)

    @property
    def state(self) -> str:
        """ "taken-up", "applied" or "dropped"."""
        if self.commitment.status == Status.DROPPED:
            return "dropped"
        return "applied" if self.applied else "taken-up"

    @property
    def published_at(self) -> datetime | None:
        return self.commitment.published_at

    @property
    def records(self) -> list[Any]:
        """All records whose text the sentence contains."""
        return [self.commitment, self.commitment.organisation, self.lesson, *self.origins]

    @property
    def sentence(self) -> SafeString:
        """The whole sentence with its links, in the reader's language."""
        who = organisation_link(self.commitment.organisation)
        what = self._what()
        said = _CITY if self.commitment.organisation.sector == Sector.LOCAL_GOVERNMENT else _BODY
        words = said[self.state, bool(self.origins)]()
        return format_html(words, who=who, what=what, origins=self._origins() if self.origins else "")

    @property
    def taken_up(self) -> SafeString:
        """The same for the page of whoever took it up: what, and from whom."""
        if not self.origins:
            return self._what()
        # Translators: a lesson and those it was learned from
        return format_html(gettext("{what}, from {origins}"), what=self._what(), origins=self._origins())

    def _origins(self) -> SafeString:
        """Return those who taught it, as a list in a sentence."""
        named = self.origins if len(self.origins) <= ORIGINS else self.origins[: ORIGINS - 1]
        links: list[str] = [organisation_link(each) for each in named]
        if len(named) < len(self.origins):
            links.append(pgettext("local authorities that are not named", "others"))
        return mark_safe(join(links))  # noqa: S308  (links are escaped)

    def _what(self) -> SafeString:
        """Return the lesson in its words, or the commitment's if the reader may not see a lesson."""
        about, kind = (self.lesson, "lesson") if self.lesson else (self.commitment, "commitment")
        address = reverse(f"public:{kind}_detail", args=[about.pk])
        return format_html('<a href="{}">{}</a>', address, text(about, "title"))


#: By state, and whether those who taught it are named.
# Translators: {who} and {origins} are local authorities, {what} is a lesson as a sentence.
_CITY = {
    ("taken-up", True): lambda: gettext("{who} took up from {origins}: {what}"),
    ("applied", True): lambda: gettext("{who} applied what it learned from {origins}: {what}"),
    ("dropped", True): lambda: gettext("{who} dropped what it had taken up from {origins}: {what}"),
    ("taken-up", False): lambda: gettext("{who} took up: {what}"),
    ("applied", False): lambda: gettext("{who} applied: {what}"),
    ("dropped", False): lambda: gettext("{who} dropped: {what}"),
}
#: The same of any other body, whose name may be of any gender.
# Translators: {who} is an organisation of any gender, {origins} are local authorities, {what} is a lesson as a sentence.
_BODY = {
    ("taken-up", True): lambda: pgettext("any organisation", "{who} took up from {origins}: {what}"),
    ("applied", True): lambda: pgettext("any organisation", "{who} applied what it learned from {origins}: {what}"),
    ("dropped", True): lambda: pgettext(
        "any organisation", "{who} dropped what it had taken up from {origins}: {what}"
    ),
    ("taken-up", False): lambda: pgettext("any organisation", "{who} took up: {what}"),
    ("applied", False): lambda: pgettext("any organisation", "{who} applied: {what}"),
    ("dropped", False): lambda: pgettext("any organisation", "{who} dropped: {what}"),
}


def latest_learned(commitments: QuerySet[Commitment], user: Any, number: int) -> QuerySet[Commitment]:
    """The latest of commitments that the reader may see, with all that `learned` makes sentences of.

    They are chosen first and looked at then: PostgreSQL would otherwise look at all to be ready for any.
    """
    chosen = commitments.order_by("-published_at", "-id").values("pk")[:number]
    return (
        Commitment.objects.filter(pk__in=chosen)
        .select_related("organisation", "lesson")
        .with_applied(user)
        .with_proof(user)
        .annotate(lesson_seen=seen(Lesson.objects.visible_to(user).published(), "lesson_id"))
        .order_by("-published_at", "-id")
    )


def learned(commitments: Iterable[Any], user: Any) -> list[Learned]:
    """Commitments of `latest_learned` as sentences; one query."""
    rows = list(commitments)
    origins = origins_by_lesson({row.lesson_id for row in rows if row.lesson_seen}, user)
    return [
        Learned(
            row,
            row.lesson if row.lesson_seen else None,
            [each for each in origins[row.lesson_id or 0] if each != row.organisation],
            applied=row.is_applied,
            proven=row.proof is not None,
        )
        for row in rows
    ]
