"""The page of a lesson: what it says, who took it up, and whom to ask."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jirani.commitments.models import Adaptation
from jirani.core.enums import AccessMode
from jirani.lessons.enums import Addressee, LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.plans.enums import Status
from jirani.taxonomy.models import Goal, Target
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast
from tests.reader import tight

pytestmark = pytest.mark.django_db


def a_lesson_with_everything(cast: Cast) -> Lesson:
    authority = make.authority()
    lesson = make.lesson(event=cast.event, session=cast.session, authorities=[authority], themes=[make.theme()])
    lesson.drivers.add(make.driver())
    commitment = make.commitment(authority.organisation, lesson=lesson, activity=make.activity(make.plan(authority)))
    make.evidence(commitment)
    make.outcome(commitment)
    return lesson


@pytest.mark.parametrize("number", [1, 30])
def test_a_lesson_costs_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    lesson = make.lesson(
        kind=LessonKind.RECOMMENDATION, addressees=[Addressee.CITIES], event=cast.event, session=cast.session
    )
    goal = Goal.objects.create(number=16, title="Peace")
    for n in range(number):
        authority, body = make.authority(), make.organisation()
        make.tenure(make.person(), authority.organisation)
        lesson.authorities.add(authority)
        lesson.themes.add(make.theme())
        lesson.drivers.add(make.driver())
        lesson.targets.add(Target.objects.create(goal=goal, code=f"16.{n}", title="All take part"))
        Endorsement.objects.create(lesson=lesson, organisation=body, endorsed_on=date(2022, 1, 1))
        Response.objects.create(lesson=lesson, organisation=body, text="Yes", answered_on=date(2022, 1, 1))
        activity = make.activity(make.plan(authority))
        commitment = make.commitment(authority.organisation, lesson=lesson, activity=activity)
        Adaptation.objects.create(commitment=commitment, why="It is smaller")
        make.outcome(commitment)

        make.outcome(commitment, became=lesson)

    with django_assert_num_queries(14):
        response = client.get(f"/ar/lessons/{lesson.pk}/")

    assert len(response.context["asked"]) == number
    assert len(response.context["promised"]) == min(number, 20)


def test_what_a_lesson_is_leads_to_others_of_its_kind(client: Client) -> None:
    theme, driver = make.theme(), make.driver()
    lesson = make.lesson(kind=LessonKind.RECOMMENDATION, addressees=[Addressee.CITIES], themes=[theme])
    lesson.drivers.add(driver)

    page = client.get(f"/en/lessons/{lesson.pk}/").content.decode()

    for query in ("kind=recommendation", "addressee=cities", f"theme={theme.slug}", f"driver={driver.slug}"):
        assert page.count(f'href="/en/lessons/?{query}"') == 1, query


def test_who_took_it_up_adopted_adapted_and_dropped_it_is_told(client: Client, cast: Cast) -> None:
    lesson, now = make.lesson(), timezone.now()
    lamu, nakuru = (make.authority(name, member=False) for name in ("Lamu County", "Nakuru County"))
    make.commitment(nakuru.organisation, lesson=lesson, published_at=now + timedelta(days=1))
    adopted = make.commitment(cast.kwale.organisation, lesson=lesson, published_at=now, completion="limited")
    make.evidence(adopted)
    adapted = make.commitment(lamu.organisation, lesson=lesson, published_at=now - timedelta(days=1))
    Adaptation.objects.create(commitment=adapted, why="Islands are far apart.")
    make.commitment(
        cast.mombasa.organisation, lesson=lesson, status=Status.DROPPED, dropped_because="No money came.",
        published_at=now - timedelta(days=2),
    )  # fmt: skip

    page = client.get(f"/en/lessons/{lesson.pk}/")

    sentences = [each.sentence for each in page.context["promised"]]
    assert [sentence.partition("</a>")[2] for sentence in sentences] == [
        " took it up",
        " adopted it as it is",
        " adapted it",
        " dropped it",
    ]
    assert [words in page.content.decode() for words in ("Islands are far apart.", "No money came.")] == [True, True]


def test_whom_one_can_ask_is_a_post_and_never_a_name(client: Client, cast: Cast) -> None:
    lesson = make.lesson(authorities=[cast.kwale])
    make.tenure(make.person("Zainab Somebody"), cast.kwale.organisation, title="Director of cohesion")
    make.tenure(make.person(), cast.kwale.organisation, title="Gone", until_on=date(2020, 1, 1))
    tomorrow = timezone.localdate() + timedelta(days=1)
    make.tenure(make.person(), cast.kwale.organisation, title="Upcoming", from_on=tomorrow)

    page = client.get(f"/en/lessons/{lesson.pk}/")

    assert [post["tenure"].title for post in page.context["asked"]] == ["", "Director of cohesion"]
    assert [
        words in page.content.decode() for words in ("<bdi>Focal point</bdi>", "<bdi>Director of cohesion</bdi>")
    ] == [
        True,
        True,
    ]
    assert "Zainab" not in page.content.decode()

    there = tight(client.get(f"/sw/lessons/{lesson.pk}/").content.decode())
    said = re.findall(r"Director of cohesion.*?</li>", there)
    parts = [part for part in re.sub(r"<[^>]+>", "|", said[0]).split("|") if part]
    assert parts == ["Director of cohesion", ",", "Kwale County", "Kiingereza"]


def test_a_draft_is_for_those_who_may_edit_it(client: Client, cast: Cast) -> None:
    lesson = make.lesson(state=Publication.DRAFT)
    address = f"/en/lessons/{lesson.pk}/"

    visitor = client.get(address)
    client.force_login(cast.editor.user)  # type: ignore[arg-type]
    editor = client.get(address)

    assert (visitor.status_code, editor.status_code) == (404, 200)
    assert "A draft. Only those who may edit it see this page." in editor.content.decode()
    assert (editor.context["apply"], editor.context["edit"]) == ("", f"/en/lessons/{lesson.pk}/edit/")


def test_a_lesson_says_from_which_outcome_it_grew(client: Client, cast: Cast) -> None:
    grown = make.lesson("Grown")
    first = make.outcome(make.commitment(cast.kwale.organisation), became=grown)
    make.outcome(make.commitment(cast.kwale.organisation), became=grown, access=AccessMode.CLOSED)

    page = client.get(f"/en/lessons/{grown.pk}/")
    back = client.get(f"/en/outcomes/{first.pk}/")

    assert (page.context["grew_from"], page.context["outcomes"], back.context["became"]) == ([first], [], grown)


def test_a_text_that_is_not_in_the_readers_language_is_marked_and_said_to_be_so(client: Client) -> None:
    lesson = make.lesson("Rotate the seats", body="In turns.")
    save_translation(lesson, "title", "ar", "بدّلوا المقاعد")

    page = client.get(f"/ar/lessons/{lesson.pk}/").content.decode()

    assert '<h1 class="long">بدّلوا المقاعد</h1>' in page
    assert '<div lang="en" dir="ltr"><p>In turns.</p></div>' in page
    assert page.count('class="provenance"') == 2


def test_applying_and_sharing_are_offered_to_those_who_may(client: Client, cast: Cast) -> None:
    """A visitor is asked to sign in; a signed-in person who speaks for nobody isn't sent to a page that would refuse them."""
    lesson = make.lesson()
    offered = {"visitor": _offered(client, lesson)}
    for part in ("kwale_focal_point", "coordinator", "editor", "participant", "outsider"):
        client.force_login(cast.people()[part].user)  # type: ignore[arg-type]
        offered[part] = _offered(client, lesson)

    assert offered == {
        "visitor": (True, 0),
        "kwale_focal_point": (True, 2),
        "coordinator": (True, 2),
        "editor": (False, 2),
        "participant": (False, 0),
        "outsider": (False, 0),
    }


