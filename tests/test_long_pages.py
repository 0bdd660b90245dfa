"""Pages of what grows without end are split: each part is light, costs few queries, and all parts together hold everything once."""

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jirani.core.paging import place_cursor, stretch_of
from jirani.events.enums import SessionKind
from jirani.events.models import Session
from jirani.lessons.models import Note
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from tests import factories as make
from tests.cast import Cast, client_of
from tests.lengths import light, walked


@pytest.fixture
def plan(cast: Cast, known: None) -> ActionPlan:
    """A plan of ten pillars, of five objectives each, of twenty activities each."""
    made = make.plan(cast.kwale)
    pillars = Pillar.objects.bulk_create(Pillar(plan=made, number=n, title=f"Pillar {n}") for n in range(1, 11))
    objectives = Objective.objects.bulk_create(
        Objective(pillar=pillar, number=n, title=f"Objective {pillar.number}.{n}")
        for pillar in pillars
        for n in range(1, 6)
    )
    Activity.objects.bulk_create(
        Activity(
            objective=each, number=n, title=f"Activity {n} of {each.title}", description="Drains are cleared. " * 5
        )
        for each in objectives
        for n in range(1, 21)
    )
    return made


@pytest.mark.django_db
def test_a_plan_of_a_thousand_activities(cast: Cast, plan: ActionPlan) -> None:
    editor = client_of(cast.coordinator)
    keys = [
        str(pk)
        for pk in Activity.objects.filter(objective__pillar__plan=plan)
        .order_by("objective__pillar__number", "objective__number", "number")
        .values_list("pk", flat=True)
    ]
    for client, name in ((Client(), "public:plan_detail"), (editor, "plans:plan_edit")):
        pages = walked(client, reverse(name, args=[plan.slug]))
        assert [pk for page in pages for pk in re.findall(r'id="activity-(\d+)"', page)] == keys
        assert ["not been entered yet" in page or "no objective yet" in page for page in pages] == [False] * len(pages)


@pytest.mark.django_db
def test_links_to_a_part_of_a_long_plan_lead_to_its_page(cast: Cast, plan: ActionPlan) -> None:
    address = reverse("public:plan_detail", args=[plan.slug])
    activity = Activity.objects.get(objective__pillar__plan=plan, title="Activity 1 of Objective 9.2")
    about = Client().get(f"{address}activities/{activity.pk}/").content.decode()
    link = re.search(rf'href="({address}\?cursor=9)#pillar-9"', about)
    assert link
    assert 'id="pillar-9"' in light(Client(), link[1])
    contents = re.findall(r'<li><a href="([^"]*)#(pillar-\d+)">', light(Client(), address))
    assert [f'id="{anchor}"' in light(Client(), address + query) for query, anchor in contents] == [True] * 10

    editor = client_of(cast.coordinator)
    moved = editor.post(reverse("plans:activity_move", args=[plan.slug, activity.pk]), {"to": "2"})
    place, _hash, anchor = moved.headers["Location"].partition("#")
    assert f'id="{anchor}"' in light(editor, place)
    assert Client().get(f"{address}?cursor=none").status_code == 404


@pytest.mark.django_db
def test_who_changes_a_part_of_a_long_plan_comes_back_to_it(cast: Cast, plan: ActionPlan) -> None:
    editor, pillar = client_of(cast.coordinator), Pillar.objects.get(plan=plan, number=9)
    last = Activity.objects.get(objective__pillar=pillar, title="Activity 20 of Objective 9.5")
    add = reverse("plans:objective_create", args=[plan.slug, pillar.pk])
    delete = reverse("plans:activity_delete", args=[plan.slug, last.pk])
    objective = {"title": "One more objective", "language": "en"}
    for address, sent, seen in ((add, objective, "One more objective"), (delete, {}, "Objective 9.5")):
        place, _hash, anchor = editor.post(address, sent).headers["Location"].partition("#")
        page = light(editor, place)
        assert (f'id="{anchor}"' in page, seen in page.partition(f'id="{anchor}"')[2][:200]) == (True, True)
    assert not Activity.objects.filter(pk=last.pk).exists()


