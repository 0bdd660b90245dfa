"""The canary: a network is filled with records of every kind and mode whose texts hold tokens; everything that can be fetched is
fetched as everybody, and no token appears where its record's permission does not let it.

A new address that takes arguments must be named in ARGUMENTS, or this test fails: whoever adds one says what it shows.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import combinations
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.test.signals import template_rendered
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from jirani.accounts.models import User
from jirani.commitments.actions.commitments import publish_commitment
from jirani.commitments.actions.reminders import remind_due
from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Outcome
from jirani.core.enums import Status
from jirani.core.routes import Door
from jirani.events.actions import cancel_event, change_event, invite
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.events.text import sign_link
from jirani.forums.actions import add_seat
from jirani.forums.models import Forum, Meeting, Seat
from jirani.lessons.actions import write_note
from jirani.lessons.models import Endorsement, Lesson, Note, Response
from jirani.members.actions import add_post, give_duty
from jirani.members.models import Hub, LocalAuthority, NetworkRole, Organisation, Tenure
from jirani.newsroom.models import NewsPage
from jirani.notifications.adapters import LETTERS, AccountAdapter
from jirani.notifications.models import Message
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.public.views import sitemap
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.models import Translation

from . import factories as make
from .stage import Stage, fill, publish, texts
from .test_architecture import templates
from .test_routes import FOREIGN, routes

TOKEN = re.compile(r"zq\d{5}qz")
#: A word that nobody wrote.
NOBODYS = "zq99999qz"
#: Addresses that change something when fetched, or only speak to whoever holds a secret link.
LEFT_OUT = {"image_show", "original_image_show", "account_logout", "account_confirm_login_code"}


@dataclass(frozen=True)
class Arguments:
    """Where an address gets its arguments: every record of a model; `differ` is what its pages differ by."""

    model: Any
    differ: tuple[str, ...]
    lookups: dict[str, str]

    def every(self) -> list[dict[str, Any]]:
        """From every record: argument=path of attributes."""
        return [self._of(record) for record in self.model._default_manager.all()]

    def some(self) -> list[dict[str, Any]]:
        """From enough records for each two values of what they differ by to meet."""
        left = {record: self._pairs(record) for record in self.model._default_manager.all()}
        kept = []
        while left and (best := max(left, key=lambda record: len(left[record]))) and left[best]:
            kept.append(best)
            met = left.pop(best)
            left = {record: pairs - met for record, pairs in left.items()}
        return [self._of(record) for record in kept]

    def _pairs(self, record: Any) -> frozenset[Any]:
        values = [(path, str(_follow(record, path))) for path in self.differ]
        return frozenset(combinations(values, 2)) | {(value,) for value in values}

    def _of(self, record: Any) -> dict[str, Any]:
        return {argument: _follow(record, path) for argument, path in self.lookups.items()}


def _of(model: Any, *differ: str, **lookups: str) -> Arguments:
    return Arguments(model, differ or ("pk",), lookups)


def _follow(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
        record = record() if callable(record) and name == "exists" else record
    return record


@dataclass(frozen=True)
class Listed:
    """Arguments that are no record's."""

    rows: Callable[[], Iterable[dict[str, Any]]]

    def every(self) -> list[dict[str, Any]]:
        """All of them."""
        return list(self.rows())

    some = every


def _words() -> Iterator[dict[str, Any]]:
    """One theme, driver and hub each: what their page shows is the same for all."""
    for kind, model in (("theme", Theme), ("driver", Driver), ("hub", Hub)):
        yield from ({"kind": kind, "pk": word.pk} for word in model._default_manager.all()[:1])


_event = _of(Event, "access", "state", slug="slug")
_session = _of(Session, "event.access", "event.state", "access", "parts.exists", slug="event.slug", pk="pk")
_commitment = _of(Commitment, "access", "status", pk="pk")
_lesson = _of(Lesson, "access", "state", "kind", pk="pk")
_note = _of(Note, pk="pk")
_plan = _of(ActionPlan, "access", "state", slug="slug")
_activity = _of(
    Activity,
    "objective.pillar.plan.access",
    "objective.pillar.plan.state",
    slug="objective.pillar.plan.slug",
    pk="pk",
)
_participation = _of(Participation, "event.access", "event.state", "role", "state", slug="event.slug", pk="pk")
_INNER = ("commitment.access", "commitment.status", "access")

