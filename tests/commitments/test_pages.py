"""A focal point's way from a lesson to what came of it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jirani.accounts.models import User
from jirani.commitments.actions import answer_follow_up, set_completion
from jirani.commitments.actions.commitments import months_after
from jirani.commitments.enums import Side
from jirani.commitments.models import Commitment, Evidence, FollowUp, Outcome
from jirani.core.enums import AccessMode, Completion, Publication, Status
from jirani.forums.enums import SeatRole
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector, TenureRole
from jirani.members.models import Person
from jirani.notifications.models import Message
from jirani.plans.models import Activity, Objective
from tests import factories as make
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def lesson(cast: Cast) -> Lesson:
    return make.lesson("Rotate the seats", event=cast.event, session=cast.session, writer=cast.rapporteur)


def user_of(person: Person) -> User:
    return User.objects.get(person=person)


def browser(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(user_of(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def apply(client: Client, lesson: Lesson, cast: Cast, **fields: Any) -> Any:
    sent = {
        "organisation": cast.kwale.organisation.pk, "title": "Rotate the seats in Kwale", "language": "en",
        "transfer_step": "adapt", "access": AccessMode.PUBLIC, "once": "k1",
    } | fields  # fmt: skip
    return client.post(reverse("commitments:commitment_create", args=[lesson.pk]), sent)


def objective(cast: Cast) -> Objective:
    return make.activity(make.plan(cast.kwale)).objective


def made(cast: Cast, lesson: Lesson | None = None, **fields: Any) -> Commitment:
    return make.commitment(cast.kwale.organisation, lesson=lesson, **fields)


def page(name: str, commitment: Commitment) -> str:
    return reverse(f"commitments:{name}", args=[commitment.pk])


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_those_who_speak_for_somebody_may_commit(cast: Cast, lesson: Lesson) -> None:
    address = reverse("commitments:commitment_create", args=[lesson.pk])
    codes = {part: browser(person).get(address).status_code for part, person in cast.people().items()}

    may = {"coordinator", "hub_coordinator", "kwale_focal_point", "mombasa_focal_point"}
    assert codes == {part: 200 if part in may else 403 for part in codes}
    assert browser(None).get(address).status_code == 302


def test_a_lesson_that_one_may_not_see_cannot_be_applied(cast: Cast) -> None:
    for fields in ({"access": AccessMode.CLOSED}, {"state": Publication.WITHDRAWN}, {"state": Publication.DRAFT}):
        hidden = make.lesson(**fields)
        assert apply(browser(cast.kwale_focal_point), hidden, cast).status_code == 404
    assert not Commitment.objects.exists()


def test_a_commitment_comes_with_its_milestones_and_a_new_activity(cast: Cast, lesson: Lesson) -> None:
    place = objective(cast)
    answer = apply(
        browser(cast.kwale_focal_point), lesson, cast, due_on="2027-06-30", new_activity="Rotate the chair",
        new_objective=place.pk, step_0_title="Ask the forum", step_0_due_on="2027-01-15", step_2_title="Begin",
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


def test_sent_twice_it_is_one_commitment_and_one_activity(cast: Cast, lesson: Lesson) -> None:
    place, client = objective(cast), browser(cast.kwale_focal_point)

    for _ in range(2):
        apply(client, lesson, cast, new_activity="Rotate the chair", new_objective=place.pk)

    assert (Commitment.objects.count(), place.activities.count()) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"new_activity": "Rotate"}, "new_objective"),
        ({"step_1_due_on": "2027-01-15"}, "step_1_title"),
        ({"title": ""}, "title"),
        ({"access": "everybody"}, "access"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    cast: Cast, lesson: Lesson, fields: dict[str, Any], fault: str
) -> None:
    place = objective(cast)

    answer = apply(browser(cast.kwale_focal_point), lesson, cast, **fields)

    assert list(answer.context["form"].errors) == [fault]
    assert (Commitment.objects.count(), place.activities.count()) == (0, 1)


def test_a_commitment_is_never_wider_than_its_lesson(cast: Cast) -> None:
    lesson, client = make.lesson(access=AccessMode.NETWORK), browser(cast.kwale_focal_point)

    assert list(apply(client, lesson, cast).context["form"].errors) == ["access"]
    assert apply(client, lesson, cast, access=AccessMode.NETWORK).status_code == 302


def test_nobody_promises_for_another_or_in_anothers_plan(cast: Cast, lesson: Lesson) -> None:
    client = browser(cast.kwale_focal_point)
    theirs, own = make.activity(cast.plan), make.activity(make.plan(cast.kwale))

    other = apply(client, lesson, cast, organisation=cast.mombasa.organisation.pk)
    foreign = apply(client, lesson, cast, activity=theirs.pk)
    coordinator = apply(browser(cast.coordinator), lesson, cast, activity=theirs.pk)

    assert list(other.context["form"].errors) == ["organisation"]
    assert list(foreign.context["form"].errors) == ["activity"]
    assert list(coordinator.context["form"].errors) == ["activity"]
    assert not Commitment.objects.exists()
    assert apply(client, lesson, cast, activity=own.pk).status_code == 302


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_asks_both_sides_and_tells_those_concerned(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson, status=Status.DRAFT), browser(cast.kwale_focal_point)
    assert browser(cast.mombasa_focal_point).post(page("commitment_publish", commitment)).status_code == 404

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
    browser(cast.kwale_focal_point).post(page("commitment_publish", commitment))

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


# ── What became of it ───────────────────────────────────────────────────────────────────────────────────────────────────

RESULTS = (
    "commitment_edit", "commitment_publish", "commitment_drop", "adaptation_create", "completion_edit",
    "outcome_create", "evidence_create",
)  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_only_those_who_speak_for_the_organisation_come_to_it(cast: Cast, lesson: Lesson, name: str) -> None:
    address = page(name, made(cast, lesson))
    codes = {part: browser(person).get(address).status_code for part, person in cast.people().items()}

    may = {"coordinator", "hub_coordinator", "kwale_focal_point"}
    assert codes == {part: 200 if part in may else 404 for part in codes}
    assert browser(None).get(address).status_code == 302


@pytest.mark.parametrize("completion", Completion.values)
def test_words_that_claim_something_ask_for_evidence(cast: Cast, lesson: Lesson, completion: str) -> None:
    commitment, client = made(cast, lesson), browser(cast.kwale_focal_point)
    sent = {"completion": completion, "proof_access": "public"}
    claims = completion in {"limited", "substantial", "complete"}

    answer = client.post(page("completion_edit", commitment), sent)
    assert answer.status_code == (200 if claims else 302)

    shown = sent | {"title": "Minutes", "link": "https://kwale.example.org/minutes"}
    assert client.post(page("completion_edit", commitment), shown).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.completion, Evidence.objects.count()) == (completion, 1)
    assert Commitment.objects.applied().exists() is claims
    assert client.post(page("completion_edit", commitment), sent).status_code == 302


def test_completions_of_a_commitment_and_its_activity_stay_apart(cast: Cast, lesson: Lesson) -> None:
    activity = make.activity(make.plan(cast.kwale), completion=Completion.SUBSTANTIAL)
    commitment, client = made(cast, lesson, activity=activity), browser(cast.kwale_focal_point)
    shown = {"title": "Minutes", "link": "https://kwale.example.org/minutes", "proof_access": "public"}

    client.post(page("completion_edit", commitment), {"completion": "limited", "close": "on"} | shown)
    activity.refresh_from_db()
    assert activity.completion == Completion.SUBSTANTIAL

    progress = reverse("plans:activity_progress", args=[activity.objective.pillar.plan.slug, activity.pk])
    client.post(progress, {"completion": "complete", "status": "done"})
    commitment.refresh_from_db()
    assert (commitment.completion, commitment.status) == (Completion.LIMITED, Status.DONE)


def test_a_file_is_kept_under_a_name_that_tells_nothing(
    cast: Cast, lesson: Lesson, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    commitment, client = made(cast, lesson), browser(cast.kwale_focal_point)
    file = SimpleUploadedFile("Amina's minutes.pdf", PDF)

    client.post(page("evidence_create", commitment), {"title": "Minutes", "file": file, "proof_access": "network"})

    evidence = Evidence.objects.get()
    name = str(evidence.file.name)
    stem, _, ending = name.removeprefix("evidence/").partition(".")
    assert (len(stem), ending, evidence.access) == (32, "pdf", AccessMode.NETWORK)
    assert (tmp_path / name).read_bytes() == PDF


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"title": "Minutes", "file": SimpleUploadedFile("minutes.pdf", b"<html>")}, "file"),
        ({"title": "Minutes"}, "link"),
        ({"title": "", "link": "https://example.org"}, "title"),
        ({"title": "Minutes", "link": "javascript:alert(1)"}, "link"),
        ({"title": "Minutes", "link": "https://example.org", "proof_access": "public"}, "proof_access"),
    ],
)
def test_evidence_that_shows_nothing_is_refused(cast: Cast, lesson: Lesson, fields: dict[str, Any], fault: str) -> None:
    commitment = made(cast, lesson, access=AccessMode.NETWORK)
    sent = {"proof_access": "network"} | fields

    answer = browser(cast.kwale_focal_point).post(page("evidence_create", commitment), sent)

    assert list(answer.context["form"].errors) == [fault]
    assert not Evidence.objects.exists()


def test_an_outcome_comes_with_what_shows_it(cast: Cast, lesson: Lesson, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    commitment = made(cast, lesson)
    sent = {
        "change": "Three new people have led a meeting", "language": "en", "access": "public", "once": "k1",
        "observed_on": "2026-10-01", "title": "Minutes", "proof_access": "public",
    }  # fmt: skip
    client = browser(cast.kwale_focal_point)

    for _ in range(2):
        client.post(page("outcome_create", commitment), sent | {"file": SimpleUploadedFile("minutes.pdf", PDF)})

    outcome = Outcome.objects.get()
    assert (outcome.commitment, outcome.observed_on) == (commitment, date(2026, 10, 1))
    assert [evidence.title for evidence in outcome.evidence.all()] == ["Minutes"]


def test_an_adaptation_says_something_and_why(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson), browser(cast.kwale_focal_point)
    empty = client.post(page("adaptation_create", commitment), {"why": "Fewer meetings", "language": "en"})
    assert empty.context["form"].non_field_errors()

    client.post(page("adaptation_create", commitment), {"kept": "All", "why": "Fewer meetings", "language": "en"})
    assert [adaptation.kept for adaptation in commitment.adaptations.all()] == ["All"]


def test_what_became_of_a_draft_is_not_told(cast: Cast, lesson: Lesson) -> None:
    draft, client = made(cast, lesson, status=Status.DRAFT), browser(cast.kwale_focal_point)
    sent = {
        "kept": "All",
        "why": "Why",
        "language": "en",
        "because": "Why",
        "completion": "not-started",
        "proof_access": "public",
    }

    for name in ("adaptation_create", "commitment_drop", "completion_edit"):
        assert client.post(page(name, draft), sent).context["form"].errors, name
    draft.refresh_from_db()
    assert (draft.status, draft.completion) == (Status.DRAFT, Completion.NO_EVIDENCE)


def test_a_commitment_is_dropped_with_a_reason(cast: Cast, lesson: Lesson) -> None:
    commitment, client = made(cast, lesson), browser(cast.kwale_focal_point)
    assert client.post(page("commitment_drop", commitment), {"because": " "}).context["form"].errors

    client.post(page("commitment_drop", commitment), {"because": "No budget"})
    commitment.refresh_from_db()
    assert (commitment.status, commitment.dropped_because) == (Status.DROPPED, "No budget")


def test_two_who_change_a_commitment_do_not_overwrite_each_other(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson, title="First")
    address = page("commitment_edit", commitment)
    mine, theirs = browser(cast.kwale_focal_point), browser(cast.hub_coordinator)
    opened = mine.get(address).context["form"]["version"].value()
    sent = {
        "organisation": cast.kwale.organisation.pk, "language": "en", "transfer_step": "adapt", "access": "public",
        "version": opened,
    }  # fmt: skip
    theirs.post(address, sent | {"title": "Theirs"})

    refused = mine.post(address, sent | {"title": "Mine"})

    commitment.refresh_from_db()
    assert (commitment.title, refused.context["form"]["title"].value()) == ("Theirs", "Mine")


# ── Follow-ups ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_side_answers_for_itself(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    civil = make.person("Helper")
    helper = make.organisation("Kwale women's network", sector=Sector.WOMEN)
    make.tenure(civil, helper)
    commitment.supporting.add(helper)
    secretary = make.person("Secretary")
    make.tenure(secretary, make.organisation(), TenureRole.OFFICIAL)
    make.seat(make.forum(cast.kwale), secretary, SeatRole.SECRETARY)
    state, society = (
        FollowUp.objects.create(commitment=commitment, months=3, side=side, due_on=timezone.localdate())
        for side in Side
    )
    everybody = cast.people() | {"civil": civil, "secretary": secretary}

    def who_may(follow_up: FollowUp) -> set[str]:
        address = reverse("commitments:follow_up_answer", args=[follow_up.pk])
        return {part for part, person in everybody.items() if browser(person).get(address).status_code == 200}

    assert who_may(state) == {"coordinator", "hub_coordinator", "kwale_focal_point"}
    assert who_may(society) == {"coordinator", "civil", "secretary"}


def test_an_answer_leaves_the_commitment_as_it_is(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    ask = FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=timezone.localdate())
    address = reverse("commitments:follow_up_answer", args=[ask.pk])

    browser(cast.kwale_focal_point).post(address, {"completion": "complete", "words": "Imefanyika", "language": "sw"})

    ask.refresh_from_db()
    commitment.refresh_from_db()
    assert (ask.completion, ask.words, ask.language) == (Completion.COMPLETE, "Imefanyika", "sw")
    assert ask.answered_on == timezone.localdate()
    assert commitment.completion == Completion.NO_EVIDENCE


def test_an_unknown_word_is_no_completion(cast: Cast, lesson: Lesson) -> None:
    commitment = made(cast, lesson)
    ask = FollowUp.objects.create(commitment=commitment, months=3, side=Side.GOVERNMENT, due_on=timezone.localdate())

    for act in (
        lambda: set_completion(commitment, completion="great", by=user_of(cast.kwale_focal_point)),
        lambda: answer_follow_up(ask, completion="great", words="", language="en", by=user_of(cast.kwale_focal_point)),
    ):
        with pytest.raises(Exception, match="five words"):
            act()
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_costs_the_same_however_long_the_plan(
    cast: Cast, lesson: Lesson, count: int, django_assert_num_queries: Any
) -> None:
    plan = make.plan(cast.kwale)
    for _ in range(count):
        make.activity(plan)
    client, address = browser(cast.kwale_focal_point), reverse("commitments:commitment_create", args=[lesson.pk])
    client.get(address)

    with django_assert_num_queries(10):
        client.get(address)