@pytest.mark.django_db
def test_two_thousand_notes_of_a_session(cast: Cast, known: None) -> None:
    Note.objects.bulk_create(
        Note(session=cast.session, text=f"Word {n}. " + "Water comes first. " * 5) for n in range(2000)
    )
    client = client_of(cast.rapporteur)
    address = reverse("lessons:note_list", args=[cast.event.slug, cast.session.pk])
    first = light(client, address)
    turn = re.search(r'formaction="([^"]+)"', first)
    assert turn
    keys = re.findall(r'name="notes" value="(\d+)"', first)
    second = light(client, turn[1], post={"notes": keys[:3]})
    assert set(re.findall(r'type="hidden" name="notes" value="(\d+)"', second)) == set(keys[:3])
    assert "3 more notes are picked on other pages." in second
    others = re.findall(r'checkbox" name="notes" value="(\d+)"', second)
    assert (len(others), set(others) & set(keys)) == (100, set())

    pick = reverse("lessons:session_lesson_create", args=[cast.event.slug, cast.session.pk])
    form = light(client, pick, post={"pick": "1", "notes": [keys[0], others[0]]})
    assert set(re.findall(r'name="notes" value="(\d+)"[^>]*checked', form)) == {keys[0], others[0]}


@pytest.mark.django_db
def test_the_address_of_a_page_of_notes_says_neither_which_nor_when(cast: Cast, known: None) -> None:
    for number in range(101):
        make.note(cast.session, f"Word {number}", speaker=cast.participant)
    of_session = reverse("lessons:note_list", args=[cast.event.slug, cast.session.pk])
    for person, address in ((cast.rapporteur, of_session), (cast.participant, reverse("lessons:note_own"))):
        page = light(client_of(person), address)
        assert set(re.findall(r"cursor=([^\"&]+)", page)) == {"101"}
        second = light(client_of(person), f"{address}?cursor=101")
        assert set(re.findall(r"cursor=([^\"&]+)", second)) == {"1", "101"}
        said = [re.findall(r"Word (\d+)", each) for each in (page, second)]
        assert ([len(set(each)) for each in said], set(said[0]) & set(said[1])) == ([100, 1], set())


@pytest.mark.django_db
def test_as_many_notes_as_may_be_picked_are_taken_along_and_sent(cast: Cast, known: None) -> None:
    Note.objects.bulk_create(Note(session=cast.session, text=f"Word {n}.") for n in range(1100))
    client, session = client_of(cast.rapporteur), [cast.event.slug, cast.session.pk]
    address, page = reverse("lessons:note_list", args=session), ""
    picked: set[str] = set()
    for first in range(1, 1100, 100):
        answer = client.post(f"{address}?cursor={first}", {"notes": sorted(picked)})
        assert answer.status_code == 200
        page = answer.content.decode()
        picked = set(re.findall(r'name="notes" value="(\d+)"', page))
    kept = re.findall(r'type="hidden" name="notes" value="(\d+)"', page)
    made = client.post(reverse("lessons:session_lesson_create", args=session), {"pick": "1", "notes": sorted(picked)})
    assert (len(kept), len(picked), made.status_code) == (800, 900, 200)


@pytest.mark.django_db
def test_who_writes_changes_or_withdraws_a_note_comes_to_the_page_on_which_it_is(cast: Cast, known: None) -> None:
    for n in range(210):
        make.note(cast.session, f"Word {n}.")
    notes, client, session = (
        list(cast.session.notes.all()),
        client_of(cast.rapporteur),
        [cast.event.slug, cast.session.pk],
    )
    for address, sent, seen in (
        (
            reverse("lessons:note_create", args=session),
            {"text": "The very last word.", "language": "en"},
            "The very last",
        ),
        (reverse("lessons:note_edit", args=[notes[150].pk]), {"text": "Word changed."}, "Word changed."),
        (reverse("lessons:note_withdraw", args=[notes[120].pk]), {}, notes[121].text),
    ):
        form = client.get(address).context.get("form") if "new" not in address else None
        begun = {name: form[name].value() or "" for name in form.fields} if form else {}
        place = client.post(address, begun | sent).headers["Location"]
        assert (re.search(r"\?cursor=[0-9]+(#id_text)?$", place) is not None, seen in light(client, place)) == (
            True,
            True,
        )


