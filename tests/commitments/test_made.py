"""A commitment of long ago is dated as exactly as it is known, and what counts from then counts from then."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jirani.commitments.actions.follow_ups import months_after
from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, FollowUp, Outcome
from jirani.core.enums import Precision
from jirani.lessons.models import Lesson
from jirani.plans.enums import Status
from tests import factories as make
from tests.cast import Cast, client_of

from .pages import apply, made, page

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
FORM = "Enter a date such as 2021-03-25, 2021-03 or 2021, or nothing."
NO_EARLIER = "Enter a day no earlier than the one on which it was made."


def fields_of(client: Client, commitment: Commitment) -> dict[str, Any]:
    """Return the fields of a commitment's form as a browser would send them."""
    form = client.get(page("commitment_edit", commitment)).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    values["made"] = form.fields["made"].prepare_value(values["made"])
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def asked(commitment: Commitment) -> set[tuple[int, str, date]]:
    return set(commitment.follow_ups.values_list("months", "side", "due_on"))


def both(**days: date) -> set[tuple[int, str, date]]:
    return {(int(months[1:]), side, day) for months, day in days.items() for side in Side.values}


@pytest.mark.parametrize(
    ("typed", "stored", "shown", "machine"),
    [
        ("2021", (date(2021, 1, 1), Precision.YEAR), "Made in 2021", "2021"),
        ("March 2021", (date(2021, 3, 1), Precision.MONTH), "Made in March 2021", "2021-03"),
        ("2021-03-25", (date(2021, 3, 25), Precision.DAY), "Made on 25 March 2021", "2021-03-25"),
        ("", (None, Precision.UNKNOWN), "", ""),
    ],
)
def test_when_it_was_made_is_kept_and_shown_as_exactly_as_it_is_known(
    cast: Cast, lesson: Lesson, typed: str, stored: tuple[date | None, str], shown: str, machine: str
) -> None:
    client = client_of(cast.kwale_focal_point)
    apply(client, lesson, cast, made=typed)
    new = Commitment.objects.get()
    older = made(cast, lesson, status=Status.DRAFT)
    client.post(page("commitment_edit", older), fields_of(client, older) | {"made": typed})
    older.refresh_from_db()

    assert [(one.made_on, one.made_precision) for one in (new, older)] == [stored] * 2
    assert fields_of(client, new).get("made", "") == machine
    client.post(page("commitment_publish", new))
    told = client_of(None).get(reverse("public:commitment_detail", args=[new.pk])).content.decode()
    assert (shown or "Made on") in told


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("by 2021", FORM),
        ("last year", FORM),
        ("2021-02-30", "There is no such day: February 2021 has 28 days."),
        ("1821", "Enter a year from 1900 to 2199."),
        ("tomorrow", "Enter today or a day in the past."),
        ("2150", "Enter today or a day in the past."),
    ],
)
def test_a_day_on_which_nothing_was_made_is_refused(cast: Cast, lesson: Lesson, typed: str, fault: str) -> None:
    day = (TODAY() + timedelta(days=1)).isoformat() if typed == "tomorrow" else typed
    client, older = client_of(cast.kwale_focal_point), made(cast, lesson)

    new = apply(client, lesson, cast, made=day)
    changed = client.post(page("commitment_edit", older), fields_of(client, older) | {"made": day})

    for answer in (new, changed):
        assert [reason[: len(fault)] for reason in answer.context["form"].errors["made"]] == [fault]
    assert list(Commitment.objects.values_list("made_on", flat=True)) == [None]


def test_what_is_published_keeps_a_day(cast: Cast, lesson: Lesson) -> None:
    client = client_of(cast.kwale_focal_point)
    dated = made(cast, lesson, made_on=date(2021, 1, 1), made_precision=Precision.YEAR)
    undated = made(cast, lesson)

    answers = [
        client.post(page("commitment_edit", each), fields_of(client, each) | {"made": "", "title": "Clearer"})
        for each in (dated, undated)
    ]

    assert [answer.status_code for answer in answers] == [422, 302]
    assert answers[0].context["form"].errors["made"] == ["Enter when it was made, as exactly as you know it."]


def test_follow_ups_count_from_when_it_was_made(cast: Cast, lesson: Lesson) -> None:
    client, today = client_of(cast.kwale_focal_point), TODAY()
    lately = today - timedelta(days=20)
    expected = {
        "2021": both(m12=date(2022, 12, 31)),
        "2021-02": both(m12=date(2022, 2, 28)),
        "2021-03-25": both(m12=date(2022, 3, 25)),
        lately.isoformat(): both(**{f"m{months}": months_after(lately, months) for months in (3, 6, 12)}),
        str(today.year): both(**{f"m{months}": months_after(today, months) for months in (3, 6, 12)}),
    }
    for typed, due in expected.items():
        draft = made(cast, lesson, status=Status.DRAFT)
        client.post(page("commitment_edit", draft), fields_of(client, draft) | {"made": typed})
        old = "the months count from then" in client.get(page("commitment_publish", draft)).content.decode()
        client.post(page("commitment_publish", draft))
        assert (asked(draft), old) == (due, typed != str(today.year)), typed


