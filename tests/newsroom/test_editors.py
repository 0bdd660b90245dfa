"""Who comes into Wagtail, and to which of its pages."""

from typing import Any

from django.utils import timezone

from jirani.members.models import NetworkRole
from jirani.newsroom.actions import write_report
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from tests import factories as make
from tests.cast import Cast

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
    NetworkRole.objects.filter(person=cast.editor).update(until_on=timezone.localdate() - timezone.timedelta(days=1))
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
    assert edits == [200, 302, 302, 302]
    tested = [page.permissions_for_user(cast.users()["hub_coordinator"]) for page in pages]
    assert [one.can_publish() for one in tested] == [True, False, False, False]
    assert [one.can_unpublish() for one in tested] == [False, False, False, False]  # none is published yet
    assert client.get(f"/cms/pages/add/newsroom/articlepage/{newsroom.pk}/").status_code == 302
    cast.event.hub = None
    cast.event.save(update_fields=["hub"])
    assert client.get(f"/cms/pages/{own.pk}/edit/").status_code == 302


def test_what_wagtail_writes_has_a_policy_of_its_own(newsroom: NewsIndexPage, enter: Enter) -> None:
    policies = {
        address: enter("editor").get(address)["Content-Security-Policy"] for address in ("/cms/", "/en/", "/en/desk/")
    }
    assert "'unsafe-inline'" in policies["/cms/"]
    assert [address for address, policy in policies.items() if "'unsafe-inline'" in policy] == ["/cms/"]
    assert [address for address, policy in policies.items() if "http" in policy] == []
