"""Who may enter Wagtail, and which of its pages they reach."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageLogEntry, Revision

from jirani.core.enums import AccessMode
from jirani.events.enums import EventState
from jirani.events.models import Event
from jirani.members.models import NetworkRole
from jirani.newsroom.actions import HUB_EDITORS, ensure_newsroom, write_report
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast, user_of

from .conftest import Enter


def _statuses(enter: Enter, address: str) -> dict[str, int]:
    parts = ("visitor", "coordinator", "editor", "hub_coordinator", "mombasa_focal_point", "participant")
    return {part: enter(part).get(address).status_code for part in parts}


def _report(cast: Cast, by: str = "coordinator", **fields: Any) -> EventReportPage:
    return write_report(make.event("An exchange", **fields), by=cast.users()[by])


def test_only_those_who_edit_today_come_in(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    assert _statuses(enter, "/cms/") == {
        "visitor": 302,
        "coordinator": 200,
        "editor": 200,
        "hub_coordinator": 200,
        "mombasa_focal_point": 403,
        "participant": 403,
    }
    NetworkRole.objects.filter(person=cast.editor).update(until_on=timezone.localdate() - timedelta(days=1))
    assert enter("editor").get("/cms/").status_code == 403
    assert not cast.users()["editor"].groups.exists()


def test_a_hubs_coordinator_edits_and_publishes_the_reports_of_its_events_only(
    cast: Cast, newsroom: NewsIndexPage, enter: Enter
) -> None:
    own, foreign = write_report(cast.event, by=cast.users()["hub_coordinator"]), _report(cast)
    article = newsroom.add_child(instance=ArticlePage(title="An article", slug="article"))
    pages = (own, foreign, article, newsroom)
    client = enter("hub_coordinator")
    edits = [client.get(f"/cms/pages/{page.pk}/edit/").status_code for page in pages]
    assert edits == [200, 404, 302, 302]
    tested = [page.permissions_for_user(cast.users()["hub_coordinator"]) for page in pages]
    assert [one.can_publish() for one in tested] == [True, False, False, False]
    assert [one.can_unpublish() for one in tested] == [False, False, False, False]  # none is published yet
    assert client.get(f"/cms/pages/add/newsroom/articlepage/{newsroom.pk}/").status_code == 302
    cast.event.hub = None
    cast.event.save(update_fields=["hub"])
    assert client.get(f"/cms/pages/{own.pk}/edit/").status_code == 404


def test_a_group_of_somebody_elses_making_is_left_alone(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    """Its name may begin like those of hubs' groups: events are still changed, and its members stay in it."""
    report = write_report(cast.event, by=cast.users()["coordinator"])
    others = Group.objects.create(name=f"{HUB_EDITORS}Nairobi")
    GroupPagePermission.objects.create(
        group=others, page=report, permission=Permission.objects.get(codename="change_page")
    )
    others.user_set.add(user_of(cast.hub_coordinator))

    assert enter("hub_coordinator").get("/cms/").status_code == 200
    Event.objects.filter(pk=cast.event.pk).update(hub=None)
    assert GroupPagePermission.objects.filter(group=others, page=report).exists()
    assert others in cast.users()["hub_coordinator"].groups.all()


def test_rights_left_from_before_anybody_listened_end_at_the_next_start(
    cast: Cast, newsroom: NewsIndexPage, enter: Enter
) -> None:
    enter("hub_coordinator").get("/cms/")
    foreign = _report(cast)
    group = Group.objects.get(name=f"{HUB_EDITORS}{cast.hub.pk}")
    GroupPagePermission.objects.create(
        group=group, page=foreign, permission=Permission.objects.get(codename="change_page")
    )
    assert enter("hub_coordinator").get(f"/cms/pages/{foreign.pk}/edit/").status_code == 200

    ensure_newsroom()
    assert enter("hub_coordinator").get(f"/cms/pages/{foreign.pk}/edit/").status_code == 404


