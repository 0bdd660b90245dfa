"""Lessons: made of notes or written at home, previewed, published, changed and withdrawn."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.events.models import Delegation
from jirani.lessons.actions import edit_lesson, publish_lesson, write_lesson
from jirani.lessons.enums import Attribution, LessonKind, Publication
from jirani.lessons.models import Lesson
from jirani.members.models import Person
from jirani.taxonomy.models import Goal, Target
from tests import factories as make
from tests.cast import Cast, client_of, user_of

from .test_notes import notes_page

pytestmark = pytest.mark.django_db


def lesson_fields(**fields: Any) -> dict[str, Any]:
    return {
        "kind": LessonKind.GOOD_PRACTICE, "title": "Rotate the seats", "body": "How", "language": "en",
        "access": AccessMode.PUBLIC, "once": "k2",
    } | fields  # fmt: skip


def test_a_lesson_of_notes_begins_with_what_they_may_tell(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    told = make.note(
        cast.session, "Ours", language="sw", speaker=cast.participant, attribution=Attribution.AUTHORITY, authority=cast.kwale,
        attributed_at=cast.session.created_at,
    )  # fmt: skip
    silent = make.note(cast.session, "Theirs", language="sw")
    address = notes_page(cast, "session_lesson_create")

    client = client_of(cast.rapporteur)
    picked = {"notes": [str(told.pk), str(silent.pk), "x", "9" * 5000]}
    form = client.post(address, {"pick": "1", **picked}).context["form"]

    assert (form["body"].value(), form["language"].value()) == ("Ours\n\nTheirs", "sw")
    assert set(form["notes"].value()) == {told.pk, silent.pk}
    assert form["authorities"].value() == [cast.kwale.pk]
    assert not Lesson.objects.exists()
    # Not by an address, which a proxy's log would keep beside the reader's own.
    assert [client.get(address, {name: told.pk}).context["form"]["notes"].value() for name in ("note", "notes")] == [
        [],
        [],
    ]


def test_a_lesson_says_to_which_targets_of_the_sdgs_it_belongs(cast: Cast) -> None:
    goal = Goal.objects.create(number=16, title="Peace", language="en")
    targets = [Target.objects.create(goal=goal, code=code, title=code, language="en") for code in ("16.6", "16.7")]
    lesson = make.lesson(event=cast.event)
    client, address = client_of(cast.coordinator), reverse("lessons:lesson_edit", args=[lesson.pk])
    form = client.get(address).context["form"]
    assert [str(label) for _key, label in form.fields["targets"].choices] == ["16.6 16.6", "16.7 16.7"]

    client.post(address, lesson_fields(targets=[targets[1].pk], version=form["version"].value()))

    assert list(lesson.targets.all()) == targets[1:]
    assert client.get(address).context["form"]["targets"].value() == [targets[1].pk]


def test_a_lesson_is_written_once_previewed_and_published(cast: Cast) -> None:
    note, client = make.note(cast.session), client_of(cast.rapporteur)
    address = notes_page(cast, "session_lesson_create")

    answers = [client.post(address, lesson_fields(notes=[note.pk])) for _ in range(2)]

    lesson = Lesson.objects.get()
    preview = reverse("lessons:lesson_publish", args=[lesson.pk])
    assert [answer["Location"] for answer in answers] == [preview] * 2
    assert (lesson.state, lesson.writer, list(lesson.notes.all())) == (Publication.DRAFT, cast.rapporteur, [note])
    assert client_of(cast.outsider).get(preview).status_code == 404
    assert "Rotate the seats" in client.get(preview).content.decode()
    for kind in (LessonKind.RECOMMENDATION, lesson.kind):
        Lesson.objects.update(kind=kind, addressees=["cities"] if kind == LessonKind.RECOMMENDATION else [])
        buttons = re.findall(r"<button class=\"button\">(.+)</button>", client.get(preview).content.decode())
        assert buttons == [f"Publish the {LessonKind(kind).label}"]

    assert client.post(preview)["Location"] == reverse("public:lesson_detail", args=[lesson.pk])
    lesson.refresh_from_db()
    assert lesson.state == Publication.PUBLISHED
    assert Entry.objects.get(verb="lessons.publish_lesson").actor_id == cast.rapporteur.user_id


def test_a_withdrawn_lesson_disappears_and_can_come_back(cast: Cast) -> None:
    lesson = make.lesson(session=cast.session, event=cast.event, body="How")
    first_day = lesson.published_at
    client = client_of(cast.rapporteur)

    assert client_of(cast.outsider).post(reverse("lessons:lesson_withdraw", args=[lesson.pk])).status_code == 404
    client.post(reverse("lessons:lesson_withdraw", args=[lesson.pk]))
    assert not Lesson.objects.visible_to(User.objects.get(person=cast.outsider)).exists()

    client.post(reverse("lessons:lesson_publish", args=[lesson.pk]))
    lesson.refresh_from_db()
    assert (lesson.state, lesson.published_at) == (Publication.PUBLISHED, first_day)


@pytest.mark.parametrize(
    ("kind", "addressees", "kept"),
    [
        (LessonKind.RECOMMENDATION, [], []),
        (LessonKind.RECOMMENDATION, ["kings"], None),
        (LessonKind.RECOMMENDATION, ["cities"], ["cities"]),
        (LessonKind.RECOMMENDATION, ["faith", "national", "cities"], ["faith", "national", "cities"]),
        (LessonKind.SUCCESS, ["cities"], []),
        (LessonKind.SUCCESS, [], []),
    ],
)
def test_a_recommendation_and_only_it_has_addressees(
    cast: Cast, kind: str, addressees: list[str], kept: list[str] | None
) -> None:
    fields = lesson_fields(kind=kind, addressees=addressees)
    answer = client_of(cast.rapporteur).post(notes_page(cast, "session_lesson_create"), fields)

    if kept is None:
        assert list(answer.context["form"].errors) == ["addressees"]
    else:
        assert Lesson.objects.get().addressees == kept


def test_the_action_asks_too_for_addressees(cast: Cast) -> None:
    by, room = user_of(cast.rapporteur), {"event": cast.event, "session": cast.session}

    with pytest.raises(ValidationError) as refused:
        write_lesson(Lesson(kind=LessonKind.SUCCESS, addressees=["cities"], title="Rotate", **room), links={}, by=by)
    assert refused.value.message_dict == {"addressees": ["Only a recommendation has addressees."]}
    assert not Lesson.objects.exists()
    draft = write_lesson(Lesson(kind=LessonKind.RECOMMENDATION, title="Rotate", body="How", **room), links={}, by=by)
    with pytest.raises(ValidationError) as refused:
        publish_lesson(draft, by=by)
    assert refused.value.message_dict == {"addressees": ["Choose who the recommendation is for."]}


@pytest.mark.parametrize(
    ("event_mode", "session_mode", "offered"),
    [
        ("public", "public", ["public", "network", "closed"]),
        ("network", "public", ["network", "closed"]),
        ("public", "network", ["network", "closed"]),
        ("closed", "public", ["closed"]),
        ("network", "closed", ["closed"]),
    ],
)
def test_a_lesson_is_never_wider_than_its_room(
    cast: Cast, event_mode: str, session_mode: str, offered: list[str]
) -> None:
    cast.event.access, cast.session.access = event_mode, session_mode
    cast.event.save()
    cast.session.save()
    client, address = client_of(cast.rapporteur), notes_page(cast, "session_lesson_create")

    form = client.get(address).context["form"]
    assert [value for value, _ in form.fields["access"].choices] == offered

    client.post(address, lesson_fields(access="public"))
    assert Lesson.objects.exists() is ("public" in offered)


def test_a_lesson_of_a_closed_session_names_no_city(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    cast.session.access = AccessMode.CLOSED
    cast.session.save()
    client, address = client_of(cast.rapporteur), notes_page(cast, "session_lesson_create")

    assert "authorities" not in client.get(address).context["form"].fields
    client.post(address, lesson_fields(access="closed", authorities=[cast.kwale.pk]))
    assert list(Lesson.objects.get().authorities.all()) == []


def test_a_city_is_not_named_with_a_note_whose_speaker_has_not_said(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    waiting = make.note(cast.session, speaker=cast.participant)
    address = notes_page(cast, "session_lesson_create")
    fields = lesson_fields(notes=[waiting.pk], authorities=[cast.kwale.pk])

    answer = client_of(cast.rapporteur).post(address, fields)

    assert list(answer.context["form"].errors) == ["authorities"]
    assert not Lesson.objects.exists()


def test_two_who_change_a_lesson_do_not_overwrite_each_other(cast: Cast) -> None:
    lesson = make.lesson("First", session=cast.session, event=cast.event, body="How")
    address = reverse("lessons:lesson_edit", args=[lesson.pk])
    mine, theirs = client_of(cast.rapporteur), client_of(cast.editor)
    opened = mine.get(address).context["form"]["version"].value()
    theirs.post(address, lesson_fields(title="Theirs", version=opened))

    refused = mine.post(address, lesson_fields(title="Mine", version=opened))

    lesson.refresh_from_db()
    assert (lesson.title, refused.context["form"]["title"].value()) == ("Theirs", "Mine")
    mine.post(address, lesson_fields(title="Mine", version=refused.context["form"]["version"].value()))
    lesson.refresh_from_db()
    assert (lesson.title, lesson.state) == ("Mine", Publication.PUBLISHED)


def test_an_editor_reads_no_note_and_leaves_them_in_the_lesson(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    waiting = make.note(cast.session, "Between us", speaker=cast.participant)
    lesson = make.lesson(session=cast.session, event=cast.event, body="How")
    lesson.notes.add(waiting)
    client, address = client_of(cast.editor), reverse("lessons:lesson_edit", args=[lesson.pk])

    assert "Between us" not in client.get(address).content.decode()
    refused = client.post(address, lesson_fields(authorities=[cast.kwale.pk]))
    assert list(refused.context["form"].errors) == ["authorities"]
    client.post(address, lesson_fields(title="Clearer"))

    lesson.refresh_from_db()
    assert (lesson.title, list(lesson.notes.all()), list(lesson.authorities.all())) == ("Clearer", [waiting], [])


def test_a_lesson_from_home_is_written_by_those_who_speak_for_somebody(cast: Cast) -> None:
    address = reverse("lessons:lesson_create")
    codes = {part: client_of(person).get(address).status_code for part, person in cast.people().items()}

    may = {"coordinator", "hub_coordinator", "editor", "kwale_focal_point", "mombasa_focal_point"}
    assert codes == {part: 200 if part in may else 403 for part in codes}
    client_of(cast.kwale_focal_point).post(address, lesson_fields(authorities=[cast.kwale.pk]))
    assert list(Lesson.objects.get().authorities.all()) == [cast.kwale]
    client_of(cast.kwale_focal_point).post(address, lesson_fields(authorities=[cast.mombasa.pk], once="k3"))
    assert Lesson.objects.count() == 1


def test_a_lesson_from_home_is_read_by_more_than_its_writer(cast: Cast) -> None:
    client, address = client_of(cast.kwale_focal_point), reverse("lessons:lesson_create")
    offered = client.get(address).context["form"]["access"].field.choices
    told = (
        client_of(cast.rapporteur)
        .get(notes_page(cast, "session_lesson_create"))
        .context["form"]["access"]
        .field.choices
    )
    refused = client.post(address, lesson_fields(access=AccessMode.CLOSED))

    assert [[mode for mode, _name in modes] for modes in (offered, told)] == [
        ["public", "network"], ["public", "network", "closed"],
    ]  # fmt: skip
    assert (list(refused.context["form"].errors), Lesson.objects.count()) == (["access"], 0)


def test_what_nobody_could_read_is_kept_but_not_published(cast: Cast) -> None:
    old = make.lesson(state=Publication.DRAFT, access=AccessMode.CLOSED, body="How", writer=cast.kwale_focal_point)
    client, address = client_of(cast.kwale_focal_point), reverse("lessons:lesson_edit", args=[old.pk])
    publish = reverse("lessons:lesson_publish", args=[old.pk])
    assert client.post(address, lesson_fields(access=AccessMode.CLOSED, title="Clearer")).status_code == 302
    assert client.post(publish).context["faults"] == ["Choose more people: without an event nobody could read it."]
    old.refresh_from_db()
    assert (old.title, old.access, old.state) == ("Clearer", AccessMode.CLOSED, Publication.DRAFT)

    client.post(address, lesson_fields(access=AccessMode.NETWORK))
    assert client.post(publish).status_code == 302
    refused = client.post(address, lesson_fields(access=AccessMode.CLOSED))
    old.refresh_from_db()
    assert (list(refused.context["form"].errors), old.access, old.state) == (["access"], "network", "published")


def test_a_lesson_from_home_comes_from_whom_its_writer_speaks_for(cast: Cast) -> None:
    address = reverse("lessons:lesson_create")

    def ticked(person: Person) -> list[int]:
        chosen: list[int] = client_of(person).get(address).context["form"]["authorities"].value() or []
        return chosen

    assert [ticked(cast.kwale_focal_point), ticked(cast.coordinator)] == [[cast.kwale.pk], []]
    make.tenure(cast.kwale_focal_point, cast.mombasa.organisation)
    assert ticked(cast.kwale_focal_point) == []
    client_of(cast.mombasa_focal_point).post(address, lesson_fields(authorities=[]))
    assert list(Lesson.objects.get().authorities.all()) == [], "what is unticked stays so"


def test_an_empty_lesson_is_not_published(cast: Cast) -> None:
    lesson = make.lesson(session=cast.session, event=cast.event, state=Publication.DRAFT)

    answer = client_of(cast.rapporteur).post(reverse("lessons:lesson_publish", args=[lesson.pk]))

    lesson.refresh_from_db()
    assert (len(answer.context["faults"]), lesson.state) == (1, Publication.DRAFT)


@pytest.mark.parametrize(
    ("state", "faults"),
    [
        (Publication.DRAFT, {}),
        (Publication.WITHDRAWN, {}),
        (Publication.PUBLISHED, {"body": ["Describe the lesson in a few sentences before it is published."]}),
    ],
)
def test_only_what_is_published_keeps_a_text(cast: Cast, state: str, faults: dict[str, list[str]]) -> None:
    lesson = make.lesson("Rotate", session=cast.session, event=cast.event, body="How", state=state)

    answer = client_of(cast.rapporteur).post(
        reverse("lessons:lesson_edit", args=[lesson.pk]), lesson_fields(body="", title="Rotate the seats")
    )

    lesson.refresh_from_db()
    assert (answer.context["form"].errors if answer.context else {}) == faults
    assert (lesson.title, lesson.body) == (("Rotate", "How") if faults else ("Rotate the seats", ""))


@pytest.mark.parametrize("kind", [LessonKind.RECOMMENDATION, LessonKind.GOOD_PRACTICE])
def test_pages_call_it_what_it_is(cast: Cast, kind: LessonKind) -> None:
    whom = ["cities", "national"] if kind == LessonKind.RECOMMENDATION else []
    record = make.lesson("Meet on fixed days", body="How", kind=kind, addressees=whom, writer=cast.kwale_focal_point)
    client = client_of(cast.kwale_focal_point)
    names = ("lesson_publish", "lesson_edit", "lesson_withdraw")

    def said(state: str) -> list[list[str]]:
        type(record).objects.filter(pk=record.pk).update(state=state)
        pages = [client.get(reverse(f"lessons:{name}", args=[record.pk])).content.decode() for name in names]
        mains = [page.partition("<main")[2].partition("</main>")[0] for page in pages]
        return [re.findall(r"\w+ (?:this|the|a) lesson\b", main, re.IGNORECASE) for main in mains]

    assert [said(state) for state in (Publication.DRAFT, Publication.PUBLISHED)] == [[[]] * 3] * 2
    page = client.get(reverse("lessons:lesson_publish", args=[record.pk])).content.decode()
    assert (f"Change the {kind.label}" in page, "to mayors and cities; national governments" in page) == (
        True, kind == LessonKind.RECOMMENDATION,
    )  # fmt: skip


def test_the_action_asks_too_who_changes_a_lesson(cast: Cast) -> None:
    room = {"event": cast.event, "session": cast.session, "writer": cast.rapporteur}
    lesson = make.lesson("Rotate the seats", body="Each year another city.", **room)
    lesson.title = "Keep the seats"

    for stranger in (cast.mombasa_focal_point, cast.outsider):
        with pytest.raises(PermissionDenied):
            edit_lesson(lesson, links={}, by=user_of(stranger))
    assert Lesson.objects.get().title == "Rotate the seats"

    edit_lesson(lesson, links={}, by=user_of(cast.rapporteur))
    assert Lesson.objects.get().title == "Keep the seats"
