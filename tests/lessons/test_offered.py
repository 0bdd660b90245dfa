"""What the forms of lessons and notes offer, to whom, and what they begin with."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from jirani.core.enums import AccessMode
from jirani.events.enums import ParticipationState, PartyRole
from jirani.events.models import Delegation, EventParty
from jirani.lessons.enums import Attribution, LessonKind, Publication
from jirani.lessons.forms import (
    AttributionForm,
    EndorsementForm,
    LessonChangeForm,
    LessonForm,
    NarrowForm,
    NoteChangeForm,
    NoteForm,
    ResponseChangeForm,
    ResponseForm,
)
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.taxonomy.models import Goal, Target
from tests import factories as make
from tests.cast import Cast, user_of
from tests.offered import LANGUAGES, choices, leading, taken, translated

pytestmark = pytest.mark.django_db


def changing(lesson: Lesson, by: Any, data: Any = None) -> LessonChangeForm:
    return LessonChangeForm(data, instance=Lesson.objects.get(pk=lesson.pk), by=user_of(by))


def test_a_lesson_offers_words_that_are_in_use_and_those_it_has_in_the_readers_language(cast: Cast) -> None:
    kept: dict[str, Any] = {}
    for name, make_word in (("themes", make.theme), ("drivers", make.driver)):
        translated(make_word("Peace"), "Zuio")
        translated(make_word("Youth"), "Amani")
        make_word("Old", retired=True)
        kept[name] = make_word("Kept", retired=True)
    lesson = make.lesson(event=cast.event, themes=[kept["themes"]])
    lesson.drivers.set([kept["drivers"]])
    goal = Goal.objects.create(number=16, title="Peace", language="en")
    translated(Target.objects.create(goal=goal, code="16.6", title="Institutions", language="en"), "Taasisi", "title")

    with override("sw"):
        new, change = LessonForm(instance=Lesson(), by=user_of(cast.editor)), changing(lesson, cast.editor)
        for name in ("themes", "drivers"):
            assert (choices(new, name), taken(new, name)) == (["Amani", "Zuio"], {"Peace", "Youth"})
            assert (choices(change, name), taken(change, name)) == (
                ["Amani", "Kept", "Zuio"],
                {"Peace", "Youth", "Kept"},
            )
        assert choices(new, "targets") == ["16.6 Taasisi"]
        assert choices(new, "kind") == [str(kind.label) for kind in LessonKind]
        assert choices(new, "language") == LANGUAGES
        assert leading(new) == leading(change) == {
            "title", "body", "cost", "staff", "mandate", "time_needed", "why_it_works", "what_did_not_work", "what_to_change",
        }  # fmt: skip


def test_without_targets_no_target_is_asked_for(cast: Cast) -> None:
    assert "targets" not in LessonForm(instance=Lesson(), by=user_of(cast.editor)).fields


def test_a_new_lesson_begins_in_the_readers_language_unless_it_is_begun_in_another(cast: Cast) -> None:
    with override("sw"):
        new = LessonForm(instance=Lesson(), by=user_of(cast.editor))
        begun = LessonForm(instance=Lesson(), by=user_of(cast.editor), initial={"language": "fr", "access": "network"})
        change = changing(make.lesson(), cast.editor)
    assert [form["language"].value() for form in (new, begun, change)] == ["sw", "fr", "en"]
    assert [form["access"].value() for form in (new, begun, change)] == ["public", "network", "public"]


def test_cities_are_those_of_the_event_of_a_closed_sessions_notes_or_of_the_writer(cast: Cast) -> None:
    closed = make.session(cast.event, access=AccessMode.CLOSED)
    there = {name: make.authority(name) for name in ("Delegate", "Party", "Host", "Absent", "Told", "Noted", "Quiet")}
    Delegation.objects.create(event=cast.event, authority=translated_authority(there["Delegate"], "Ujumbe"))
    EventParty.objects.create(event=cast.event, organisation=there["Party"].organisation, role=PartyRole.DONOR)
    make.session(cast.event, host=there["Host"].organisation)
    make.session(make.event(), host=there["Absent"].organisation)
    lesson = make.lesson(event=cast.event, session=cast.session, authorities=[there["Told"]])
    said: dict[str, Any] = {"speaker": cast.participant, "attributed_at": cast.session.created_at}
    make.note(closed, authority=there["Noted"], attribution=Attribution.AUTHORITY, **said)
    make.note(closed, **said)
    make.note(cast.session, authority=there["Quiet"], attribution=Attribution.AUTHORITY, **said)

    def offered(lesson: Lesson, by: Any) -> tuple[list[str], set[str], Any]:
        kind = LessonForm if lesson._state.adding else LessonChangeForm
        form = kind(instance=lesson, by=user_of(by))
        return choices(form, "authorities"), taken(form, "authorities"), form["authorities"].value() or []

    told = Lesson(event=cast.event, session=cast.session)
    with override("sw"):
        assert offered(told, cast.coordinator) == (["Host", "Party", "Ujumbe"], {"Host", "Party", "Delegate"}, [])
        assert offered(lesson, cast.coordinator)[0] == ["Host", "Party", "Told", "Ujumbe"]
    assert offered(Lesson(event=cast.event, session=closed), cast.coordinator) == (["Noted"], {"Noted"}, [])
    assert offered(Lesson(), cast.kwale_focal_point) == (["Kwale County"], {"Kwale County"}, [cast.kwale.pk])
    assert offered(Lesson(), cast.hub_coordinator)[2] == []
    assert "authorities" not in LessonForm(instance=Lesson(), by=user_of(cast.editor)).fields


def translated_authority(authority: Any, name: str) -> Any:
    translated(authority.organisation, name)
    return authority


def test_only_a_new_lesson_from_home_is_begun_with_the_one_city_its_writer_speaks_for(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    by = user_of(cast.kwale_focal_point)
    stored = make.lesson(writer=cast.kwale_focal_point)
    make.tenure(cast.editor, cast.mombasa.organisation)
    cast.kwale.hub = make.hub()
    cast.kwale.save()
    forms = [
        LessonForm(instance=Lesson(), by=by),
        LessonForm(instance=Lesson(event=cast.event), by=by),
        LessonChangeForm(instance=stored, by=by),
        LessonForm(instance=Lesson(), by=user_of(cast.hub_coordinator)),  # of Mombasa alone, for which others speak
    ]
    assert [choices(form, "authorities") for form in forms] == [["Kwale County"]] * 3 + [["Mombasa County"]]
    assert [list(form["authorities"].value() or []) for form in forms] == [[cast.kwale.pk], [], [], []]


def test_notes_are_those_of_the_session_that_the_writer_may_read(cast: Cast) -> None:
    own, made_up = (
        make.note(cast.session, "Own", speaker=cast.participant),
        make.note(cast.session, "Other", illustrative=True),
    )
    make.note(make.session(cast.event), "Elsewhere", speaker=cast.participant)
    told: dict[str, Any] = {"event": cast.event, "session": cast.session}
    lesson = make.lesson(writer=cast.participant, **told)
    lesson.notes.set([made_up])

    keeper, speaker = (
        LessonForm(instance=Lesson(**told), by=user_of(cast.rapporteur)),
        changing(lesson, cast.participant),
    )
    assert sorted(choices(keeper, "notes")) == ["Other (illustrative)", "Own"]
    assert choices(speaker, "notes") == ["Own"]
    with override("ar"):
        arabic = choices(LessonForm(instance=Lesson(**told), by=user_of(cast.rapporteur)), "notes")
        assert all(label.startswith("\u2068") for label in arabic)
    assert not keeper.leaves_notes_out
    assert "notes" not in changing(lesson, cast.editor).fields
    assert "notes" not in LessonForm(instance=Lesson(event=cast.event), by=user_of(cast.coordinator)).fields

    sent = {"kind": "lesson", "title": "Rotate", "body": "How", "language": "en", "access": "public", "notes": [own.pk]}
    form = changing(lesson, cast.participant, query(sent))
    assert form.is_valid(), form.errors
    assert {note.text for note in form.links["notes"]} == {"Own", "Other"}
    new = LessonForm(query({**sent, "notes": [made_up.pk]}), instance=Lesson(**told), by=user_of(cast.rapporteur))
    assert new.is_valid(), new.errors
    assert [note.text for note in new.links["notes"]] == ["Other"]


def query(sent: dict[str, Any]) -> Any:
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, [str(one) for one in value] if isinstance(value, list) else [value])
    return data


#: The mode of the event and of the session, of a stored lesson its own; which are offered, with which it begins, and what is said of them.
MODES = [
    ("public", "public", "", "public network closed", "public", "Closed: the people of the event."),
    ("network", "public", "", "network closed", "network", "Never wider than the session"),
    ("public", "closed", "", "closed", "closed", "Never wider than the session"),
    ("", "", "", "public network", "public", "everybody. Network: signed-in people of members."),
    ("", "", "network", "public network", "network", "everybody. Network: signed-in people of members."),
    ("", "", "closed", "public network closed", "closed", "everybody. Network: signed-in people of members."),
]


def test_a_lesson_is_offered_the_modes_of_its_room(cast: Cast) -> None:
    for event, session, access, offered, begun, says in MODES:
        told: dict[str, Any] = {}
        if event:
            told["event"] = make.event(access=event)
            told["session"] = make.session(told["event"], access=session)
        form: Any = LessonForm(instance=Lesson(**told), by=user_of(cast.coordinator))
        if access:
            form = changing(make.lesson(access=access, state=Publication.DRAFT), cast.coordinator)
        field = form.fields["access"]
        assert ([value for value, _label in field.choices], form["access"].value()) == (offered.split(), begun)
        assert says in str(field.help_text)


def test_all_faults_are_said_at_once_but_none_that_rests_on_a_field_in_error(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    waiting = make.note(cast.session, speaker=cast.participant)
    told: dict[str, Any] = {"event": cast.event, "session": cast.session}
    lesson, named = make.lesson(body="How", **told), make.lesson(body="How", authorities=[cast.kwale], **told)
    lesson.notes.set([waiting])
    sent = {
        "kind": "lesson",
        "title": "Meet",
        "source_url": "x",
        "body": "How",
        "language": "en",
        "access": "public",
        "authorities": [cast.kwale.pk],
    }

    def faults(form: Any) -> list[str]:
        return sorted(form.errors)

    keeper = user_of(cast.rapporteur)
    assert faults(LessonForm(query({**sent, "notes": ["x"]}), instance=Lesson(**told), by=keeper)) == [
        "notes",
        "source_url",
    ]
    assert faults(LessonForm(query({**sent, "notes": [waiting.pk]}), instance=Lesson(**told), by=keeper)) == [
        "authorities",
        "source_url",
    ]
    assert faults(LessonForm(query(sent), instance=Lesson(**told), by=keeper)) == ["authorities", "source_url"]
    assert faults(changing(lesson, cast.editor, query(sent))) == ["authorities", "source_url"]
    assert faults(changing(named, cast.editor, query(sent))) == ["source_url"]
    assert faults(changing(lesson, cast.rapporteur, query({**sent, "authorities": []}))) == ["source_url"]


def test_answers_are_for_those_the_user_speaks_for(cast: Cast) -> None:
    translated(cast.kwale.organisation, "Kaunti ya Kwale")
    translated(cast.mombasa.organisation, "Kaunti ya Mombasa")
    ngo = make.organisation("Zawadi")
    make.tenure(cast.mombasa_focal_point, ngo)
    lesson = make.lesson(kind=LessonKind.RECOMMENDATION, addressees=["cities", "civil-society"])
    facts = {"lesson": lesson, "organisation": ngo, "language": "en"}
    with override("sw"):
        forms = {
            (kind.__name__, who.name): kind(instance=record(lesson=lesson), by=user_of(who))
            for kind, record in ((EndorsementForm, Endorsement), (ResponseForm, Response))
            for who in (cast.kwale_focal_point, cast.mombasa_focal_point)
        }
        day = cast.session.created_at.date()
        change = ResponseChangeForm(instance=Response.objects.create(**facts, text="Yes", answered_on=day))
    for (_kind, who), form in forms.items():
        one = who == cast.kwale_focal_point.name
        offered = ["Kaunti ya Kwale"] if one else ["Kaunti ya Mombasa", "Zawadi"]
        blank: Any = form.fields["organisation"]
        assert (choices(form, "organisation"), len(blank.choices) - len(offered)) == (offered, 0 if one else 1)
        assert taken(form, "organisation") == ({"Kwale County"} if one else {"Mombasa County", "Zawadi"})
        assert form["language"].value() == "sw"
        assert leading(form) == {"words" if isinstance(form, EndorsementForm) else "text"}
    assert (change["language"].value(), choices(change, "language"), leading(change)) == ("en", LANGUAGES, {"text"})
    assert "organisation" not in change.fields


def test_a_note_is_said_by_one_of_the_events_people(cast: Cast) -> None:
    delegation = Delegation.objects.create(
        event=cast.event, authority=translated_authority(cast.kwale, "Kaunti ya Kwale")
    )
    make.participation(cast.event, cast.kwale_focal_point, delegation=delegation)
    make.participation(cast.event, cast.outsider, state=ParticipationState.CANCELLED)
    make.participation(make.event(), cast.editor)
    closed = make.session(cast.event, access=AccessMode.CLOSED)
    with override("sw"):
        form = NoteForm(session=cast.session, user=user_of(cast.coordinator))
        assert choices(form, "speaker") == ["Kwale focal point (Kaunti ya Kwale)", "Participant", "Rapporteur"]
        change = NoteChangeForm(note=make.note(cast.session))
    assert len(taken(form, "speaker")) == 3
    assert "speaker" not in NoteForm(session=closed, user=user_of(cast.coordinator)).fields
    assert [one["language"].value() for one in (form, change)] == ["sw", "en"]
    assert [choices(one, "language") for one in (form, change)] == [LANGUAGES] * 2
    assert [leading(one) for one in (form, change)] == [{"text"}] * 2


def test_how_a_note_is_attributed_begins_with_what_was_said(cast: Cast) -> None:
    waiting = make.note(cast.session, speaker=cast.participant)
    said = make.note(
        cast.session, speaker=cast.participant, attribution=Attribution.NAMED, attributed_at=cast.session.created_at
    )
    forms = [AttributionForm(note=note) for note in (waiting, said)]
    assert [form["attribution"].value() for form in forms] == [Attribution.UNATTRIBUTED, Attribution.NAMED]
    assert [choices(form, "attribution") for form in forms] == [["named", "unattributed"]] * 2
    assert [[str(word) for word, _why in form.withheld] for form in forms] == [
        ["organisation", "local authority", "sector"]
    ] * 2
    assert [str(why)[:8] for _choice, why in forms[0].offered] == ["Your nam", "Nobody i"]
    assert [choices(NarrowForm(note=note), "attribution") for note in (waiting, said)] == [["unattributed"]] * 2
