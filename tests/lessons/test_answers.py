"""Organisations endorse lessons, and addressees answer recommendations."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.lessons.actions import answer_recommendation
from jirani.lessons.enums import Addressee, LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db


def page(name: str, pk: int) -> str:
    return reverse(f"lessons:{name}", args=[pk])


def recommendation(*addressees: Addressee, **fields: Any) -> Lesson:
    return make.lesson(kind=LessonKind.RECOMMENDATION, addressees=addressees or [Addressee.CITIES], **fields)


def offered(client: Client, lesson: Lesson) -> tuple[bool, bool]:
    """Whether the lesson's page leads to standing behind it, and to answering it."""
    context = client.get(f"/en/lessons/{lesson.pk}/").context
    return bool(context["endorse"]), bool(context["answer"])


def test_those_who_speak_for_an_organisation_come_to_it(cast: Cast) -> None:
    lesson = recommendation(authorities=[cast.mombasa])
    codes, ways = {}, {}
    for part, person in cast.people().items():
        client = client_of(person)
        codes[part] = {client.get(page(name, lesson.pk)).status_code for name in ("lesson_endorse", "lesson_answer")}
        ways[part] = offered(client, lesson)

    may = {"coordinator", "hub_coordinator", "kwale_focal_point", "mombasa_focal_point"}
    assert codes == {part: {200} if part in may else {403} for part in codes}
    expected = {part: (part in may, part in may) for part in codes} | {"mombasa_focal_point": (False, True)}
    assert ways == expected
    assert client_of(None).get(page("lesson_endorse", lesson.pk)).status_code == 302
    assert offered(client_of(None), lesson) == (False, False)


def test_an_organisation_stands_behind_a_lesson_once_and_may_stop(cast: Cast) -> None:
    lesson, client = make.lesson(authorities=[cast.mombasa]), client_of(cast.kwale_focal_point)
    sent = {"organisation": cast.kwale.organisation.pk, "words": "We tried it", "language": "en", "once": "k1"}

    for _ in range(2):
        assert client.post(page("lesson_endorse", lesson.pk), sent).status_code == 302
    again = client.post(page("lesson_endorse", lesson.pk), sent | {"once": "k2"})

    endorsement = Endorsement.objects.get()
    assert (endorsement.organisation, endorsement.words) == (cast.kwale.organisation, "We tried it")
    assert list(again.context["form"].errors) == ["organisation"]
    assert "We tried it" in Client().get(f"/en/lessons/{lesson.pk}/").content.decode()
    assert offered(client, lesson) == (False, False)

    withdraw = page("endorsement_withdraw", endorsement.pk)
    assert client_of(cast.mombasa_focal_point).post(withdraw).status_code == 404
    assert client.post(withdraw).status_code == 302
    assert not Endorsement.objects.exists()
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "lessons.endorse_lesson",
        "lessons.withdraw_endorsement",
    ]


def test_nobody_stands_behind_their_own_lesson_nor_for_another(cast: Cast) -> None:
    lesson, client = make.lesson(authorities=[cast.mombasa]), client_of(cast.mombasa_focal_point)

    for organisation in (cast.mombasa.organisation, cast.kwale.organisation):
        sent = {"organisation": organisation.pk, "language": "en"}
        answer = client.post(page("lesson_endorse", lesson.pk), sent)
        assert list(answer.context["form"].errors) == ["organisation"]
    assert not Endorsement.objects.exists()


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        (AccessMode.PUBLIC, ["Kilifi County", "Kwale County"]),
        (AccessMode.CLOSED, ["Kilifi County", "Kwale County", "Mombasa County"]),
    ],
)
def test_who_shared_a_lesson_is_not_offered_to_stand_behind_it_unless_that_would_tell_who_shared_it(
    cast: Cast, mode: AccessMode, names: list[str]
) -> None:
    make.authority("Kilifi County", hub=cast.hub)
    session = make.session(cast.event, access=mode)
    lesson = make.lesson(event=cast.event, session=session, authorities=[cast.mombasa])

    answer: Any = client_of(cast.hub_coordinator).get(page("lesson_endorse", lesson.pk).replace("/en/", "/sw/"))

    form = answer.context["form"]
    offered = [name for value, name in form.fields["organisation"].choices if value]
    assert (offered, form["language"].value()) == (names, "sw")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 200),
        ({"access": AccessMode.CLOSED}, 404),
        ({"state": Publication.DRAFT}, 404),
        ({"state": Publication.WITHDRAWN}, 404),
    ],
)
def test_only_what_one_may_read_is_answered(cast: Cast, fields: dict[str, Any], code: int) -> None:
    lesson, client = recommendation(**fields), client_of(cast.kwale_focal_point)
    assert [client.get(page(name, lesson.pk)).status_code for name in ("lesson_endorse", "lesson_answer")] == [
        code,
        code,
    ]


