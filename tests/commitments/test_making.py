"""From a lesson to a published commitment."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from jirani.commitments.actions.follow_ups import months_after
from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, FollowUp
from jirani.core.enums import AccessMode, Precision
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson
from jirani.notifications.models import Message
from jirani.plans.actions import add_activity, edit_activity
from jirani.plans.enums import Status
from jirani.plans.models import Activity
from tests import factories as make
from tests.cast import Cast, client_of, user_of
from tests.rows import rows

from .pages import apply, made, objective, page

pytestmark = pytest.mark.django_db


def test_those_who_speak_for_somebody_may_commit(cast: Cast, lesson: Lesson) -> None:
    address = reverse("commitments:commitment_create", args=[lesson.pk])
    codes = {part: client_of(person).get(address).status_code for part, person in cast.people().items()}

    may = {"coordinator", "hub_coordinator", "kwale_focal_point", "mombasa_focal_point"}
    assert codes == {part: 200 if part in may else 403 for part in codes}
    assert client_of(None).get(address).status_code == 302


def test_a_lesson_that_one_may_not_see_cannot_be_applied(cast: Cast) -> None:
    for fields in ({"access": AccessMode.CLOSED}, {"state": Publication.WITHDRAWN}, {"state": Publication.DRAFT}):
        hidden = make.lesson(**fields)
        assert apply(client_of(cast.kwale_focal_point), hidden, cast).status_code == 404
    assert not Commitment.objects.exists()


def test_a_commitment_comes_with_its_milestones_and_a_new_activity(cast: Cast, lesson: Lesson) -> None:
    place = objective(cast)
    answer = apply(
        client_of(cast.kwale_focal_point), lesson, cast, due_on="2027-06-30", new_activity="Rotate the chair",
        new_objective=place.pk,
        **rows("milestones", {"title": "Ask the forum", "due_on": "2027-01-15"}, {"title": ""}, {"title": "Begin"}),
    )  # fmt: skip

    commitment = Commitment.objects.get()
    assert answer["Location"] == page("commitment_publish", commitment)
    assert (commitment.status, commitment.event, commitment.lesson) == (Status.DRAFT, cast.event, lesson)
    steps = [(step.title, step.due_on) for step in commitment.milestones.order_by("id")]
    assert steps == [("Ask the forum", date(2027, 1, 15)), ("Begin", None)]
    activity = commitment.activity
    assert activity is not None
    assert (activity.title, activity.number, activity.until_on) == ("Rotate the chair", 2, date(2027, 6, 30))
    assert activity.lead == cast.kwale.organisation


def test_its_form_opens_with_its_milestones_and_three_empty_rows(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    due, done = date(2026, 9, 1), date(2026, 8, 15)
    commitment.milestones.create(title="Ask the forum", due_on=due, done_on=done)

    form = client_of(cast.kwale_focal_point).get(page("commitment_edit", commitment)).context["form"]

    shown = [[field.value() for field in row] for row in form.rows]
    assert shown == [["Ask the forum", due, done], *[[None, None, None]] * 3]


def test_if_its_milestones_do_not_arrive_they_stay_and_are_shown(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, title="First")
    commitment.milestones.create(title="Ask the forum", due_on=date(2027, 9, 1))
    client, address = client_of(cast.kwale_focal_point), page("commitment_edit", commitment)
    form = client.get(address).context["form"]
    sent = {field.html_name: value for field in form if (value := field.value()) not in (None, "", [])}
    half = {name: value for name, value in sent.items() if not name.startswith("milestones-")}

    refused = client.post(address, half | {"title": "Changed"})

    commitment.refresh_from_db()
    assert (refused.status_code, commitment.title, commitment.milestones.count()) == (422, "First", 1)
    shown = refused.context["form"]
    assert (shown["title"].value(), shown.rows[0]["title"].value()) == ("Changed", "Ask the forum")
    no_words = client.post(address, sent | {"milestones-1-done_on": "2026-01-15"})
    assert list(no_words.context["form"].errors) == ["milestones-1-title"]
    assert '<a href="#id_milestones-1-title">' in no_words.content.decode()
    assert client.post(address, sent | {"title": "Changed"}).status_code == 302
    assert list(commitment.milestones.values_list("title", flat=True)) == ["Ask the forum"]


def test_new_milestones_that_are_sent_twice_are_kept_once(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, title="First")
    client, address = client_of(cast.kwale_focal_point), page("commitment_edit", commitment)
    form = client.get(address).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    sent |= {"milestones-0-title": "Ask the forum", "milestones-0-due_on": "2027-09-01"}

    codes = [client.post(address, sent).status_code, (again := client.post(address, sent)).status_code]
    knowingly = sent | {"version": again.context["form"]["version"].value()}
    codes.append(client.post(address, knowingly).status_code)

    assert codes == [302, 422, 302]
    assert list(commitment.milestones.values_list("title", "due_on")) == [("Ask the forum", date(2027, 9, 1))]


def test_sent_twice_it_is_one_commitment_and_one_activity(cast: Cast, lesson: Lesson) -> None:
    place, client = objective(cast), client_of(cast.kwale_focal_point)

    for _ in range(2):
        apply(client, lesson, cast, new_activity="Rotate the chair", new_objective=place.pk)

    assert (Commitment.objects.count(), place.activities.count()) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"new_activity": "Rotate"}, "new_objective"),
        (rows("milestones", {}, {"due_on": "2027-01-15"}), "milestones-1-title"),
        ({"milestones-TOTAL_FORMS": ""}, "__all__"),
        ({"milestones-TOTAL_FORMS": "100000"}, "__all__"),
        (rows("milestones", *[{"title": f"Step {number}"} for number in range(13)]), "__all__"),
        ({"title": ""}, "title"),
        ({"access": "everybody"}, "access"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    cast: Cast, lesson: Lesson, fields: dict[str, Any], fault: str
) -> None:
    place = objective(cast)

    answer = apply(client_of(cast.kwale_focal_point), lesson, cast, **fields)

    assert list(answer.context["form"].errors) == [fault]
    assert (Commitment.objects.count(), place.activities.count()) == (0, 1)


def test_twelve_milestones_are_kept(cast: Cast, lesson: Lesson) -> None:
    steps = rows("milestones", *[{"title": f"Step {number}"} for number in range(12)])
    assert apply(client_of(cast.kwale_focal_point), lesson, cast, **steps).status_code == 302
    assert Commitment.objects.get().milestones.count() == 12


def test_a_commitment_is_never_wider_than_its_lesson(cast: Cast) -> None:
    lesson, client = make.lesson(access=AccessMode.NETWORK), client_of(cast.kwale_focal_point)

    assert list(apply(client, lesson, cast).context["form"].errors) == ["access"]
    assert apply(client, lesson, cast, access=AccessMode.NETWORK).status_code == 302


def test_nobody_promises_for_another_or_in_anothers_plan(cast: Cast, lesson: Lesson) -> None:
    client = client_of(cast.kwale_focal_point)
    theirs, own = make.activity(cast.plan), make.activity(make.plan(cast.kwale))

    other = apply(client, lesson, cast, organisation=cast.mombasa.organisation.pk)
    foreign = apply(client, lesson, cast, activity=theirs.pk)
    coordinator = apply(client_of(cast.coordinator), lesson, cast, activity=theirs.pk)

    assert list(other.context["form"].errors) == ["organisation"]
    assert list(foreign.context["form"].errors) == ["activity"]
    assert list(coordinator.context["form"].errors) == ["activity"]
    assert not Commitment.objects.exists()
    assert apply(client, lesson, cast, activity=own.pk).status_code == 302


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_costs_the_same_however_long_the_plan(
    cast: Cast, lesson: Lesson, count: int, django_assert_num_queries: Any
) -> None:
    plan = make.plan(cast.kwale)
    for _ in range(count):
        make.activity(plan)
    client, address = client_of(cast.kwale_focal_point), reverse("commitments:commitment_create", args=[lesson.pk])
    client.get(address)

    with django_assert_num_queries(12):
        client.get(address)


def test_publishing_asks_both_sides_and_tells_those_concerned(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson, status=Status.DRAFT), client_of(cast.kwale_focal_point)
    assert client_of(cast.mombasa_focal_point).post(page("commitment_publish", commitment)).status_code == 404

    for _ in range(2):
        client.post(page("commitment_publish", commitment))

    today = timezone.localdate()
    asked = set(FollowUp.objects.values_list("months", "side", "due_on"))
    assert asked == {(months, side, months_after(today, months)) for months in (3, 6, 12) for side in Side.values}
    commitment.refresh_from_db()
    assert (commitment.status, commitment.made_on) == (Status.OPEN, today)
    assert set(Message.objects.values_list("to", flat=True)) == {cast.rapporteur.email, cast.hub_coordinator.email}
    assert Message.objects.count() == 2


def test_a_closed_commitment_is_told_to_those_who_may_see_it(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, status=Status.DRAFT, access=AccessMode.CLOSED)
    client_of(cast.kwale_focal_point).post(page("commitment_publish", commitment))

    assert [message.to for message in Message.objects.all()] == [cast.hub_coordinator.email]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 9, 1), 3, date(2026, 12, 1)),
    ],
)
def test_months_end_where_they_are_too_short(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_who_may_support_it_is_who_is_near_whatever_others_promised(cast: Cast, lesson: Lesson) -> None:
    near, far = make.organisation("Near", country="KE"), make.organisation("Far", country="MA")
    elsewhere = make.commitment(make.authority("Rabat", country="MA").organisation, access=AccessMode.CLOSED)

    def offered(address: str) -> set[str]:
        field = client_of(cast.kwale_focal_point).get(address).context["form"]["supporting"].field
        return {str(label) for _value, label in field.choices} & {"Near", "Far"}

    new = reverse("commitments:commitment_create", args=[lesson.pk])
    before = offered(new)
    elsewhere.supporting.set([near, far])
    assert [before, offered(new)] == [{"Near"}] * 2
    own = made(cast, lesson)
    own.supporting.set([far])
    assert offered(page("commitment_edit", own)) == {"Near", "Far"}


def test_a_lesson_that_is_hidden_by_now_is_not_named(cast: Cast) -> None:
    lesson = make.lesson("Seats that nobody else keeps")
    own = made(cast, lesson)
    addresses = [
        page(name, own) for name in ("commitment_edit", "commitment_publish", "commitment_drop", "outcome_create")
    ]
    client = client_of(cast.kwale_focal_point)

    def naming() -> list[bool]:
        return [lesson.title in client.get(address).content.decode() for address in addresses]

    assert naming() == [True] * 4
    Lesson.objects.filter(pk=lesson.pk).update(state=Publication.WITHDRAWN)
    assert naming() == [False] * 4


def test_a_new_activity_falls_within_the_days_of_its_plan(cast: Cast, lesson: Lesson) -> None:
    place, client = objective(cast), client_of(cast.kwale_focal_point)
    plan = place.pillar.plan
    plan.from_on, plan.until_on = date(2026, 1, 1), date(2027, 1, 1)
    plan.from_precision = plan.until_precision = Precision.YEAR
    plan.save()
    fields = {"new_activity": "Rotate the chair", "new_objective": place.pk, "title": ""}

    answer = apply(client, lesson, cast, due_on="2028-01-01", **fields)

    assert set(answer.context["form"].errors) == {"due_on"}
    assert answer.context["form"].errors["due_on"] == [
        "Enter a day within those of the plan: 2026-01-01 to 2027-12-31."
    ]
    assert (apply(client, lesson, cast, **fields | {"title": "Rotate"}, due_on="2027-12-31").status_code) == 302
    with pytest.raises(ValidationError, match="within those of the plan"):  # whoever adds it in another way
        add_activity(
            Activity(objective=place, title="Late", until_on=date(2028, 1, 1)), by=user_of(cast.kwale_focal_point)
        )
    activity = Commitment.objects.get().activity
    assert activity is not None
    activity.from_on = date(2025, 1, 1)
    with pytest.raises(ValidationError, match="within those of the plan"):
        edit_activity(activity, by=user_of(cast.kwale_focal_point))


def test_the_activity_in_which_it_stands_stays_when_the_plan_drops_it(cast: Cast) -> None:
    plan = make.plan(cast.kwale)
    dropped = make.activity(plan, status="dropped", dropped_because="The strategy changed.")
    made = make.commitment(cast.kwale.organisation, activity=dropped)
    for part in ("kwale_focal_point", "coordinator"):
        client, address = client_of(cast.people()[part]), f"/en/commitments/{made.pk}/edit/"
        form = client.get(address).context["form"]
        sent = {field.html_name: value for field in form if (value := field.value()) not in (None, "", [])}
        assert client.post(address, sent).status_code == 302
        made.refresh_from_db()
        assert made.activity == dropped
