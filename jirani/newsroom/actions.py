"""Set the newsroom up, let editors in, and write an event's report from its records."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, PageLogEntry, Site

from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.changes.registry import Change, Kind
from jirani.core.enums import AccessMode
from jirani.core.permissions import require
from jirani.core.text import active_language
from jirani.events.enums import PartyRole
from jirani.events.event.text import country_beside_place
from jirani.events.models import Event, EventParty, Session
from jirani.events.permissions import can_edit_event
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector
from jirani.members.models import Organisation, standing_of
from jirani.translation.models import attach_translations
from jirani.ui.text import days, number

from .models import ArticlePage, EventReportPage, NewsIndexPage, ReportLesson
from .text import bullets, paragraphs

EDITORS = "Editors"
#: The Wagtail group whose members, a hub's coordinators, edit and publish the reports of its events and nothing else.
HUB_EDITORS = "Editors of hub "


@transaction.atomic
def ensure_newsroom() -> NewsIndexPage:
    """A newsroom for every language of the interface, the site that serves them, and the editors' group. Safe to repeat."""
    root = Page.get_first_root_node()
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    index: NewsIndexPage | None = NewsIndexPage.objects.filter(locale=locale).first()
    if index is None:
        with translation.override(settings.LANGUAGE_CODE):
            index = root.add_child(instance=NewsIndexPage(title=_("News"), slug="news", locale=locale))
    _translate_front(index)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": index, "site_name": settings.NETWORK_NAME},
    )
    Page.objects.filter(depth=2, slug="home", title__startswith="Welcome to your new Wagtail site").delete()
    _ensure_editors(root)
    for group in _hub_groups():  # what was written while nobody listened, such as before an upgrade
        _open_reports(group)
    return index


def _translate_front(index: NewsIndexPage) -> None:
    for code, _name in settings.LANGUAGES:
        locale = Locale.objects.get(language_code=code)
        if index.has_translation(locale) or code == settings.LANGUAGE_CODE:
            continue
        with translation.override(code):
            front = index.copy_for_translation(locale)
            front.title = _("News")
            front.save()
            front.save_revision().publish()


def _ensure_editors(root: Page) -> None:
    group = _group(EDITORS)
    _let_edit(group, root, "add_page", "change_page", "publish_page")
    group.permissions.add(
        Permission.objects.get(codename="submit_translation", content_type__app_label="wagtail_localize")
    )
    collection = Collection.get_first_root_node()
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for verb in ("add", "change", "choose"):
            permission = Permission.objects.get(codename=f"{verb}_{model}", content_type__app_label=app)
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _group(name: str) -> Group:
    """A group whose members come into Wagtail's admin."""
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
    return group


def _hub_groups() -> QuerySet[Group]:
    """Return the groups of hubs' editors. The name ends in a number, because an administrator may name a group "Editors of hub Nairobi"."""
    return Group.objects.filter(name__regex=rf"^{HUB_EDITORS}[0-9]+$")


def _let_edit(group: Group, page: Page, *codenames: str) -> None:
    for codename in codenames:
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def admit_editor(user: User) -> bool:
    """Let people who are editors today into Wagtail's pages and keep others out. Returns whether the user is let in.

    The network's editors may edit all pages; a hub's coordinators the reports of events that belong to the hub today. Wagtail goes by
    groups. A duty begins and ends with a day, on which nobody writes anything, so the groups are compared with the duties whenever
    somebody comes, and are written only if they differ.
    """
    if user.is_superuser:
        return True
    standing = standing_of(user)
    wanted = {EDITORS} if standing.editor else {f"{HUB_EDITORS}{hub}" for hub in standing.hubs}
    ours = Q(name=EDITORS) | Q(pk__in=_hub_groups().values("pk"))
    held = set(user.groups.filter(ours).values_list("name", flat=True))
    if held != wanted:
        _regroup(user, held, wanted)
    return bool(wanted)


@transaction.atomic
def _regroup(user: User, held: set[str], wanted: set[str]) -> None:
    user.groups.remove(*Group.objects.filter(name__in=held - wanted))
    for name in sorted(wanted - held):
        group = _group(name)
        user.groups.add(group)
        if name != EDITORS:
            _open_reports(group)


#: Upon these the reports that a hub's coordinators edit depend, by model.
_REPORTS_HANG_ON = {"events.Event": {"hub", "access"}, "newsroom.EventReportPage": {"event"}}


def open_reports(changes: Sequence[Change]) -> None:
    """Let hubs' coordinators edit the reports of their events, when a report was begun or an event got another hub or mode."""
    begun = any(change.model is EventReportPage and change.kind == Kind.MADE for change in changes)
    if begun or any(change.fields & _REPORTS_HANG_ON[change.model._meta.label] for change in changes):
        for group in _hub_groups():
            _open_reports(group)


def _open_reports(group: Group) -> None:
    """Update which reports a hub's group may edit."""
    hub = int(group.name.removeprefix(HUB_EDITORS))
    reports = EventReportPage.objects.filter(event__hub=hub, event__access=AccessMode.PUBLIC)
    GroupPagePermission.objects.filter(group=group).exclude(page__in=reports.values("page_ptr")).delete()
    for report in reports.exclude(pk__in=GroupPagePermission.objects.filter(group=group).values("page")):
        _let_edit(group, report, "change_page", "publish_page")


def can_write_report(user: Any, event: Event) -> bool:
    """Whether the user may edit the event and it is public, because a newsroom page is for everybody."""
    return can_edit_event(user, event) and event.access == AccessMode.PUBLIC


