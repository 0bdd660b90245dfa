"""A draft is saved however incomplete, under a name that says so, and what is required counts when it is published."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jirani.commitments.models import Commitment
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.plans.models import ActionPlan
from tests import factories as make
from tests.cast import Cast, client_of
from tests.pages import Page
from tests.unchanged import forms_on

pytestmark = pytest.mark.django_db

UNTITLED = {
    Lesson: {
        "en": "Lesson without a title",
        "fr": "Enseignement sans titre",
        "ar": "درس بلا عنوان",
        "sw": "Somo lisilo na kichwa",
    },
    Event: {
        "en": "Event without a title",
        "fr": "Événement sans titre",
        "ar": "فعالية بلا عنوان",
        "sw": "Tukio lisilo na kichwa",
    },
    Commitment: {
        "en": "Commitment without a title",
        "fr": "Engagement sans titre",
        "ar": "التزام بلا عنوان",
        "sw": "Ahadi isiyo na kichwa",
    },
    ActionPlan: {
        "en": "Plan without a title",
        "fr": "Plan sans titre",
        "ar": "خطة بلا عنوان",
        "sw": "Mpango usio na kichwa",
    },
}


def send(client: Client, address: str, **typed: Any) -> Any:
    """Send the form of a page as a browser would: as it was opened, but for what was typed."""
    (form,) = (form for form in forms_on(client, address) or [] if form.to == address)
    return client.post(address, form.sent | typed)


def missing(page: Any) -> list[str]:
    """What the page says is missing."""
    return [words for words, _address in page.context["missing"]]


@pytest.fixture
def begun(cast: Cast) -> dict[type[Any], Any]:
    """One draft of each kind, begun by somebody who typed a few words and no title."""
    told = make.lesson("Rotate the chair", event=cast.event)
    writer, coordinator, focal = (client_of(one) for one in (cast.rapporteur, cast.coordinator, cast.kwale_focal_point))
    session = reverse("lessons:session_lesson_create", args=[cast.event.slug, cast.session.pk])
    answers = [
        send(writer, session, body="The chair rotates."),
        send(coordinator, reverse("events:event_create"), summary="We meet again."),
        send(focal, reverse("commitments:commitment_create", args=[told.pk]), problem="Nobody listens."),
        send(focal, reverse("plans:plan_create", args=[cast.kwale.organisation.slug]), vision="Peace."),
    ]
    assert [answer.status_code for answer in answers] == [302] * 4
    return {
        Lesson: Lesson.objects.get(body="The chair rotates."),
        Event: Event.objects.get(summary="We meet again."),
        Commitment: Commitment.objects.get(problem="Nobody listens."),
        ActionPlan: ActionPlan.objects.get(vision="Peace."),
    }


def test_each_has_a_name_in_the_language_of_its_reader(cast: Cast, begun: dict[type[Any], Any]) -> None:
    pages: dict[type[Any], tuple[Any, str]] = {
        Lesson: (cast.rapporteur, f"lessons/{begun[Lesson].pk}/"),
        Event: (cast.coordinator, f"events/{begun[Event].slug}/"),
        Commitment: (cast.kwale_focal_point, f"commitments/{begun[Commitment].pk}/"),
        ActionPlan: (cast.kwale_focal_point, f"plans/{begun[ActionPlan].slug}/"),
    }
    for model, names in UNTITLED.items():
        person, path = pages[model]
        assert str(begun[model]) == names["en"]
        for code, name in names.items():
            page = client_of(person).get(f"/{code}/{path}").content.decode()
            assert f">{name}</h1>" in page, (model, code)
        assert client_of(cast.outsider).get(f"/en/{path}").status_code == 404


def test_the_desk_leads_back_to_each(cast: Cast, begun: dict[type[Any], Any]) -> None:
    desks = {person: client_of(person).get("/en/desk/").content.decode() for person in cast.people().values()}
    who = {
        Lesson: cast.rapporteur,
        Event: cast.coordinator,
        Commitment: cast.kwale_focal_point,
        ActionPlan: cast.kwale_focal_point,
    }
    assert {model for model in UNTITLED if UNTITLED[model]["en"] in desks[who[model]]} == set(UNTITLED)


def told_on_desk(person: Any, kind: str) -> list[str]:
    """What the row of the draft without a title says is missing, on the desk of that person."""
    (row,) = (row for row in client_of(person).get("/en/desk/").context["needed"] if kind in str(row["what"]))
    return list(row["missing"])


def test_the_desk_says_what_is_missing_until_it_is_there(cast: Cast, begun: dict[type[Any], Any]) -> None:
    who = (cast.rapporteur, cast.coordinator, cast.kwale_focal_point, cast.kwale_focal_point)
    told = {model: told_on_desk(person, UNTITLED[model]["en"]) for model, person in zip(UNTITLED, who, strict=True)}
    assert told == {
        Lesson: [
            "Choose what it is: a lesson, a good practice, a challenge or another kind.",
            "Give it a title: a sentence that somebody else can repeat.",
        ],
        Event: [
            "Give it a title: the name that people will use for it.",
            "Enter the first day, or say that the date is not known.",
            "Say where it takes place.",
        ],
        Commitment: ["Say in a sentence what will be done."],
        ActionPlan: ["Give it a title: the one that stands on its cover."],
    }

    Lesson.objects.filter(pk=begun[Lesson].pk).update(kind="lesson", title="Rotate the bench")
    day = date(2027, 3, 1)
    Event.objects.filter(pk=begun[Event].pk).update(title="Fair", place="Kwale", starts_on=day, ends_on=day)
    Session.objects.create(event=begun[Event], kind="site-visit", title="Harbour")
    assert told_on_desk(cast.rapporteur, "Rotate the bench") == []
    assert told_on_desk(cast.coordinator, "Fair") == ["Say what is visited in “Harbour”, and where."]


def test_the_page_of_a_plan_lists_what_is_missing_until_it_is_there(cast: Cast, begun: dict[type[Any], Any]) -> None:
    client, plan = client_of(cast.kwale_focal_point), begun[ActionPlan]
    page, details = (reverse(f"plans:{name}", args=[plan.slug]) for name in ("plan_edit", "detail_edit"))

    def ways() -> list[str]:
        soup = Page(client.get(page).content.decode()).soup
        return [str(link["href"]) for link in soup.select("main .notice a")]

    assert ways() == [f"{details}#id_title"]
    assert Page(client.get(details).content.decode()).soup.find(id="id_title") is not None
    ActionPlan.objects.filter(pk=plan.pk).update(title="Plan of Kwale")
    assert ways() == [f"{details}#id_state"]


def test_what_is_missing_is_said_with_the_way_to_mend_it_and_nothing_is_published(
    cast: Cast, begun: dict[type[Any], Any]
) -> None:
    lesson, event, commitment = (begun[model] for model in (Lesson, Event, Commitment))
    publish: list[tuple[Any, str, str, list[str]]] = [
        (cast.rapporteur, reverse("lessons:lesson_publish", args=[lesson.pk]), f"/en/lessons/{lesson.pk}/edit/", ["kind", "title"]),
        (cast.coordinator, reverse("events:event_publish", args=[event.slug]), f"/en/events/{event.slug}/edit/details/", ["title", "starts_on", "place"]),
        (cast.kwale_focal_point, reverse("commitments:commitment_publish", args=[commitment.pk]), f"/en/commitments/{commitment.pk}/edit/", ["title"]),
    ]  # fmt: skip
    for person, address, edit, fields in publish:
        client = client_of(person)
        page = client.get(address)
        assert [way for _words, way in page.context["missing"]] == [f"{edit}#id_{name}" for name in fields]
        form = Page(client.get(edit).content.decode()).soup
        assert [form.find(id=f"id_{name}") is not None for name in fields] == [True] * len(fields)
        version = page.context["form"]["version"].value() if "form" in page.context else ""
        assert client.post(address, {"version": version}).status_code in {200, 422}
    for record in (lesson, event, commitment):
        record.refresh_from_db()
    assert (lesson.state, event.state, commitment.status) == ("draft", "draft", "draft")


def test_a_lesson_is_completed_and_published(cast: Cast, begun: dict[type[Any], Any]) -> None:
    lesson, client = begun[Lesson], client_of(cast.rapporteur)
    edit, publish = (reverse(f"lessons:lesson_{what}", args=[lesson.pk]) for what in ("edit", "publish"))

    assert send(client, edit, kind="lesson", title="Rotate the chair").headers["Location"] == publish
    assert (missing(client.get(publish)), client.post(publish).status_code) == ([], 302)
    lesson.refresh_from_db()
    assert (lesson.state, lesson.title) == ("published", "Rotate the chair")

    for taken in ({"title": ""}, {"kind": ""}, {"body": ""}):
        answer = send(client, edit, **taken)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(taken)), (
            "once published, it stays whole"
        )


def test_an_event_is_completed_and_published(cast: Cast, begun: dict[type[Any], Any]) -> None:
    event, client = begun[Event], client_of(cast.coordinator)
    details = reverse("events:detail_edit", args=[event.slug])

    assert send(client, details, title="Exchange").status_code == 302
    publish = reverse("events:event_publish", args=[event.slug])
    assert missing(client.get(publish)) == [
        "Enter the first day, or say that the date is not known.",
        "Say where it takes place.",
    ]
    assert send(client, details, starts_on="2027-03-01", place="Kwale").status_code == 302
    assert client.post(publish).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.starts_on, event.ends_on) == ("published", date(2027, 3, 1), date(2027, 3, 1))
    assert list(send(client, details, starts_on="", ends_on="").context["form"].errors) == ["starts_on"]


def test_an_event_that_gets_its_days_comes_before_what_follows_it(cast: Cast, begun: dict[type[Any], Any]) -> None:
    event, client = begun[Event], client_of(cast.coordinator)
    day = date(2027, 3, 1)
    make.event("A year later", follow_up_of=event, starts_on=day, ends_on=day)
    details = reverse("events:detail_edit", args=[event.slug])
    assert list(send(client, details, starts_on="2027-03-02").context["form"].errors) == ["starts_on"]
    assert send(client, details, starts_on="2027-02-28").status_code == 302


def test_a_commitment_and_a_plan_are_completed(cast: Cast, begun: dict[type[Any], Any]) -> None:
    client = client_of(cast.kwale_focal_point)
    commitment, plan = begun[Commitment], begun[ActionPlan]
    edit = reverse("commitments:commitment_edit", args=[commitment.pk])
    send(client, edit, title="Rotate the chair from July")
    assert client.post(reverse("commitments:commitment_publish", args=[commitment.pk])).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.status, list(send(client, edit, title="").context["form"].errors)) == ("open", ["title"])

    details = reverse("plans:detail_edit", args=[plan.slug])
    assert list(send(client, details, state="adopted").context["form"].errors) == ["title"]
    assert send(client, details, state="adopted", title="Plan of Kwale").status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.title) == ("adopted", "Plan of Kwale")


def test_nothing_at_all_is_no_draft(cast: Cast) -> None:
    told = make.lesson("Rotate the chair", event=cast.event)
    coordinator, focal = client_of(cast.coordinator), client_of(cast.kwale_focal_point)
    answers = [
        send(coordinator, reverse("lessons:lesson_create")),
        send(coordinator, reverse("events:event_create")),
        send(focal, reverse("commitments:commitment_create", args=[told.pk])),
        send(focal, reverse("plans:plan_create", args=[cast.kwale.organisation.slug])),
    ]
    said = [str(next(iter(answer.context["form"].errors.values()))[0]) for answer in answers]
    assert [words.partition(":")[0] for words in said] == ["Write something first"] * 4
    assert (Lesson.objects.count(), Commitment.objects.exists()) == (1, False)


def test_programme_and_people_wait_for_the_days(cast: Cast, begun: dict[type[Any], Any]) -> None:
    event, client = begun[Event], client_of(cast.coordinator)
    details = reverse("events:detail_edit", args=[event.slug]) + "#id_starts_on"
    names = (
        "session_create",
        "participation_create",
        "participation_paste",
        "participation_invite",
        "participation_attend",
    )

    for name in names:
        assert client.get(reverse(f"events:{name}", args=[event.slug])).headers["Location"] == details
    assert "No days yet" in client.get(reverse("events:event_edit", args=[event.slug])).content.decode()
    assert "it stays a draft" in client.get(reverse("events:event_cancel", args=[event.slug])).content.decode()


def test_days_on_which_something_hangs_stay(cast: Cast) -> None:
    event, client = make.event(state="draft"), client_of(cast.coordinator)
    details, nothing = reverse("events:detail_edit", args=[event.slug]), {"starts_on": "", "ends_on": ""}
    session = Session.objects.create(event=event, kind="panel", title="Panel")

    assert list(send(client, details, **nothing).context["form"].errors) == ["starts_on"]
    session.delete()
    assert send(client, details, **nothing).status_code == 302
    event.refresh_from_db()
    assert (event.starts_on, event.ends_on) == (None, None)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Lesson.objects.filter(state="published").update(title=""),
        lambda: Lesson.objects.filter(state="published").update(kind=""),
        lambda: Event.objects.filter(state="published").update(title=" "),
        lambda: Event.objects.filter(state="published").update(starts_on=None, ends_on=None),
        lambda: Event.objects.filter(state="draft").update(ends_on=None),
        lambda: Commitment.objects.filter(status="open").update(title=""),
        lambda: ActionPlan.objects.filter(state="adopted").update(title=""),
    ],
)
def test_the_database_refuses_what_is_shown_without_a_name_or_days(cast: Cast, spoil: Callable[[], int]) -> None:
    make.lesson("Rotate", event=cast.event)
    make.event(state="draft")
    make.commitment(cast.kwale.organisation)
    with pytest.raises(IntegrityError), transaction.atomic():
        spoil()
