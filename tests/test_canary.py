"""The canary: a network is filled with records of every kind and mode whose texts hold tokens; everything that can be fetched is
fetched as everybody, and no token appears where its record's permission does not let it.

A new address that takes arguments must be named in ARGUMENTS, or this test fails: whoever adds one says what it shows.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from jirani.accounts.models import User
from jirani.commitments.actions.reminders import remind_due
from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Outcome
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.forums.models import Forum, Meeting, Seat
from jirani.lessons.models import Endorsement, Lesson, Note, Response
from jirani.members.models import Hub, LocalAuthority, NetworkRole, Organisation, Tenure
from jirani.newsroom.actions import ensure_newsroom, write_report
from jirani.notifications.models import Message
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.public.views import sitemap
from jirani.taxonomy.models import Driver, Theme

from .stage import Stage, fill
from .test_routes import FOREIGN, routes

TOKEN = re.compile(r"zq\d{4}qz")
#: Addresses that change something when fetched, or only speak to whoever holds a secret link.
LEFT_OUT = {"account_logout", "account_confirm_login_code"}

Arguments = Callable[[], Iterator[dict[str, Any]]]


def _of(model: Any, **lookups: str) -> Arguments:
    """Arguments of an address from every record of a model: argument=path of attributes."""

    def every() -> Iterator[dict[str, Any]]:
        for record in model._default_manager.all():
            yield {argument: _follow(record, path) for argument, path in lookups.items()}

    return every


def _follow(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
    return record


def _words() -> Iterator[dict[str, Any]]:
    """One theme, driver and hub each: what their page shows is the same for all."""
    for kind, model in (("theme", Theme), ("driver", Driver), ("hub", Hub)):
        yield from ({"kind": kind, "pk": word.pk} for word in model._default_manager.all()[:1])


_event = _of(Event, slug="slug")
_session = _of(Session, slug="event.slug", pk="pk")
_commitment = _of(Commitment, pk="pk")
_lesson = _of(Lesson, pk="pk")
_note = _of(Note, pk="pk")

#: What an address with arguments is about, by its name; a name ending in "*" stands for all that begin so.
ARGUMENTS: dict[str, Arguments] = {
    "sitemap_part": lambda: ({"kind": each.kind, "part": 0} for each in sitemap._listings()),
    "public:authority_*": _of(LocalAuthority, slug="organisation.slug"),
    "public:organisation_detail": _of(Organisation, slug="slug"),
    "public:event_*": _event,
    "public:session_detail": _session,
    "public:lesson_*": _lesson,
    "public:commitment_*": _commitment,
    "public:outcome_*": _of(Outcome, pk="pk"),
    "public:plan_*": _of(ActionPlan, slug="slug"),
    "public:activity_*": _of(Activity, slug="objective.pillar.plan.slug", pk="pk"),
    "public:forum_*": _of(Forum, slug="slug"),
    "public:evidence_file": _of(Evidence, pk="pk"),
    "plans:plan_create": _of(LocalAuthority, slug="organisation.slug"),
    "plans:objective_create": _of(Pillar, slug="plan.slug", pk="pk"),
    "plans:objective_*": _of(Objective, slug="pillar.plan.slug", pk="pk"),
    "plans:pillar_create": _of(ActionPlan, slug="slug"),
    "plans:pillar_*": _of(Pillar, slug="plan.slug", pk="pk"),
    "plans:activity_create": _of(ActionPlan, slug="slug"),
    "plans:activity_*": _of(Activity, slug="objective.pillar.plan.slug", pk="pk"),
    "plans:*": _of(ActionPlan, slug="slug"),
    "members:taxonomy_*": _words,
    "lessons:note_list": _session,
    "lessons:note_create": _session,
    "lessons:session_lesson_create": _session,
    "lessons:note_*": _note,
    "lessons:lesson_*": _lesson,
    "lessons:endorsement_*": _of(Endorsement, pk="pk"),
    "lessons:response_*": _of(Response, pk="pk"),
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
    "events:party_delete": _of(EventParty, slug="event.slug", pk="pk"),
    "events:grant_remove": _of(Event.grants.through, slug="event.slug", pk="grant_id"),
    "events:delegation_delete": _of(Delegation, slug="event.slug", pk="pk"),
    "events:participation_edit": _of(Participation, slug="event.slug", pk="pk"),
    "events:participation_renew": _of(Participation, slug="event.slug", pk="pk"),
    "events:participation_cancel": _of(Participation, slug="event.slug", pk="pk"),
    "events:*": _event,
    "commitments:commitment_create": _lesson,
    "commitments:follow_up_*": _of(FollowUp, pk="pk"),
    **{
        f"commitments:{name}": _of(model, pk="pk")
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
        ensure_newsroom()
        write_report(made.cast.event, by=made.cast.users()["coordinator"]).get_latest_revision().publish()
        remind_due(timezone.localdate())
        yield made
        transaction.set_rollback(True)


@cache
def _arguments_of(name: str) -> tuple[dict[str, Any], ...]:
    for known, every in ARGUMENTS.items():
        if name == known or (known.endswith("*") and name.startswith(known[:-1])):
            return tuple(every())
    raise KeyError(f"ARGUMENTS does not say what {name} is about")


def addresses() -> list[str]:
    """Every address of ours in English, with the arguments of every record."""
    with translation.override("en"):
        return list(_addresses())


def _addresses() -> Iterator[str]:
    for shape, pattern in routes():
        if shape.startswith(tuple(FOREIGN)) or pattern.name in LEFT_OUT or "token" in shape:
            continue
        space = _namespace(pattern)
        name = f"{space}:{pattern.name}" if space else str(pattern.name)
        if "<" not in shape:
            yield f"/{shape}"
            continue
        yield from _reversed(name, set(re.findall(r"<(?:\w+:)?(\w+)>", shape)))
    yield from ("/en/news/", "/ar/news/")


def _reversed(name: str, wanted: set[str]) -> Iterator[str]:
    for arguments in _arguments_of(name):
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


def _look(client: Client, address: str, language: str) -> str:
    response = client.get(address.replace("/en/", f"/{language}/", 1), follow=False)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return body.decode("utf-8", "replace") + str(response.headers)


def _leaks(stage: Stage, part: str, language: str, every: list[str]) -> tuple[list[str], set[str]]:
    user = stage.cast.users()[part]
    client = Client()
    if isinstance(user, User):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    leaks, seen = [], set()
    may_see = cache(lambda token: stage.tokens[token](stage.cast.users()[part]))
    for address in every:
        for token in set(TOKEN.findall(_look(client, address, language))):
            seen.add(token)
            if not may_see(token):
                leaks.append(f"{part} finds {token} at {address}")
    return leaks, seen


def _assert_nothing_leaks(stage: Stage, part: str, language: str) -> None:
    leaks, seen = _leaks(stage, part, language, addresses())
    assert leaks == []
    assert seen, "no token was found at all: the pages show nothing, and this test tests nothing"


def test_no_token_where_it_must_not_be_for_visitors(stage: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _assert_nothing_leaks(stage, "visitor", "en")


# Two classes, so that two processes share the work (`--dist loadscope`).
@pytest.mark.sweep
class TestKeepers:
    @pytest.mark.parametrize("part", KEEPERS)
    def test_no_token_where_it_must_not_be(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock():
            _assert_nothing_leaks(stage, part, "en")


@pytest.mark.sweep
class TestOthers:
    @pytest.mark.parametrize("part", OTHERS)
    def test_no_token_where_it_must_not_be(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock():
            _assert_nothing_leaks(stage, part, "en")

    @pytest.mark.parametrize("part", ["visitor", "participant"])
    def test_no_token_of_a_translation(self, part: str, stage: Stage, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock():
            _assert_nothing_leaks(stage, part, "ar")


def test_no_token_in_an_e_mail_where_it_must_not_be(stage: Stage, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        users = {user.email: user for user in stage.cast.users().values() if user.is_authenticated}
        leaks = [
            f"{message.to} reads {token} in {message.kind}"
            for message in Message.objects.all()
            for token in TOKEN.findall(f"{message.subject} {message.body}")
            if not (user := users.get(message.to)) or not stage.tokens[token](user)
        ]
        assert Message.objects.filter(kind="commitments.follow_up_due").exists()
    assert leaks == []
