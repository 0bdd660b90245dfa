"""Schedule the questions to each side about what became of a promise."""

from calendar import monthrange
from datetime import date

from django.utils import timezone

from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, FollowUp
from jirani.core.enums import last_day

#: After how many months each side is asked what became of it.
FOLLOW_UP_MONTHS = (3, 6, 12)


def counts_from(commitment: Commitment) -> date:
    """The day from which the months count: of a promise of 2021 the last of that year, so that nobody is asked too early. Today if it
    is made by publishing it.
    """
    today = timezone.localdate()
    made = commitment.made_on
    return min(last_day(made, commitment.made_precision), today) if made else today


def plan_follow_ups(commitment: Commitment) -> None:
    """Schedule the follow-ups of both sides, counted from when it was made. An answer describes the state today: if several of the days have
    passed, it is asked for once. What was answered stays as it is, and so does what somebody was written to about.

    The commitment is locked.
    """
    due, today = days_to_ask(commitment), timezone.localdate()
    rows = {(row.months, row.side): row for row in commitment.follow_ups.select_for_update().order_by("pk")}
    for row in rows.values():
        if row.answered_on:
            continue
        if row.months not in due and not row.reminded_on:
            row.delete()
            continue
        row.due_on = months_after(counts_from(commitment), row.months)
        # People were reminded too early, by the wrong date: remind them again on the right day.
        row.reminded_on = None if row.due_on > today else row.reminded_on
        row.save(update_fields=["due_on", "reminded_on", "updated_at"])
    FollowUp.objects.bulk_create(
        FollowUp(commitment=commitment, months=months, side=side, due_on=day)
        for months, day in due.items()
        for side in Side
        if (months, side) not in rows
    )


def days_to_ask(commitment: Commitment) -> dict[int, date]:
    """Return, by months, the days on which to ask: those to come, and the latest of those that have passed."""
    days = {months: months_after(counts_from(commitment), months) for months in FOLLOW_UP_MONTHS}
    passed = [day for day in days.values() if day <= timezone.localdate()]
    return {months: day for months, day in days.items() if day not in passed or day == max(passed)}


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