@pytest.mark.django_db
def test_notes_beyond_the_first_hundred_are_added_to_a_lesson_that_is_there(cast: Cast, known: None) -> None:
    for n in range(250):
        make.note(cast.session, f"Word {n}.")
    notes = list(cast.session.notes.all())
    lesson = make.lesson(event=cast.event, session=cast.session, body="Rotate the seats.")
    lesson.notes.add(notes[3])
    client, edit = client_of(cast.rapporteur), reverse("lessons:lesson_edit", args=[lesson.pk])
    link = re.search(r'href="([^"]*\?into=\d+)"', client.get(edit).content.decode())
    assert link
    first = light(client, link[1])
    turn = re.findall(r'formaction="([^"]+)"', first)
    assert turn[0] == edit
    second = light(client, turn[1].replace("&amp;", "&"), post={"notes": [str(notes[5].pk)]})
    assert f'formaction="{edit}"' in second
    answer = client.post(edit, {"pick": "1", "notes": [str(notes[5].pk), str(notes[220].pk)]})
    form = answer.context["form"]
    assert set(form["notes"].value()) == {notes[n].pk for n in (3, 5, 220)}
    assert set(re.findall(r'name="notes" value="(\d+)"[^>]*checked', answer.content.decode())) == {
        str(notes[n].pk) for n in (3, 5, 220)
    }
    facts = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in ("notes", "authorities", "addressees", "themes", "drivers")
    }
    saved = client.post(edit, facts | {"notes": [str(notes[n].pk) for n in (3, 5, 220)]})
    assert (saved.status_code, set(lesson.notes.all())) == (302, {notes[n] for n in (3, 5, 220)})

    elsewhere = make.lesson(event=cast.event, session=make.session(cast.event))
    assert (
        client.get(
            reverse("lessons:note_list", args=[cast.event.slug, cast.session.pk]) + f"?into={elsewhere.pk}"
        ).status_code
        == 404
    )


@pytest.mark.django_db
def test_who_has_more_to_answer_is_not_told_that_nothing_waits(cast: Cast, known: None) -> None:
    for number in range(100):
        make.note(cast.session, f"Word {number}", speaker=cast.participant)
    answered: Any = {"attribution": "authority", "attributed_at": timezone.now(), "speaker": cast.participant}
    make.note(cast.session, "Said", **answered)
    client, address = client_of(cast.participant), reverse("lessons:note_own")
    pages = [client.get(address + query).content.decode() for query in ("", "?cursor=101")]
    assert [("Nothing is waiting for you." in page, "Word " in page) for page in pages] == [
        (False, True),
        (False, False),
    ]
    Note.objects.filter(attributed_at=None).delete()
    assert "Nothing is waiting for you." in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_programme_of_three_hundred_sessions(cast: Cast, known: None) -> None:
    event = make.event(title="Summit")
    days = [event.starts_on, event.ends_on, None]
    made = Session.objects.bulk_create(
        Session(event=event, kind=SessionKind.PLENARY, title=f"Session {n}", held_on=days[n // 120], position=n)
        for n in range(300)
    )
    for client, name in ((Client(), "public:event_detail"), (client_of(cast.coordinator), "events:event_edit")):
        pages = walked(client, reverse(name, args=[event.slug]))
        found = [pk for page in pages for pk in dict.fromkeys(re.findall(r"/sessions/(\d+)/", page))]
        assert (len(pages), sorted(map(int, found))) == (3, sorted(session.pk for session in made))


@given(
    st.dictionaries(st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple), st.integers(), max_size=60),
    st.integers(1, 7),
)
def test_every_place_of_an_outline_is_on_one_page_which_its_cursor_finds(outline: Any, size: int) -> None:
    def page(cursor: str) -> Any:
        return stretch_of(RequestFactory().get("/", {"cursor": cursor} if cursor else {}), outline, size=size)

    pages = [page("")]
    while pages[-1].older:
        pages.append(page(pages[-1].older))
    assert [place for each in pages for place in each.places] == sorted(outline)
    assert [each.newer for each in pages[1:]] == [place_cursor(each.places[0]) for each in pages[:-1]]
    for each in pages:
        assert [page(place_cursor(place)).places for place in each.places] == [each.places] * len(each.places)
