"""What libraries keep about an account: it is told, goes with the account, and nobody else's goes with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from jirani.accounts.actions import erase_account, traces, visits
from jirani.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return Page.get_first_root_node().add_child(instance=Page(title="A page", slug="a-page"))


def come_in(user: User, times: int) -> None:
    for _ in range(times):
        Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def test_where_libraries_name_an_account_and_until_when_it_is_signed_in_is_told(page: Page) -> None:
    user, other = make.user(), make.user()
    for one, times in ((user, 2), (other, 1)):
        come_in(one, times)
        PageLogEntry.objects.log_action(page, "wagtail.edit", user=one)
    Page.objects.filter(pk=page.pk).update(owner=user, locked_by=other)

    told = [(row["in"], row["as"], row["about"]) for row in traces(user)]
    assert sorted(told) == [
        ("wagtailcore.Page", "owner", "A page"),
        ("wagtailcore.PageLogEntry", "user", str(PageLogEntry.objects.get(user=user))),
    ]
    assert (len(visits(user)), len(visits(other))) == (2, 1)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert (visits(user), visits(other)) == ([], [])


def test_an_account_goes_from_sessions_lists_and_versions_of_pages_and_others_stay_there(page: Page) -> None:
    gone, kept = make.user(), make.user()
    for one in (gone, kept):
        come_in(one, 2)
        PageLogEntry.objects.log_action(page, "wagtail.edit", user=one)
    number, other = gone.pk, kept.pk

    def comment(by: int, resolved_by: int | None, *replies: int) -> dict[str, Any]:
        return {"user": by, "resolved_by": resolved_by, "replies": [{"user": one, "text": "So."} for one in replies]}

    none: list[int] = []
    rows: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {"owner": number, "locked_by": number, "position": number},
            {"owner": None, "locked_by": None, "position": number},
        ),
        ({"owner": other, "locked_by": other}, {"owner": other, "locked_by": other}),
        ({"number": number}, {"number": number}),
        (
            {"wagtail_admin_comments": [comment(number, None, other), comment(other, None, number, other)]},
            {"wagtail_admin_comments": [comment(other, None, other)]},
        ),
        (
            {"owner": None, "wagtail_admin_comments": [comment(other, number), comment(other, other, number)]},
            {"owner": None, "wagtail_admin_comments": [comment(other, None), comment(other, other)]},
        ),
        ({"wagtail_admin_comments": none}, {"wagtail_admin_comments": none}),
    ]
    version = page.save_revision(user=gone)
    Revision.objects.all().delete()
    for before, _after in rows:
        version.pk, version.content = None, before
        Revision.objects.bulk_create([version])

    erase_account(gone)
    left = Revision.objects.order_by("pk").values_list("content", "user")
    assert list(left) == [(after, None) for _before, after in rows]
    assert set(PageLogEntry.objects.filter(action="wagtail.edit").values_list("user", flat=True)) == {None, other}
    assert (list(User.objects.filter(pk__in=[number, other])), len(visits(kept))) == ([kept], 2)
    assert Session.objects.count() == 2