def test_a_look_at_wagtails_pages_writes_nothing(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    """Groups follow the duties on the first visit; what a hub's group may edit follows the events and their reports."""
    enter("hub_coordinator").get("/cms/")
    report = write_report(cast.event, by=cast.users()["coordinator"])

    def permitted() -> set[str]:
        found = GroupPagePermission.objects.filter(page=report.pk, group__name__startswith=HUB_EDITORS)
        return set(found.values_list("permission__codename", flat=True))

    assert permitted() == {"change_page", "publish_page"}
    for part in ("hub_coordinator", "editor"):
        enter(part).get("/cms/")
        with CaptureQueriesContext(connection) as asked:
            assert enter(part).get("/cms/").status_code == 200
        about = [one["sql"] for one in asked if re.search("auth_group|_groups|grouppagepermission", one["sql"])]
        assert about
        assert [sql for sql in about if not sql.startswith("SELECT")] == []

    Event.objects.filter(pk=cast.event.pk).update(access=AccessMode.NETWORK)
    assert permitted() == set()
    Event.objects.filter(pk=cast.event.pk).update(access=AccessMode.PUBLIC)
    assert permitted() == {"change_page", "publish_page"}
    Event.objects.filter(pk=cast.event.pk).update(hub=None)
    assert permitted() == set()


def test_what_wagtail_writes_has_a_policy_of_its_own(newsroom: NewsIndexPage, enter: Enter) -> None:
    policies = {
        address: enter("editor").get(address)["Content-Security-Policy"] for address in ("/cms/", "/en/", "/en/desk/")
    }
    assert "'unsafe-inline'" in policies["/cms/"]
    assert [address for address, policy in policies.items() if "'unsafe-inline'" in policy] == ["/cms/"]
    assert [address for address, policy in policies.items() if "http" in policy] == []


def test_wagtail_signs_nobody_in_and_changes_no_address(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    for address in ("/cms/login/?next=/cms/", "/en/news/_util/login/?next=/cms/"):
        response = Client().post(address, {"username": "editor@example.org", "password": "a wrong password"})
        assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next=/cms/"), address
    for address in ("/cms/password_reset/", "/cms/account/", "/cms/pages/1/edit/", "/cms/images/"):
        assert Client().get(address)["Location"].startswith(reverse("account_login")), address
    assert enter("editor").get("/cms/password_reset/").status_code == 404
    enter("editor").post("/cms/account/", {"name_email-email": "victim@example.org"})
    assert cast.users()["editor"].email == "editor@example.org"  # type: ignore[union-attr]


def test_only_what_everybody_may_see_can_be_chosen_for_a_page(
    cast: Cast, newsroom: NewsIndexPage, enter: Enter
) -> None:
    shown = make.event("Shown")
    hidden = [make.event("Closed", access=AccessMode.CLOSED), make.event("Draft", state=EventState.DRAFT)]
    said = [make.lesson("Said"), make.lesson("Network", access=AccessMode.NETWORK)]
    client = enter("editor")

    def chosen(chooser: str, *records: Any) -> list[int]:
        return [client.get(f"/cms/{chooser}/chosen/{record.pk}/").status_code for record in records]

    assert chosen("events", shown, *hidden) == [200, 404, 404]
    assert chosen("lessons", *said) == [200, 404]
    several = client.get("/cms/events/chosen-multiple/", {"id": [record.pk for record in (shown, *hidden)]})
    assert [found["id"] for found in several.json()["result"]] == [str(shown.pk)]


TITLES = {"en": ["Youth exchange", "Listen first"], "ar": ["تبادل حول الشباب", "أنصتوا أولًا"]}


@pytest.mark.parametrize("language", TITLES)
def test_records_are_shown_by_their_titles_in_the_editors_language(
    cast: Cast, newsroom: NewsIndexPage, enter: Enter, language: str
) -> None:
    Event.objects.filter(pk=cast.event.pk).update(access=AccessMode.CLOSED)
    event = make.event(TITLES["en"][0])
    lesson = make.lesson(TITLES["en"][1], event=event)
    save_translation(event, "title", "ar", TITLES["ar"][0], state="reviewed")
    save_translation(lesson, "title", "ar", TITLES["ar"][1], state="reviewed")
    report = write_report(event, by=cast.users()["coordinator"])
    client = enter("editor")
    client.cookies["language"] = language

    page = client.get(f"/cms/pages/{report.pk}/edit/").content.decode()
    lists = [client.get(f"/cms/{chooser}/").json()["html"] for chooser in ("events", "lessons")]
    shown = {
        "fixed": re.findall(r'aria-readonly="true">\s*(.*?)\s*</div>', page),
        "chosen": re.findall(r"data-chooser-title[^>]*>(.+?)</div>", page),
        "offered": [re.findall(r"data-chooser-modal-choice[^>]*>\s*(.*?)\s*</a>", found) for found in lists],
        "answered": [
            client.get(f"/cms/{chooser}/chosen/{record.pk}/").json()["result"]["title"]
            for chooser, record in (("events", event), ("lessons", lesson))
        ],
    }
    of_event, of_lesson = TITLES[language]
    assert shown == {
        "fixed": [of_event],
        "chosen": [of_lesson],
        "offered": [[of_event], [of_lesson]],
        "answered": [of_event, of_lesson],
    }


def test_of_an_event_that_is_closed_no_report_stays(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    Event.objects.filter(pk=cast.event.pk).update(place="Ukunda", country="KE")
    report = write_report(cast.event, by=cast.users()["coordinator"])
    report.get_latest_revision().publish()
    address, client = reverse("events:detail_edit", args=[cast.event.slug]), enter("coordinator")
    form = client.get(address).context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None and name in form.fields}
    sent |= {"access": AccessMode.CLOSED, "version": form["version"].value()}
    asked = client.post(address, sent)
    assert "Its report is deleted with all its versions" in asked.content.decode()
    assert EventReportPage.objects.filter(event=cast.event).exists()
    done = client.post(address, sent | {"narrowed": asked.context["form"]["narrowed"].value()})
    assert done.status_code == 302, done.context["form"].errors
    assert not Page.objects.filter(pk=report.pk).exists()
    assert not Revision.objects.filter(object_id=str(report.pk)).exists()
    assert not PageLogEntry.objects.filter(page=report.pk).exists()


def test_wagtails_words_are_marked_as_the_language_they_are_in(newsroom: NewsIndexPage, enter: Enter) -> None:
    client, told = enter("editor"), {}
    for language in ("en", "fr", "ar", "sw"):
        answer = client.get("/cms/", headers={"accept-language": language})
        told[language] = (answer["Content-Language"], re.findall(r'<html lang="(\w+)"', answer.content.decode()))
    assert told == {"en": ("en", ["en"]), "fr": ("fr", ["fr"]), "ar": ("ar", ["ar"]), "sw": ("en", ["en"])}