#: What an address with arguments is about, by its name; a name ending in "*" stands for all that begin so.
ARGUMENTS: dict[str, Arguments | Listed] = {
    "sitemap_part": Listed(lambda: ({"kind": each.kind, "part": 0} for each in sitemap._listings())),
    "public:authority_*": _of(LocalAuthority, slug="organisation.slug"),
    "public:organisation_detail": _of(Organisation, slug="slug"),
    "public:event_*": _event,
    "public:session_detail": _session,
    "public:lesson_*": _lesson,
    "public:commitment_*": _commitment,
    "public:outcome_*": _of(Outcome, *_INNER, pk="pk"),
    "public:plan_*": _plan,
    "public:activity_*": _activity,
    "public:forum_*": _of(Forum, slug="slug"),
    "public:evidence_file": _of(Evidence, *_INNER, pk="pk"),
    "plans:plan_create": _of(LocalAuthority, "hub", slug="organisation.slug"),
    "plans:objective_create": _of(Pillar, "plan.access", "plan.state", slug="plan.slug", pk="pk"),
    "plans:objective_*": _of(Objective, "pillar.plan.access", "pillar.plan.state", slug="pillar.plan.slug", pk="pk"),
    "plans:pillar_create": _plan,
    "plans:pillar_*": _of(Pillar, "plan.access", "plan.state", slug="plan.slug", pk="pk"),
    "plans:activity_create": _plan,
    "plans:activity_*": _activity,
    "plans:*": _plan,
    "members:taxonomy_*": Listed(_words),
    "lessons:note_list": _session,
    "lessons:note_create": _session,
    "lessons:session_lesson_create": _session,
    "lessons:note_*": _note,
    "lessons:lesson_*": _lesson,
    "lessons:endorsement_*": _of(Endorsement, "lesson.access", "lesson.state", pk="pk"),
    "lessons:response_*": _of(Response, "lesson.access", "lesson.state", pk="pk"),
    "members:authority_edit": _of(LocalAuthority, slug="organisation.slug"),
    "members:post_end": _of(Tenure, slug="organisation.slug", pk="pk"),
    "members:post_*": _of(Organisation, slug="slug"),
    "members:duty_end": _of(NetworkRole, pk="pk"),
    "forums:seat_replace": _of(Seat, slug="forum.slug", pk="pk"),
    "forums:seat_end": _of(Seat, slug="forum.slug", pk="pk"),
    "forums:forum_create": _of(LocalAuthority, slug="organisation.slug"),
    "forums:meeting_edit": _of(Meeting, slug="forum.slug", pk="pk"),
    "forums:*": _of(Forum, slug="slug"),
    "members:membership_edit": _of(LocalAuthority, slug="organisation.slug"),
    "newsroom:report_create": _event,
    "events:session_create": _event,
    "events:session_*": _session,
    "events:part_create": _session,
    "events:part_delete": _of(SessionPart, slug="session.event.slug", pk="session.pk", part="pk"),
    "events:party_delete": _of(EventParty, "event.access", "event.state", slug="event.slug", pk="pk"),
    "events:grant_remove": _of(Event.grants.through, slug="event.slug", pk="grant_id"),
    "events:delegation_delete": _of(Delegation, "event.access", "event.state", slug="event.slug", pk="pk"),
    "events:participation_edit": _participation,
    "events:participation_renew": _participation,
    "events:participation_cancel": _participation,
    "events:*": _event,
    "commitments:commitment_create": _lesson,
    "commitments:follow_up_*": _of(FollowUp, "commitment.access", "commitment.status", "months", pk="pk"),
    **{
        f"commitments:{name}": _of(model, *_INNER[: 3 if model is not Adaptation else 2], pk="pk")
        for model, names in (
            (Adaptation, ("adaptation_edit", "adaptation_remove")),
            (Outcome, ("outcome_edit", "outcome_withdraw", "outcome_evidence_create", "practice_create")),
            (Evidence, ("evidence_edit", "evidence_remove")),
        )
        for name in names
    },
    "commitments:*": _commitment,
}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One stage for all roles, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = fill()
        publish(made)
        remind_due(timezone.localdate())
        yield made
        transaction.set_rollback(True)


