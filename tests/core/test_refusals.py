"""Forms refuse wrong input with a sentence beside the field, and accept the corrected input."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jirani.commitments.enums import Side
from jirani.commitments.models import FollowUp
from jirani.core.enums import Precision, last_day
from jirani.forums.enums import SeatRole
from jirani.members.models import Membership
from jirani.ui.text import currencies
from tests import factories as make
from tests.cast import Cast

from .test_races import client as signed_in
from .test_races import form_of

pytestmark = pytest.mark.django_db

Case = tuple[str, dict[str, Any], dict[str, Any]]


def _activity(cast: Cast) -> str:
    plan = make.plan(
        cast.kwale, from_on=date(2025, 1, 1), from_precision="year", until_on=date(2027, 1, 1), until_precision="year"
    )
    activity = make.activity(plan, lead=cast.kwale.organisation)
    return f"/en/plans/{plan.slug}/activities/{activity.pk}/edit/"


def _budget(cast: Cast) -> Case:
    return _activity(cast), {"budget": "-5", "currency": "KES"}, {"budget": "0", "currency": "kes"}


def _currency(cast: Cast) -> Case:
    return _activity(cast), {"budget": "5", "currency": "ZZZ"}, {"budget": "5", "currency": "XOF"}


def _lead(cast: Cast) -> Case:
    lead = {"lead": cast.kwale.organisation_id, "co_lead": cast.kwale.organisation_id}
    return _activity(cast), lead, {"lead": cast.kwale.organisation_id, "co_lead": ""}


def _period(cast: Cast) -> Case:
    return _activity(cast), {"from_on": "1990-01-01"}, {"from_on": "2025-06-01"}


def _period_end(cast: Cast) -> Case:
    return _activity(cast), {"until_on": "2028-01-01"}, {"until_on": "2027-12-31"}


def _plan(cast: Cast) -> Case:
    make.plan(cast.mombasa, version=5)
    return f"/en/plans/{cast.plan.slug}/details/edit/", {"number": "5"}, {"number": "6"}


def _plan_long(cast: Cast) -> Case:
    address = f"/en/plans/{cast.plan.slug}/details/edit/"
    return address, {"begins": "2025", "ends": "2199"}, {"begins": "2025", "ends": "2063"}


def _commitment(cast: Cast) -> Any:
    return make.commitment(cast.kwale.organisation, lesson=make.lesson(), made_on=date(2025, 3, 1))


def _outcome(cast: Cast, day: str) -> Case:
    outcome = make.outcome(_commitment(cast), observed_on=None)
    return f"/en/outcomes/{outcome.pk}/edit/", {"observed": day}, {"observed": "2025-03-01"}


def _outcome_early(cast: Cast) -> Case:
    return _outcome(cast, "2025-02-28")


def _outcome_late(cast: Cast) -> Case:
    return _outcome(cast, (timezone.localdate() + timedelta(days=1)).isoformat())


def _due(cast: Cast) -> Case:
    return f"/en/commitments/{_commitment(cast).pk}/edit/", {"due_on": "1990-01-01"}, {"due_on": "2025-03-01"}


def _step(cast: Cast) -> Case:
    step = {"milestones-0-title": "Meet", "milestones-0-due_on": "2025-05-01"}
    address = f"/en/commitments/{_commitment(cast).pk}/edit/"
    return address, step | {"milestones-0-done_on": "2099-01-01"}, step | {"milestones-0-done_on": "2025-05-02"}


def _left(cast: Cast) -> Case:
    address = "/en/local-authorities/kwale/membership/edit/"
    return address, {"state": "left", "left": None}, {"state": "left", "left": "by 2024"}


def _beside(cast: Cast) -> Case:
    there = make.authority(member=False, slug="lamu")
    Membership.objects.create(
        authority=there, state="left", joined_on=date(2015, 1, 1), joined_precision="year", left_on=date(2020, 5, 1),
        left_precision="day",
    )  # fmt: skip
    address = "/en/local-authorities/lamu/membership/edit/"
    return address, {"state": "member", "joined": "1990"}, {"state": "member", "joined": "2021"}


def _code(cast: Cast) -> Case:
    make.authority(slug="lamu", subdivision="KE-21")
    return "/en/local-authorities/lamu/edit/", {"subdivision": "KE-28"}, {"subdivision": "KE-21"}


def _name(cast: Cast) -> Case:
    make.authority(slug="lamu", subdivision="KE-21")
    return "/en/local-authorities/lamu/edit/", {"name": "mombasa  county"}, {"name": "Lamu County"}


def _secretary(cast: Cast) -> Case:
    facts = {"email": "new@example.org", "name": "New", "organisation": make.organisation(country="KE").pk}
    address = f"/en/forums/{cast.forum.slug}/seats/new/"
    return address, facts | {"role": SeatRole.SECRETARY}, facts | {"role": SeatRole.CO_CHAIR}


def _duty(cast: Cast) -> Case:
    facts = {"email": "new@example.org", "name": "New", "duty": "editor"}
    return "/en/people/roles/new/", facts | {"from_on": "2999-01-01"}, facts | {"from_on": "2030-01-01"}


def _event(cast: Cast, **wrong: str) -> Case:
    make.seat(cast.forum)
    event = make.event(place="Kwale", hub=cast.hub, slug="moved")
    assert event.state == "published"
    return "/en/events/moved/edit/details/", wrong, {"starts_on": "2022-01-10", "ends_on": "2022-01-11"}


def _moved(cast: Cast) -> Case:
    return _event(cast, starts_on="1985-12-06", ends_on="1985-12-08")


def _late_event(cast: Cast) -> Case:
    return _event(cast, starts_on="9999-12-06", ends_on="9999-12-08")


def _early_event(cast: Cast) -> Case:
    return _event(cast, starts_on="0202-12-06", ends_on="0202-12-08")


def _endless(cast: Cast) -> Case:
    return _event(cast, starts_on="2022-01-10", ends_on="3022-01-10")


def _later(cast: Cast) -> Case:
    later, earlier = (make.event(starts_on=date(year, 1, 1), ends_on=date(year, 1, 1)) for year in (2027, 2020))
    address, _wrong, right = _event(cast)
    return address, {"follow_up_of": later.pk}, right | {"follow_up_of": earlier.pk}


def _formed(cast: Cast) -> Case:
    return f"/en/forums/{cast.forum.slug}/edit/", {"formed": "2150"}, {"formed": "2019"}


CASES: list[Callable[[Cast], Case]] = [
    _budget, _currency, _lead, _period, _period_end, _plan, _plan_long, _outcome_early, _outcome_late, _due, _step, _left, _beside,
    _code, _name, _secretary, _duty, _moved, _late_event, _early_event, _endless, _later, _formed,
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_form_refuses_with_a_sentence_and_takes_what_makes_sense(case: Callable[[Cast], Case], cast: Cast) -> None:
    address, wrong, right = case(cast)
    who: Client = signed_in(cast)
    sent = form_of(who, address)

    refused = who.post(address, sent | {name: value for name, value in wrong.items() if value is not None})
    assert refused.status_code == 422, refused.headers
    said = [str(reason) for reasons in refused.context["form"].errors.values() for reason in reasons]
    assert said, wrong
    assert [
        words for words in said if not words.startswith(("Enter", "Choose", "Say", "End", "There is", "Give"))
    ] == []
    taken = who.post(
        address, form_of(who, address) | {name: value for name, value in right.items() if value is not None}
    )
    assert taken.status_code == 302, taken.context and taken.context["form"].errors


def test_what_somebody_saved_meanwhile_is_not_lost(cast: Cast) -> None:
    who, address = signed_in(cast), "/en/local-authorities/kwale/membership/edit/"
    commitment = make.commitment(cast.kwale.organisation)
    asked = FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=date(2024, 1, 1))
    answer = f"/en/follow-ups/{asked.pk}/answer/"
    for page, first, second in (
        (address, {"joined": "2014"}, {"remark": "Later"}),
        (answer, {"completion": "limited", "words": "Some"}, {"completion": "complete", "words": "All"}),
    ):
        one, other = form_of(who, page), form_of(who, page)
        assert [who.post(page, one | first).status_code, who.post(page, other | second).status_code] == [302, 422]
    asked.refresh_from_db()
    assert (asked.words, Membership.objects.get(authority=cast.kwale).joined_on) == ("Some", date(2014, 1, 1))


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        (date(2024, 1, 1), Precision.YEAR, date(2024, 12, 31)),
        (date(2024, 2, 1), Precision.MONTH, date(2024, 2, 29)),
        (date(2023, 2, 1), Precision.BY_MONTH, date(2023, 2, 28)),
        (date(2024, 5, 6), Precision.DAY, date(2024, 5, 6)),
        (date(2024, 5, 6), Precision.BY, date(2024, 5, 6)),
    ],
)
def test_the_last_day_that_a_date_can_mean(day: date, precision: str, last: date) -> None:
    assert last_day(day, precision) == last


def test_currencies_are_those_with_which_one_pays_somewhere() -> None:
    assert {"KES", "TZS", "ALL", "XOF", "EUR"} <= currencies()
    assert not {"ZZZ", "XXX", "XTS", "KSH", ""} & currencies()
