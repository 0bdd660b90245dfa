"""A report is written from its event's records, by whoever may, once or anew; and what becomes of it if the event is narrowed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import PageLogEntry

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.events.enums import PartyRole
from jirani.events.models import Delegation, Event, EventParty
from jirani.lessons.enums import LessonKind
from jirani.members.enums import Sector
from jirani.newsroom.actions import can_write_report, follow, foresee, write_report
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db


def test_whoever_runs_a_public_event_that_has_begun_has_its_report_written(cast: Cast, newsroom: NewsIndexPage) -> None:
    today = timezone.localdate()
    public, network = make.event(hub=cast.hub), make.event(hub=cast.hub, access=AccessMode.NETWORK)
    coming = make.event(hub=cast.hub, starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2))
    users = {part: user_of(getattr(cast, part)) for part in ("hub_coordinator", "mombasa_focal_point", "editor")}

    def may(event: Event) -> list[bool]:
        return [can_write_report(user, event) for user in users.values()]

    assert (may(public), may(network)) == ([True, False, False], [False, False, False])
    for by, event in ((users["editor"], public), (users["hub_coordinator"], network)):
        with pytest.raises(PermissionDenied, match="Only the organisers of a public event"):
            write_report(event, by=by)
    with pytest.raises(ValueError, match="once the event has begun"):
        write_report(coming, by=users["hub_coordinator"])
    assert not EventReportPage.objects.exists()
    assert not Entry.objects.filter(verb="newsroom.write_report").exists()


def test_a_report_holds_what_its_event_says_and_is_written_anew_until_it_is_published(
    cast: Cast, newsroom: NewsIndexPage
) -> None:
    by = user_of(cast.coordinator)
    event = make.event(
        "Exchange", summary="In short.", description="One.\n\nTwo.", next_steps="Go on.", place="Ukunda", country="KE",
        source_url="https://example.org/", illustrative=True,
    )  # fmt: skip
    other = make.event("Other")
    Delegation.objects.create(event=event, authority=cast.mombasa)
    for role, body in (
        (PartyRole.HOST, cast.kwale.organisation), (PartyRole.ORGANISER, make.organisation("Institute")),
        (PartyRole.DONOR, make.organisation("Fund", sector=Sector.MULTILATERAL)),
    ):  # fmt: skip
        EventParty.objects.create(event=event, organisation=body, role=role)
    practice = make.lesson("Practice", event=event)
    challenge = make.lesson("Challenge", event=event, kind=LessonKind.CHALLENGE)
    make.lesson("Hidden", event=event, access=AccessMode.NETWORK)
    make.lesson("Draft", event=event, state="draft")
    make.lesson("Elsewhere", event=other)
    save_translation(event, "title", "fr", "Échange")
    elsewhere = write_report(other, by=by)

    report = write_report(event, by=by)
    chapters = ("title", "standfirst", "description", "partners", "represented", "donors", "next_steps", "source_url")
    written = {
        "title": "Report: Exchange", "standfirst": "In short.", "description": "<p>One.</p><p>Two.</p>",
        "partners": "<ul><li>Institute</li></ul>",
        "represented": "<ul><li>Mombasa County</li><li>Kwale County</li></ul>",
        "donors": "<ul><li>Fund</li></ul>", "next_steps": "<p>Go on.</p>", "source_url": "https://example.org/",
    }  # fmt: skip

    def stored() -> tuple[dict[str, str], list[str]]:
        kept = EventReportPage.objects.get(pk=report.pk)
        listed = sorted(kept.get_latest_revision_as_object().report_lessons.all(), key=lambda one: one.sort_order)
        return {name: getattr(kept, name) for name in chapters}, [one.lesson.title for one in listed]

    order = [one.title for one in sorted((practice, challenge), key=lambda one: str(one.kind))]
    assert stored() == (written, order)
    assert (report.live, report.illustrative, report.owner, report.latest_revision.user) == (False, True, by, by)
    assert (report.where_and_when.count(" · "), report.translation_key != elsewhere.translation_key) == (3, True)
    entry = Entry.objects.filter(verb="newsroom.write_report").latest("pk")
    assert (entry.actor, entry.object_id, entry.details) == (by, report.pk, {"event": event.pk})

    Event.objects.filter(pk=event.pk).update(summary="Otherwise.")
    type(practice).objects.filter(pk=practice.pk).update(access=AccessMode.NETWORK)
    event.refresh_from_db()
    assert write_report(event, by=by).pk == report.pk
    assert stored() == (written | {"standfirst": "Otherwise."}, ["Challenge"])
    with override("fr"):
        french = write_report(event, by=by)
    assert (french.pk != report.pk, french.translation_key, french.locale.language_code, french.title) == (
        True, report.translation_key, "fr", "Compte rendu\u202f: Échange",
    )  # fmt: skip
    EventReportPage.objects.get(pk=report.pk).get_latest_revision().publish()
    with pytest.raises(ValueError, match="The report is published"):
        write_report(event, by=by)
    assert stored()[0]["standfirst"] == "Otherwise."
    with override("fr"):
        assert write_report(event, by=by) == french, "that one is a draft still"


def test_what_becomes_of_reports_is_said_beforehand_and_done(cast: Cast, newsroom: NewsIndexPage) -> None:
    by = user_of(cast.coordinator)
    bare, drafted, told, article = (make.event(name) for name in ("Bare", "Drafted", "Told", "Article"))
    for event in (drafted, told):
        write_report(event, by=by)
    EventReportPage.objects.get(event=told).get_latest_revision().publish()
    for n in range(2):
        newsroom.add_child(instance=ArticlePage(title=f"Article {n}", slug=f"article-{n}", event=article))
    newsroom.add_child(instance=ArticlePage(title="Draft", slug="draft", event=told, live=False))

    def said(room: Any, access: str) -> list[str]:
        return [line.partition(":")[0][:36] for line in foresee(room, access)]

    network, closed = AccessMode.NETWORK, AccessMode.CLOSED
    removed, deleted = "Its published report is removed from", "Its report is deleted with all its v"
    assert {event.title: (said(event, network), said(event, closed)) for event in (bare, drafted, told, article)} == {
        "Bare": ([], []), "Drafted": ([], [deleted]), "Told": ([removed], [deleted]),
        "Article": (["2 published articles are about this "], ["2 published articles are about this "]),
    }  # fmt: skip
    assert [said(make.session(event), closed) for event in (drafted, told)] == [
        [], ["The event’s report is published. Rem"],
    ]  # fmt: skip

    def states() -> dict[str, bool]:
        return {page.event.title: page.live for page in EventReportPage.objects.select_related("event")}

    def done() -> list[tuple[str, Any, Any]]:
        verbs = ("newsroom.unpublish_report", "newsroom.delete_report")
        entries = Entry.objects.filter(verb__in=verbs).order_by("pk")
        return [(one.verb, one.actor, one.details) for one in entries]

    follow(make.session(told), by)
    for event in (bare, drafted, told):
        event.access = network
        follow(event, by)
    assert states() == {"Drafted": False, "Told": False}
    unpublished = ("newsroom.unpublish_report", by, {"event": told.pk})
    assert done() == [unpublished]
    pages = {page.event_id: page.pk for page in EventReportPage.objects.all()}
    told.access = closed
    follow(told, by)
    assert states() == {"Drafted": False}
    assert done() == [unpublished, ("newsroom.delete_report", by, {"event": told.pk})]
    logged = [PageLogEntry.objects.filter(page=pages[event.pk]).exists() for event in (drafted, told)]
    assert logged == [True, False]