def _arguments_of(name: str, *, whole: bool) -> list[dict[str, Any]]:
    for known, arguments in ARGUMENTS.items():
        if name == known or (known.endswith("*") and name.startswith(known[:-1])):
            return arguments.every() if whole else arguments.some()
    raise KeyError(f"ARGUMENTS does not say what {name} is about")


def addresses(user: Any, *, whole: bool) -> list[str]:
    """Every address of ours in English, with the arguments of every record, or (not `whole`) of those whose pages differ.

    Where a door is shut to the user, whatever stands behind it, once is enough.
    """
    with translation.override("en"):
        return list(dict.fromkeys(_addresses(user, whole=whole)))


def _is_open(view: Any, user: Any) -> bool:
    door = getattr(view, "door", Door.PUBLIC)
    return door == Door.PUBLIC or (user.is_authenticated and (door != Door.GUARDED or view.may(user)))


def _addresses(user: Any, *, whole: bool) -> Iterator[str]:
    for shape, pattern in routes():
        if shape.startswith(tuple(FOREIGN)) or pattern.name in LEFT_OUT or "token" in shape:
            continue
        if "<" not in shape:
            yield f"/{shape}"
            continue
        space = _namespace(pattern)
        name = f"{space}:{pattern.name}" if space else str(pattern.name)
        arguments = _arguments_of(name, whole=whole and space == "public")
        if not _is_open(pattern.callback, user):
            arguments = arguments[:1]
        yield from _reversed(name, set(re.findall(r"<(?:\w+:)?(\w+)>", shape)), arguments)
    yield from (
        "/en/news/",
        "/ar/news/",
        "/en/nowhere/",
        "/nowhere/",
        "/en/lessons/?cursor=nowhere",
        "/en/events/nowhere/",
    )
    for page in NewsPage.objects.select_related("locale"):
        for code in (
            page.locale.language_code,
            "sw",
        ):  # in its own language, and in the frame of one in which it is not there
            yield f"/{code}/news/{page.slug}/"


def _reversed(name: str, wanted: set[str], every: list[dict[str, Any]]) -> Iterator[str]:
    for arguments in every:
        known = {key: value for key, value in arguments.items() if key in wanted}
        assert set(known) == wanted, f"ARGUMENTS gives {sorted(known)} to {name}, which wants {sorted(wanted)}"
        try:
            yield reverse(name, kwargs=known)
        except NoReverseMatch as error:  # pragma: no cover
            raise AssertionError(name) from error


def _namespace(pattern: Any) -> str:
    module: str = pattern.callback.__module__
    app = module.split(".")[1] if module.startswith("jirani.") else ""
    return "" if app in {"", "accounts"} or pattern.name in {"robots", "sitemap", "sitemap_part"} else app


#: Those who keep the network's records, and those who take part.
KEEPERS = ["coordinator", "hub_coordinator", "forum_secretary", "rapporteur", "editor", "translator"]
OTHERS = ["kwale_focal_point", "mombasa_focal_point", "participant", "outsider"]


class Reader:
    """Somebody who fetches pages, each once, and notes what they find that is not for them."""

    def __init__(self, stage: Stage, part: str) -> None:
        self.stage, self.part, self.client = stage, part, Client()
        self.user = stage.cast.users()[part]
        if isinstance(self.user, User):
            self.client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        self.leaks: list[str] = []
        self.seen: set[str] = set()
        self._fetched: set[str] = set()
        self._may = cache(lambda question: question(self.user))

    def fetch(self, address: str) -> str:
        """What the address shows; "" where it was fetched before."""
        if address in self._fetched:
            return ""
        self._fetched.add(address)
        response = self.client.get(address)
        assert response.status_code < 500, address
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        page = body.decode("utf-8", "replace") + str(response.headers)
        self.leaks += [f"{self.part} finds {word} at {address}" for word in self._not_for_them(page, address)]
        return page

    def _not_for_them(self, page: str, address: str) -> set[str]:
        found = set(TOKEN.findall(page)) - {NOBODYS}
        self.seen |= found
        for word, slug in self.stage.affiliations.items():
            if 'method="post"' in page or f"/organisations/{slug}/" in address:
                found.discard(word)  # a form offers all organisations
        return {word for word in found if not self.may_see(word)}

    def may_see(self, word: str) -> bool:
        """Whether a token is for them."""
        return bool(self._may(self.stage.tokens[word]))

    def follow(self, page: str, address: str) -> None:
        """Fetch what a page's filters, facets and pagers lead to: addresses with a query."""
        for query in sorted(_queries(page, address)):
            self.fetch(query)

    def probe(self, address: str, name: str, word: str) -> None:
        """Ask for a word that is not for them: the answer is that to a word which nobody wrote."""
        asked, other = (f"{address}?{urlencode({name: value})}" for value in (word, NOBODYS))
        answers = [self.client.get(one).content.decode() for one in (asked, other)]
        if _settled(answers[0].replace(word, NOBODYS)) != _settled(answers[1]):
            self.leaks.append(f"{self.part} learns by {asked} that there is such a word")