def test_a_lesson_that_recommends_nothing_is_not_answered(cast: Cast) -> None:
    assert client_of(cast.coordinator).get(page("lesson_answer", make.lesson().pk)).status_code == 404


@pytest.mark.parametrize(
    ("addressees", "sectors"),
    [
        ([Addressee.CITIES], {Sector.LOCAL_GOVERNMENT}),
        ([Addressee.NATIONAL], {Sector.NATIONAL_GOVERNMENT}),
        ([Addressee.CITIES, Addressee.NATIONAL], {Sector.LOCAL_GOVERNMENT, Sector.NATIONAL_GOVERNMENT}),
        ([Addressee.PARTNERS], {Sector.CIVIL_SOCIETY, Sector.MULTILATERAL}),
        ([Addressee.NETWORK], {Sector.CIVIL_SOCIETY, Sector.MULTILATERAL}),
        ([Addressee.MULTILATERAL, Addressee.FAITH], {Sector.MULTILATERAL}),
        ([Addressee.HEALTH], set()),
    ],
)
def test_those_to_whom_it_speaks_may_answer(cast: Cast, addressees: list[Addressee], sectors: set[Sector]) -> None:
    for sector in (Sector.NATIONAL_GOVERNMENT, Sector.MULTILATERAL):
        make.organisation(sector=sector)
    lesson = recommendation(*addressees)

    form = client_of(cast.coordinator).get(page("lesson_answer", lesson.pk)).context["form"]

    offered = [value for value, _ in form.fields["organisation"].choices if value]
    assert {each.sector for each in Organisation.objects.filter(pk__in=offered)} == sectors


def test_for_the_network_its_coordinators_answer(cast: Cast) -> None:
    ngo = make.organisation()
    make.tenure(cast.participant, ngo)
    sent = {"organisation": ngo.pk, "text": "We will", "language": "en"}

    refused = client_of(cast.participant).post(page("lesson_answer", recommendation(Addressee.NETWORK).pk), sent)
    both = recommendation(Addressee.NETWORK, Addressee.CIVIL_SOCIETY)
    assert client_of(cast.participant).get(page("lesson_answer", both.pk)).status_code == 200
    client_of(cast.participant).post(page("lesson_answer", recommendation(Addressee.PARTNERS).pk), sent)
    client_of(cast.coordinator).post(page("lesson_answer", recommendation(Addressee.NETWORK).pk), sent)

    assert list(refused.context["form"].errors) == ["organisation"]
    assert [answer.lesson.addressees for answer in Response.objects.order_by("pk")] == [["partners"], ["network"]]


def test_an_answer_is_given_changed_and_withdrawn_by_its_organisation(cast: Cast) -> None:
    lesson, client = recommendation(), client_of(cast.kwale_focal_point)
    sent = {"organisation": cast.kwale.organisation.pk, "text": "We begin in July", "language": "en", "once": "k1"}
    for _ in range(2):
        client.post(page("lesson_answer", lesson.pk), sent)
    answer = Response.objects.get()
    edit, withdraw = page("response_edit", answer.pk), page("response_withdraw", answer.pk)

    strangers = [client_of(cast.mombasa_focal_point).post(address, sent).status_code for address in (edit, withdraw)]
    opened = client.get(edit).context["form"]["version"].value()
    client_of(cast.coordinator).post(edit, {"text": "Theirs", "language": "en", "version": opened})
    stale = client.post(edit, {"text": "Mine", "language": "en", "version": opened})

    answer.refresh_from_db()
    assert strangers == [404, 404]
    assert (answer.text, stale.context["form"]["text"].value()) == ("Theirs", "Mine")
    assert "Theirs" in Client().get(f"/en/lessons/{lesson.pk}/").content.decode()
    assert client.post(withdraw).status_code == 302
    assert not Response.objects.exists()
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "lessons.answer_recommendation",
        "lessons.edit_response",
        "lessons.withdraw_response",
    ]


def test_the_action_takes_no_answer_of_whom_it_does_not_speak_to(cast: Cast) -> None:
    ngo, by = make.organisation(), user_of(cast.coordinator)
    lesson = recommendation(Addressee.CITIES)
    with pytest.raises(ValidationError, match="is not addressed to this organisation"):
        answer_recommendation(Response(lesson=lesson, organisation=ngo, text="We will", language="en"), by=by)
    taken = answer_recommendation(
        Response(lesson=lesson, organisation=cast.kwale.organisation, text="We will", language="en"), by=by
    )
    assert list(Response.objects.all()) == [taken]