def test_a_corrected_day_moves_what_nobody_has_answered(cast: Cast, lesson: Lesson) -> None:
    client, today = client_of(cast.kwale_focal_point), TODAY()
    draft = made(cast, lesson, status=Status.DRAFT)
    client.post(page("commitment_publish", draft))
    answered = draft.follow_ups.get(months=3, side=Side.GOVERNMENT)
    FollowUp.objects.filter(pk=answered.pk).update(answered_on=today, completion="limited")
    FollowUp.objects.filter(months=6, side=Side.GOVERNMENT).update(reminded_on=today)

    def correct(typed: str) -> set[tuple[int, str, date]]:
        client.post(page("commitment_edit", draft), fields_of(client, draft) | {"made": typed})
        return asked(draft)

    kept = {(3, Side.GOVERNMENT, answered.due_on)}
    told = {(6, Side.GOVERNMENT, date(2022, 6, 30))}
    assert correct("2021") == kept | told | both(m12=date(2022, 12, 31))
    months = {f"m{months}": months_after(today, months) for months in (3, 6, 12)}
    assert correct(today.isoformat()) == kept | (both(**months) - {(3, Side.GOVERNMENT, months["m3"])})
    assert {row.reminded_on for row in draft.follow_ups.all()} == {None}, "asked again when due"


@pytest.mark.parametrize(
    ("observed", "fault"),
    [
        ("2021", ""),
        ("2021-06", ""),
        ("2021-06-14", NO_EARLIER),
        ("2021-05", NO_EARLIER),
        ("2020", NO_EARLIER),
        ("2022-02-01", ""),
        ("by 2022", FORM),
        ("2199", "Enter today or a day in the past."),
    ],
)
def test_outcomes_lie_between_then_and_today(cast: Cast, lesson: Lesson, observed: str, fault: str) -> None:
    commitment = made(cast, lesson, made_on=date(2021, 6, 15))
    sent = {"change": "Three new people", "language": "en", "access": "public", "proof_access": "public"}
    client = client_of(cast.kwale_focal_point)

    answer = client.post(page("outcome_create", commitment), sent | {"observed": observed})

    told = [] if answer.status_code == 302 else answer.context["form"].errors["observed"]
    assert (told, Outcome.objects.count()) == ([fault] if fault else [], 0 if fault else 1)


def test_an_outcome_is_shown_as_exactly_as_it_is_known(cast: Cast, lesson: Lesson) -> None:
    outcome = make.outcome(made(cast, lesson), observed_on=date(2021, 3, 1), observed_precision=Precision.MONTH)
    pages = [
        client_of(None).get(address).content.decode()
        for address in (
            reverse("public:outcome_detail", args=[outcome.pk]),
            reverse("public:outcome_list"),
            reverse("public:commitment_detail", args=[outcome.commitment_id]),
        )
    ]
    mark = '<time datetime="2021-03">March 2021</time>'
    assert ["Observed in March 2021" in pages[0], *(mark in told for told in pages[1:])] == [True] * 3


def test_it_was_not_made_after_what_came_of_it(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson, made_on=date(2021, 1, 1)), client_of(cast.kwale_focal_point)
    make.outcome(commitment, observed_on=date(2022, 1, 1), observed_precision=Precision.YEAR)

    def correct(typed: str) -> Any:
        return client.post(page("commitment_edit", commitment), fields_of(client, commitment) | {"made": typed})

    refused = correct("2023")
    assert refused.context["form"].errors["made"] == [
        "Enter a day no later than the first outcome: it came of this commitment."
    ]
    assert correct("2022-12").status_code == 302


def test_what_was_due_is_published_once_it_is_said_when_it_was_made(cast: Cast, lesson: Lesson) -> None:
    client = client_of(cast.kwale_focal_point)
    draft = made(cast, lesson, status=Status.DRAFT, due_on=date(2022, 6, 30))

    refused = client.post(page("commitment_publish", draft)).content.decode()
    draft.refresh_from_db()
    assert ("It was due before today." in refused, draft.status) == (True, Status.DRAFT)

    late = client.post(page("commitment_edit", draft), fields_of(client, draft) | {"made": "2023"})
    assert late.context["form"].errors["due_on"] == [NO_EARLIER]
    client.post(page("commitment_edit", draft), fields_of(client, draft) | {"made": "2021"})
    assert client.post(page("commitment_publish", draft)).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.made_on) == (Status.OPEN, date(2021, 1, 1))
