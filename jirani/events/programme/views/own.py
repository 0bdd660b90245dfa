"""A participant's own page: by the link in their invitation, or signed in.

By the link, the address itself is the key. So it is kept out of caches, search engines and every `Referer`
(`core.middleware.hide_address`).
"""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jirani.acting.forms import sent
from jirani.core.paging import page_by_head
from jirani.core.routes import for_one, only_posts, public, signed_in
from jirani.events.actions import answer, guest_purposes, has_ended, holder_of, may_answer, save_consents
from jirani.events.enums import EventState, ParticipationRole, ParticipationState, SessionKind
from jirani.events.forms import AnswerForm
from jirani.events.models import Participation, RemovedSession, Session, SessionPart
from jirani.events.permissions import speaks_alone
from jirani.members.forms import ConsentForm
from jirani.members.models import standing_of
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .calendars import programme_of

#: Purposes that a participant is asked about.
ASKED = ("named", "photographs", "directory")


class Visit:
    """Who opened the page, by account or link, and the addresses of its parts."""

    def __init__(self, request: HttpRequest, participation: Participation, *, token: str = "") -> None:
        self.request, self.participation, self.token = request, participation, token

    def url(self, part: str) -> str:
        """The address of a part of the page, by the same way."""
        if self.token:
            return reverse(f"events:programme_{part}", args=[self.token])
        return reverse(f"events:own_programme_{part}", args=[self.participation.event.slug])

    @property
    def own_url(self) -> str:
        """The address of the page for whoever is signed in."""
        return reverse("events:own_programme_detail", args=[self.participation.event.slug])

    @property
    def is_alone(self) -> bool:
        """Whether this way is the only one they have, or the one by which they say who they are."""
        return not self.token or speaks_alone(self.participation)

    @property
    def proof(self) -> dict[str, Any]:
        """Return what entitles them to act: the link's nonce, or their account."""
        return {"nonce": self.participation.nonce} if self.token else {"by": self.request.user}

    def sessions(self) -> QuerySet[Session]:
        """Return the sessions that they may see: all for the event's people, otherwise the public ones."""
        sessions = Session.objects.all()
        if not self.participation.is_inside:
            sessions = sessions.visible_to(AnonymousUser() if self.token else self.request.user)
        sessions = sessions.filter(event=self.participation.event).select_related("host", "event")
        return sessions.order_by("held_on", "starts_at", "position", "id")

    def removed_sessions(self) -> list[RemovedSession]:
        """Sessions taken out that stood in their calendar."""
        event = self.participation.event
        found = RemovedSession.objects.filter(event=event).order_by("pk")
        if not self.participation.is_inside:
            modes = standing_of(AnonymousUser() if self.token else self.request.user).modes
            found = found.filter(access__in=modes if event.access in modes else [])
        return list(found)


def _own(request: HttpRequest, slug: str) -> Visit:
    """Find the participation by the account; 404 for people who were never told of the event. Somebody who was removed is told only that."""
    rows = Participation.objects.filter(person__user=request.user.pk, event__slug=slug)
    rows = rows.exclude(event__state=EventState.DRAFT)
    found = rows.select_related("event__hub", "person__user", "delegation__authority__organisation").first()
    if found is None or not (found.is_told or found.state == ParticipationState.CANCELLED):
        raise Http404
    return Visit(request, found)


def _asked(visit: Visit) -> list[str]:
    """Return the consents to ask for: by the link of somebody with an account, only those given before, which they may take back."""
    agreed = set(ASKED) if visit.is_alone else guest_purposes(visit.participation)
    return [purpose for purpose in ASKED if purpose in agreed]


def _detail(visit: Visit, answers: AnswerForm | None = None) -> HttpResponse:
    participation = visit.participation
    event, delegation, person = participation.event, participation.delegation, participation.person
    assert person is not None
    sessions, page = page_by_head(visit.request, visit.sessions(), "held_on")
    body = delegation.authority.organisation if delegation else None
    translate_now(event, event.hub, body, sessions, [session.shown_host for session in sessions])
    parts = list(participation.session_parts.all())
    record = _Record(participation, parts)
    rows = _rows(sessions, parts, record)
    context = {
        "event": event, "participation": participation, "person": person, "inside": participation.is_inside,
        "open": may_answer(participation), "form": answers,
        "days": [(on, list(group)) for on, group in groupby(rows, key=lambda row: row["session"].held_on)],
        "page": page,
        "consents": ConsentForm(sent(visit.request, to=visit.url("consent")), person=person, purposes=_asked(visit)),
        "urls": {part: visit.url(part) for part in ("answer", "consent", "calendar")},
        "token": visit.token, "alone": visit.is_alone, "own": visit.own_url, "unnamed": record.is_unnamed,
    }  # fmt: skip
    return form_page(visit.request, "events/programme/programme_detail.html", context)