def _offered(client: Client, lesson: Lesson) -> tuple[bool, int]:
    """Tell whether a lesson's page offers to apply it, and on how many of two pages (library, home) sharing a lesson is offered."""
    apply = f'href="/en/lessons/{lesson.pk}/apply/"' in client.get(f"/en/lessons/{lesson.pk}/").content.decode()
    share = ['href="/en/lessons/new/"' in client.get(page).content.decode() for page in ("/en/lessons/", "/en/")]
    return apply, sum(share)


def test_a_recommendation_names_and_is_found_by_each_of_its_addressees(client: Client) -> None:
    whom = [Addressee.FAITH, Addressee.NATIONAL, Addressee.CITIES]
    lesson = make.lesson("Together", kind=LessonKind.RECOMMENDATION, addressees=whom)
    make.lesson("Alone", kind=LessonKind.RECOMMENDATION, addressees=[Addressee.NATIONAL])
    page = tight(client.get(f"/en/lessons/{lesson.pk}/").content.decode())
    found = {
        code: [row["lesson"].title for row in client.get(f"/en/lessons/?addressee={code}").context["rows"]]
        for code in ("cities", "national", "faith", "health")
    }
    facets = client.get("/en/lessons/").context["facets"]()
    options = next(facet["options"] for facet in facets if facet["title"] == "Recommended to")

    assert re.findall(r"addressee=([a-z-]+)\">([^<]+)<", page) == [
        ("cities", "To mayors and cities"), ("national", "National governments"), ("faith", "Faith leaders and communities"),
    ]  # fmt: skip
    assert "No answer yet from mayors and cities; national governments; faith leaders and communities." in page
    assert found == {"cities": ["Together"], "national": ["Alone", "Together"], "faith": ["Together"], "health": []}
    assert [(option["name"], option["count"]) for option in options] == [
        ("National governments", 2), ("Mayors and cities", 1), ("Faith leaders and communities", 1),
    ]  # fmt: skip