def _queries(page: str, address: str) -> set[str]:
    links = {unescape(link) for link in re.findall(r'href="([^"#]*\?[^"#]*)', page)}
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        links |= {f"?{urlencode({name: unescape(v)})}" for v in re.findall(r'value="([^"]+)"', options)}
    found = {urljoin(address, link) for link in links}
    return {one for one in found if one.startswith("/en/") and not one.startswith("/en/accounts/")}


def _settled(page: str) -> str:
    """Without what differs from one answer to the next by itself."""
    return re.sub(r'(csrfmiddlewaretoken" value=|name="once" value=)"[^"]*"', "", page)


@contextmanager
def _quiet() -> Iterator[None]:
    """Refusals are what is looked for: nobody reads of them."""
    log = logging.getLogger("django")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)


LISTS = ("authority_list", "event_list", "lesson_list", "commitment_list", "outcome_list", "plan_list")


def _read_everything(stage: Stage, part: str, *, whole: bool = False) -> None:
    reader = Reader(stage, part)
    with _quiet():
        for address in addresses(reader.user, whole=whole):
            page = reader.fetch(address)
            if whole or address in {reverse(f"public:{name}") for name in LISTS}:
                reader.follow(page, address)
        for word in _words_of_lessons(stage):
            if not reader.may_see(word):
                reader.probe(reverse("public:lesson_list"), "q", word)
    assert reader.leaks == []
    assert reader.seen, "no token was found at all: the pages show nothing, and this test tests nothing"


def _words_of_lessons(stage: Stage) -> list[str]:
    """A token of each lesson, in turn of another of its texts."""
    lessons = [one for one in stage.records if isinstance(one, Lesson) and TOKEN.search(one.title)]
    names = [text.name for text in texts(Lesson) if text.name != "source_url"]
    return [TOKEN.findall(getattr(one, names[n % len(names)]))[-1] for n, one in enumerate(lessons)]


def test_no_token_where_it_must_not_be_for_visitors(stage: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), translation.override("en"):
        _read_everything(stage, "visitor", whole=True)


# Two classes, so that two processes share the work (`--dist loadscope`).
@pytest.mark.sweep
class TestKeepers:
    @pytest.mark.parametrize("part", KEEPERS)
    def test_no_token_where_it_must_not_be(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), translation.override("en"):
            _read_everything(stage, part)