@transaction.atomic
def write_report(event: Event, *, by: Any) -> EventReportPage:
    """Write an event's report from its records, as a draft in the writer's language; an unpublished one is overwritten.

    If there is one in another language, it is the same report and the two pages link to each other. Lessons are included by reference.
    Raises PermissionDenied, and ValueError if the event has not begun or a published report would be overwritten.
    """
    require(can_write_report(by, event), _("Only the organisers of a public event can have its report written."))
    if not event.has_begun:
        raise ValueError(_("The report can be written once the event has begun."))
    Event.objects.select_for_update().get(pk=event.pk)  # two clicks must not write two reports
    locale = Locale.get_active()
    report: EventReportPage | None = EventReportPage.objects.filter(event=event, locale=locale).first()
    if report is not None and report.live:
        raise ValueError(_("The report is published. Edit it, or take it back first."))
    chapters = write_chapters(event)
    if report is None:
        report = _begin_report(event, locale, {"owner": by, **chapters})
    else:
        for name, value in chapters.items():
            setattr(report, name, value)
        report.report_lessons.all().delete()
        report.save()
    report.report_lessons.set(_lessons_of(event))
    report.save_revision(user=by)
    record("newsroom.write_report", report, by=by, event=event.pk)
    return report


def _lessons_of(event: Event) -> list[ReportLesson]:
    lessons = Lesson.objects.published().filter(event=event, access=AccessMode.PUBLIC)
    ordered = lessons.order_by("kind", "published_at", "id")
    return [ReportLesson(lesson=lesson, sort_order=place) for place, lesson in enumerate(ordered)]


def _begin_report(event: Event, locale: Locale, values: dict[str, Any]) -> EventReportPage:
    slug = slugify(f"report {event.slug}")
    report = EventReportPage(event=event, locale=locale, slug=slug, live=False, **values)
    if (other := EventReportPage.objects.filter(event=event).order_by("pk").first()) is not None:
        report.translation_key = other.translation_key
    NewsIndexPage.objects.get(locale=locale).add_child(instance=report)
    return report


def write_chapters(event: Event) -> dict[str, Any]:
    """Return what the records say under each heading except the lessons, in the active language. Figures are counted, never typed."""
    language = active_language()
    parties = list(event.parties.select_related("organisation"))
    sent = [one.authority.organisation for one in event.delegations.select_related("authority__organisation")]
    attach_translations(language, event, [party.organisation for party in parties], sent)

    def said(field: str) -> str:
        return event.text_in(field, language)[0]

    hosts = _in_role(parties, PartyRole.ORGANISER, PartyRole.HOST, PartyRole.PARTNER)
    return {
        "title": _("Report: %(event)s") % {"event": said("title")},
        "standfirst": said("summary"),
        "description": str(paragraphs(said("description"))),
        "where_and_when": str(paragraphs(_where_and_when(event, language))),
        "partners": _names((body for body in hosts if not _is_government(body)), language),
        "represented": _names([*sent, *(body for body in hosts if _is_government(body))], language),
        "next_steps": str(paragraphs(said("next_steps"))),
        "donors": _names(_in_role(parties, PartyRole.DONOR), language),
        "source_url": event.source_url,
        "illustrative": event.illustrative,
    }


def _in_role(parties: Iterable[EventParty], *roles: str) -> list[Organisation]:
    return [party.organisation for role in roles for party in parties if party.role == role]


def _names(bodies: Iterable[Organisation], language: str) -> str:
    return str(bullets(dict.fromkeys(body.text_in("name", language)[0] for body in bodies)))


def _is_government(body: Organisation) -> bool:
    """Whether an organiser belongs among the local governments, so that nobody is listed under two headings."""
    return body.sector == Sector.LOCAL_GOVERNMENT


def _where_and_when(event: Event, language: str) -> str:
    dates = days(event.starts_on, event.ends_on, event.date_precision, style="full")
    words = [dates, event.text_in("place", language)[0], country_beside_place(event), event.get_format_display()]
    return " · ".join(str(part) for part in words if part)


def foresee(room: Event | Session, access: str) -> Iterator[str]:
    """Say what happens to newsroom pages about an event or a session that is narrowed to `access`."""
    if isinstance(room, Session):
        if EventReportPage.objects.live().filter(event=room.event_id).exists():
            yield _(
                "The event’s report is published. Remove what it says about this session yourself; lessons are removed automatically."
            )
        return
    if access == AccessMode.CLOSED and EventReportPage.objects.filter(event=room).exists():
        yield _("Its report is deleted with all its versions: the newsroom’s editors may not see a closed event.")
    elif EventReportPage.objects.live().filter(event=room).exists():
        yield _("Its published report is removed from the newsroom, where everybody can read every page.")
    articles = ArticlePage.objects.live().filter(event=room).count()
    if articles:
        yield ngettext(
            "%(shown)s published article is about this event and stays. Unpublish it yourself if it reveals too much.",
            "%(shown)s published articles are about this event and stay. Unpublish them yourself if they reveal too much.",
            articles,
        ) % {"shown": number(articles)}


def follow(room: Event | Session, by: Any) -> None:
    """Take an event's reports off in every language; as drafts they stay. What a person wrote about a session only a person can tell.

    Of a closed event nothing stays, since editors would read what only its people may. Whoever may narrow the event may do so, an
    editor of the newsroom or not.
    """
    if isinstance(room, Session):
        return
    for report in EventReportPage.objects.filter(event=room):
        if room.access == AccessMode.CLOSED:
            record("newsroom.delete_report", report, by=by, event=room.pk)
            DeletePageAction(report, user=by).execute(skip_permission_checks=True)
            PageLogEntry.objects.filter(page=report.pk).delete()  # its label is the title
        elif report.live:
            UnpublishPageAction(report, user=by).execute(skip_permission_checks=True)
            record("newsroom.unpublish_report", report, by=by, event=room.pk)