class _Record:
    """Of which sessions somebody is to keep the record, if they come: those at which they are named, or all."""

    def __init__(self, participation: Participation, parts: list[SessionPart]) -> None:
        self.inside, listed = participation.is_inside, participation.role == ParticipationRole.RAPPORTEUR
        self.whole = listed and participation.keeps_record
        self.named = {part.session_id for part in parts if part.role == ParticipationRole.RAPPORTEUR}
        self.is_unnamed = listed and not self.whole and not self.named

    def holds(self, session: Session) -> bool:
        """Whether the session's notes are theirs to keep."""
        return self.inside and session.kind != SessionKind.BREAK and (self.whole or session.pk in self.named)


def _rows(sessions: list[Session], parts: list[SessionPart], record: _Record) -> list[dict[str, Any]]:
    """The programme line by line: each session with what they do in it and when it is in the world's time."""
    roles: dict[int, list[str]] = {}
    for part in parts:
        roles.setdefault(part.session_id, []).append(part.get_role_display())
    return [
        {
            "session": session,
            "parts": roles.get(session.pk, []),
            "kept": record.holds(session),
            "moments": session.hours.moments() if session.hours else None,
        }
        for session in sessions
    ]


def _answer(visit: Visit) -> HttpResponse:
    form = AnswerForm(visit.request.POST)
    if form.is_valid() and (given := form.submit(answer, visit.participation, **visit.proof)):
        words = {
            ParticipationState.CONFIRMED: _("You are expected."),
            ParticipationState.WAITLISTED: _("You are on the waiting list. The organisers decide who gets a place."),
            ParticipationState.DECLINED: _("You are off the list. You can change your mind here."),
        }
        messages.success(visit.request, words[ParticipationState(given.standing)])
        return redirect(visit.url("detail"))
    return _detail(visit, form)


def _consent(visit: Visit) -> HttpResponse:
    person = visit.participation.person
    assert person is not None
    asked = _asked(visit)
    if not asked:
        return redirect(visit.own_url)
    form = ConsentForm(visit.request.POST, person=person, purposes=asked)
    if form.is_valid():
        save_consents(visit.participation, offered=list(form.fields), given=form.given, **visit.proof)
        messages.success(visit.request, _("Your choices are saved with today’s date."))
    return redirect(visit.url("detail") + "#consents")


def _calendar(visit: Visit) -> HttpResponse:
    event = visit.participation.event
    sessions = visit.sessions()
    translate_now(event, sessions)
    body = programme_of(
        event, sessions, visit.removed_sessions(), link=event.link if visit.participation.is_inside else ""
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response


def gone(request: HttpRequest, token: str) -> HttpResponse:
    """Explain why a link does not work, and what to do."""
    ended = has_ended(token)
    template = "events/programme/programme_ended.html" if ended else "events/programme/programme_gone.html"
    return for_one(render(request, template, {"sign_in": reverse("account_login")}, status=410 if ended else 404))


def _by_link_and_own(
    act: Callable[[Visit], HttpResponse], methods: Callable[[Any], Any]
) -> tuple[Callable[..., HttpResponseBase], Callable[..., HttpResponseBase]]:
    """The same part of the page by the link in the invitation, and signed in."""

    def by_link(request: HttpRequest, token: str) -> HttpResponse:
        participation = holder_of(token)
        if participation is None:
            return gone(request, token)
        return for_one(act(Visit(request, participation, token=token)))

    def own(request: HttpRequest, slug: str) -> HttpResponse:
        visit = _own(request, slug)
        if visit.participation.state == ParticipationState.CANCELLED:
            return for_one(render(request, "events/programme/programme_off.html", status=404))
        return for_one(act(visit))

    return public(methods(by_link)), signed_in(methods(own))


#: My programme.
programme_detail, own_programme_detail = _by_link_and_own(_detail, require_safe)
#: Accept or decline.
programme_answer, own_programme_answer = _by_link_and_own(_answer, only_posts)
#: Say what may be done with my name and picture.
programme_consent, own_programme_consent = _by_link_and_own(_consent, only_posts)
#: The programme for one's own calendar.
programme_calendar, own_programme_calendar = _by_link_and_own(_calendar, require_safe)
