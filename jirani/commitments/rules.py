"""Rules between a commitment, the lesson that it applies, its plan and its results."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule
from jirani.core.enums import AccessMode


def _before_it_was_made(outcome: str, commitment: str) -> str:
    """Return SQL for an outcome observed before its commitment was made, as far as both days are known."""
    return f"""{commitment}.made_on > CASE {outcome}.observed_precision
        WHEN 'year' THEN (date_trunc('year', {outcome}.observed_on) + interval '1 year - 1 day')::date
        WHEN 'month' THEN (date_trunc('month', {outcome}.observed_on) + interval '1 month - 1 day')::date
        ELSE {outcome}.observed_on END"""


#: The access modes in the order in which fewer and fewer people see a record.
_FROM_THE_WIDEST = ", ".join(f"'{mode}'" for mode in AccessMode)


def _wider(table: str, key: str) -> str:
    """Return SQL that is true if more people may see a record than the one that it points at."""
    return f"""array_position(ARRAY[{_FROM_THE_WIDEST}]::varchar[], NEW.access)
      < (SELECT array_position(ARRAY[{_FROM_THE_WIDEST}]::varchar[], l.access)
        FROM {table} l WHERE l.id = NEW.{key})"""  # noqa: S608  (names of ours)


RULES = (
    Rule(
        "commitment_no_wider_than_lesson",
        "commitments.Commitment",
        ("lesson_id", "access"),
        _wider("lessons_lesson", "lesson_id"),
        _("Choose fewer people: a commitment is never shared more widely than the lesson it applies."),
        "access",
    ),
    Rule(
        "commitment_to_shown_lesson",
        "commitments.Commitment",
        ("lesson_id",),
        "EXISTS (SELECT FROM lessons_lesson l WHERE l.id = NEW.lesson_id AND l.state = 'draft')",
        _("Publish the lesson first: a draft cannot be applied."),
    ),
    Rule(
        "commitment_in_own_plan",
        "commitments.Commitment",
        ("organisation_id", "activity_id"),
        """(SELECT p.authority_id FROM plans_activity a JOIN plans_objective o ON o.id = a.objective_id
        JOIN plans_pillar i ON i.id = o.pillar_id JOIN plans_actionplan p ON p.id = i.plan_id WHERE a.id = NEW.activity_id)
      <> (SELECT c.id FROM members_localauthority c WHERE c.organisation_id = NEW.organisation_id)""",
        _("Choose an activity of its own plan: this one is in the plan of another city or county."),
        "activity",
    ),
    Rule(
        "evidence_of_own_outcome",
        "commitments.Evidence",
        ("commitment_id", "outcome_id"),
        "(SELECT o.commitment_id FROM commitments_outcome o WHERE o.id = NEW.outcome_id) <> NEW.commitment_id",
        _("Choose an outcome of the same commitment."),
        "outcome",
    ),
    Rule(
        "outcome_after_commitment",
        "commitments.Outcome",
        ("commitment_id", "observed_on", "observed_precision"),
        f"""EXISTS (SELECT FROM commitments_commitment c WHERE c.id = NEW.commitment_id
        AND {_before_it_was_made("NEW", "c")})""",
        _("Enter a day no earlier than the one on which it was made."),
        "observed",
    ),
    Rule(
        "commitment_before_outcomes",
        "commitments.Commitment",
        ("made_on", "made_precision"),
        f"""EXISTS (SELECT FROM commitments_outcome o WHERE o.commitment_id = NEW.id
        AND {_before_it_was_made("o", "NEW")})""",
        _("Enter a day no later than the first outcome: it came of this commitment."),
        "made",
    ),
    Rule(
        "outcome_no_wider_than_commitment",
        "commitments.Outcome",
        ("commitment_id", "access"),
        _wider("commitments_commitment", "commitment_id"),
        _("Choose fewer people: nothing is shared more widely than the commitment it belongs to."),
        "access",
    ),
    Rule(
        "evidence_no_wider_than_commitment",
        "commitments.Evidence",
        ("commitment_id", "access"),
        _wider("commitments_commitment", "commitment_id"),
        _("Choose fewer people: nothing is shared more widely than the commitment it belongs to."),
        "access",
    ),
    Rule(
        "evidence_no_wider_than_outcome",
        "commitments.Evidence",
        ("outcome_id", "access"),
        _wider("commitments_outcome", "outcome_id"),
        _("Choose fewer people: evidence is never shared more widely than what it shows."),
        "access",
    ),
)
