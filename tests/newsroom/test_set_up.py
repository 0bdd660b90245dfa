"""A newsroom is set up once; who works in it is in the groups of their duties, and these edit what is theirs."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from jirani.accounts.models import User
from jirani.core.enums import AccessMode
from jirani.members.enums import NetworkDuty
from jirani.newsroom.actions import EDITORS, HUB_EDITORS, admit_editor, ensure_newsroom, write_report
from jirani.newsroom.models import EventReportPage, NewsIndexPage
from jirani.newsroom.permissions import may_fetch
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

WELCOME = "Welcome to your new Wagtail site!"


def rights() -> dict[str, Any]:
    """What the editors may do, by where."""
    group = Group.objects.get(name=EDITORS)
    own = GroupPagePermission.objects.filter(group=group).values_list("page__depth", "permission__codename")
    files = GroupCollectionPermission.objects.filter(group=group).values_list(
        "collection__depth", "permission__codename"
    )
    return {
        "all": sorted(group.permissions.values_list("codename", flat=True)),
        "pages": sorted(own),
        "files": sorted(files),
    }


def test_what_a_network_begins_with_is_made_once(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "Français")]
    root = Page.get_first_root_node()
    for page in root.get_children():
        page.specific.delete()
    Site.objects.all().delete()
    Group.objects.all().delete()
    Locale.objects.exclude(pk=root.locale_id).delete()
    root = Page.get_first_root_node()
    root.add_child(instance=Page(title=WELCOME, slug="home"))
    kept = root.add_child(instance=Page(title="Home", slug="own"))
    kept.add_child(instance=Page(title=WELCOME, slug="home"))

    index = ensure_newsroom()
    fronts = NewsIndexPage.objects.values_list(
        "locale__language_code", "title", "slug", "live", "depth", "translation_key"
    )
    assert sorted(fronts) == [
        ("en", "News", "news", True, 2, index.translation_key),
        ("fr", "Actualités", "news-fr", True, 2, index.translation_key),
    ]
    assert (index.locale.language_code, list(Page.objects.filter(title=WELCOME).values_list("depth", flat=True))) == (
        "en", [3],
    )  # fmt: skip
    assert NewsIndexPage.objects.exclude(pk=index.pk).get().latest_revision is not None
    site = Site.objects.values_list("hostname", "port", "root_page", "site_name", "is_default_site")
    assert list(site) == [("localhost", 80, index.pk, settings.NETWORK_NAME, True)]
    verbs = ("add", "change", "choose")
    assert rights() == {
        "all": ["access_admin", "submit_translation"],
        "pages": [(1, "add_page"), (1, "change_page"), (1, "publish_page")],
        "files": sorted((1, f"{verb}_{what}") for verb in verbs for what in ("document", "image")),
    }
    before = Page.objects.count(), rights()
    assert ensure_newsroom() == index
    assert (Page.objects.count(), rights()) == before
    assert list(Site.objects.values_list("root_page", flat=True)) == [index.pk]


def test_who_works_in_it_is_in_the_groups_of_their_duties_alone(cast: Cast, newsroom: NewsIndexPage) -> None:
    other = make.hub()
    both = make.person()
    for hub in (cast.hub, other):
        make.duty(both, NetworkDuty.HUB_COORDINATOR, hub)
    own, foreign = Group.objects.create(name="Editors of hub Nairobi"), Group.objects.create(name=f"{HUB_EDITORS}0")
    editors = Group.objects.get(name=EDITORS)
    first, second = f"{HUB_EDITORS}{cast.hub.pk}", f"{HUB_EDITORS}{other.pk}"
    administrator = User.objects.create_superuser("administrator@example.org")

    def admitted(user: User) -> tuple[bool, set[str]]:
        for group in (own, foreign, editors):
            user.groups.add(group)
        return admit_editor(user), set(user.groups.values_list("name", flat=True))

    rows = [
        (user_of(cast.editor), (True, {EDITORS, own.name})),
        (user_of(cast.hub_coordinator), (True, {first, own.name})),
        (user_of(both), (True, {first, second, own.name})),
        (user_of(cast.participant), (False, {own.name})),
        (administrator, (True, {EDITORS, own.name, foreign.name})),
    ]
    assert [admitted(user) for user, _expected in rows] == [expected for _user, expected in rows]
    assert (may_fetch(administrator, newsroom), may_fetch(user_of(cast.participant), newsroom)) == (True, False)


def test_a_hubs_group_edits_the_reports_of_its_public_events_and_of_no_other(
    cast: Cast, newsroom: NewsIndexPage
) -> None:
    hubs = cast.hub, make.hub()
    for hub in hubs:
        person = make.person()
        make.duty(person, NetworkDuty.HUB_COORDINATOR, hub)
        assert admit_editor(user_of(person))

    def permitted() -> list[set[tuple[str, str]]]:
        found = [GroupPagePermission.objects.filter(group__name=f"{HUB_EDITORS}{hub.pk}") for hub in hubs]
        return [set(rows.values_list("page__title", "permission__codename")) for rows in found]

    def both(*titles: str) -> set[tuple[str, str]]:
        return {(f"Report: {title}", verb) for title in titles for verb in ("change_page", "publish_page")}

    by = user_of(cast.coordinator)
    for title, event in (("First", {"hub": hubs[0]}), ("Second", {"hub": hubs[1]}), ("Nobody's", {})):
        write_report(make.event(title, **event), by=by)
    assert permitted() == [both("First"), both("Second")]
    write_report(make.event("Third", hub=hubs[0]), by=by)
    assert permitted() == [both("First", "Third"), both("Second")]

    first, third = (EventReportPage.objects.get(title=f"Report: {title}").event for title in ("First", "Third"))
    type(first).objects.filter(pk=first.pk).update(hub=hubs[1])
    assert permitted() == [both("Third"), both("First", "Second")]
    type(third).objects.filter(pk=third.pk).update(access=AccessMode.NETWORK)
    assert permitted() == [set(), both("First", "Second")]
    EventReportPage.objects.filter(title="Report: Second").update(event=third)
    assert permitted() == [set(), both("First")]