@pytest.mark.sweep
class TestOthers:
    @pytest.mark.parametrize("part", OTHERS)
    def test_no_token_where_it_must_not_be(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), translation.override("en"):
            _read_everything(stage, part)

    @pytest.mark.parametrize(("part", "language"), [("visitor", "ar"), ("visitor", "fr"), ("participant", "sw")])
    def test_no_token_of_a_translation(self, part: str, language: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock(), _quiet():
            reader = Reader(stage, part)
            for address in addresses(reader.user, whole=False):
                reader.fetch(address.replace("/en/", f"/{language}/", 1))
            written = set(Translation.objects.filter(language=language).values_list("body", flat=True))
        assert reader.leaks == []
        assert reader.seen & written, "nothing is shown in this language"


def test_what_a_link_opens(stage: Stage, django_db_blocker: Any) -> None:
    """My programme, its calendar and my notes by the link in an invitation show what the invited person may see, to nobody else."""
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        reader = Reader(stage, "participant")
        reader.client = Client()
        for part in Participation.objects.filter(person=stage.cast.participant).exclude(event__state=EventState.DRAFT):
            Participation.objects.filter(pk=part.pk).update(nonce="nonce")
            for name in ("events:programme_detail", "events:programme_calendar", "lessons:note_own_by_link"):
                reader.fetch(reverse(name, args=[sign_link(part.pk, "nonce")]))
        transaction.set_rollback(True)
    assert reader.leaks == []
    assert len(reader.seen) > 20


def test_no_token_in_an_e_mail_where_it_must_not_be(stage: Stage, django_db_blocker: Any) -> None:
    rendered: set[str] = set()

    def note(sender: Any, **named: Any) -> None:
        rendered.add(str(named["template"].name))

    template_rendered.connect(note)
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            messages = _write_to_everybody(stage)
            leaks = [leak for message in messages for leak in _leaks_in(stage, message)]
            transaction.set_rollback(True)
    finally:
        template_rendered.disconnect(note)
    assert leaks == []
    letters = {str(path).partition("/templates/")[2] for path in templates() if path.name.endswith(".body.txt")}
    assert letters == {name for name in rendered if name.endswith(".body.txt")} | {
        "commitments/mail/follow_up_due.body.txt"
    }


def _leaks_in(stage: Stage, message: Message) -> list[str]:
    reader = message.recipient or AnonymousUser()
    found = set(TOKEN.findall(f"{message.subject} {message.body}"))
    if message.kind.endswith(".named"):  # it says by whom
        found -= set(TOKEN.findall(stage.cast.coordinator.name))
    return [f"{message.to} reads {word} in {message.kind}" for word in found if not stage.tokens[word](reader)]


def _write_to_everybody(stage: Stage) -> list[Message]:
    """Cause a message of every kind; those that were queued when the stage was filled are among them."""
    users, cast = stage.cast.users(), stage.cast
    by: Any = users["coordinator"]
    written = {message.pk: message for message in Message.objects.all()}
    coming = [one for one in stage.records if isinstance(one, Event) and one.state == EventState.PUBLISHED and one.hub]
    coming = [event for event in coming if event.starts_on > timezone.localdate()]
    for event in coming:
        part = make.participation(event, cast.outsider, state=ParticipationState.INVITED)
        assert invite(event, participations=[part.pk], by=by) == 1
        change_event(event, by=by, country="KE")
    written |= {message.pk: message for message in Message.objects.all()}
    for event in coming:
        cancel_event(event, by=by)
    for session in _open_sessions(coming):
        speaker = session.event.participations.get(person=cast.participant)
        write_note(session=session, text=stage.token(lambda user: False), language="en", by=by, speaker=speaker)
    focal: Any = users["kwale_focal_point"]
    for commitment in Commitment.objects.filter(status=Status.DRAFT):
        commitment.follow_ups.all().delete()  # publishing asks them
        publish_commitment(commitment, by=focal)
    who: dict[str, Any] = {"by": by, "name": "New", "email": "new@example.org"}
    add_post(cast.kwale.organisation, role="official", title=stage.token(lambda user: False), **who)
    give_duty(duty="translator", **who)
    for forum in Forum.objects.all():
        add_seat(forum, organisation=cast.kwale.organisation, role="member", from_on=timezone.localdate(), **who)
    for letter in LETTERS:
        AccountAdapter().send_mail(letter, by.email, {"user": by, "code": "abc"})
    return list((written | {message.pk: message for message in Message.objects.all()}).values())


def _open_sessions(events: list[Event]) -> list[Session]:
    sessions = Session.objects.filter(event__in=events).select_related("event")
    return [session for session in sessions if not session.is_closed]


#: Models whose texts are made by the program, and why they cannot hold a secret.
MADE = {
    "audit.Submission": "a random key and a digest",
    "audit.Forgetting": "names of apps",
    "translation.SortKey": "made from names that hold tokens, and printed nowhere",
}


def test_every_text_of_every_model_holds_a_token(stage: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        bare = [
            f"{model._meta.label}.{text.name}"
            for model in apps.get_models()
            if model.__module__.startswith("jirani.") and model._meta.label not in MADE
            for text in texts(model)
            if not any(TOKEN.search(str(value)) for value in model._base_manager.values_list(text.name, flat=True))
        ]
    assert bare == [], "put them on stage (tests/stage.py), with who may see them"
