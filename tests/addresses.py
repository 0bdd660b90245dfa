"""Every address there is, and with which arguments it is fetched.

A new address that takes arguments must be named in ARGUMENTS, or the canary fails: whoever adds one says what it shows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Outcome
from jirani.core.routes import Door
from jirani.events.models import Delegation, Event, EventParty, Participation, Session, SessionPart
from jirani.forums.models import Forum, Meeting, Priority, Seat, WorkingGroup
from jirani.lessons.models import Endorsement, Lesson, Note, Response
from jirani.members.models import Agreement, Hub, LocalAuthority, NetworkRole, Organisation, Tenure
from jirani.newsroom.models import NewsPage
from jirani.plans.models import ActionPlan, Activity, Indicator, Measurement, Objective, Pillar
from jirani.public.views import sitemap
from jirani.taxonomy.models import Driver, Theme

#: Addresses of libraries, guarded by themselves or by a middleware of ours; prefix and who guards it.
FOREIGN = {
    "cms/": "jirani.newsroom.middleware.guard_cms",
    "documents/": "Wagtail: documents, each for those who may see a page that leads to it",
    "en/news/": "Wagtail: live pages; a report asks for its event (EventReportPage.serve)",
}
#: Addresses that change something when fetched, or only speak to whoever holds a secret link.
LEFT_OUT = {"image_show", "original_image_show", "account_logout", "account_confirm_login_code"}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its whole address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, address)
        else:
            yield address, pattern


@dataclass(frozen=True, eq=False)
class Arguments:
    """Where an address gets its arguments: every record of a model; `differ` lists the fields by which its pages differ."""

    model: Any
    differ: tuple[str, ...]
    lookups: dict[str, str]

    def every(self) -> list[dict[str, Any]]:
        """Return arguments from every record: argument=path of attributes."""
        return [self._of(record) for record in self.model._default_manager.all()]

    def one(self) -> list[dict[str, Any]]:
        """Return arguments from any one record."""
        return [self._of(record) for record in self.model._default_manager.all()[:1]]

    def some(self) -> list[dict[str, Any]]:
        """Return arguments from enough records to cover each pair of values of the fields in `differ`."""
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


@dataclass(frozen=True, eq=False)
class Listed:
    """Arguments that are no record's."""

    rows: Callable[[], Iterable[dict[str, Any]]]

    def every(self) -> list[dict[str, Any]]:
        """All of them."""
        return list(self.rows())

    one = some = every


def _words() -> Iterator[dict[str, Any]]:
    """One theme, driver and hub each: what their page shows is the same for all."""
    for kind, model in (("theme", Theme), ("driver", Driver), ("hub", Hub)):
        yield from ({"kind": kind, "pk": word.pk} for word in model._default_manager.all()[:1])


_event = _of(Event, "access", "state", slug="slug")
_session = _of(Session, "event.access", "event.state", "access", "parts.exists", slug="event.slug", pk="pk")
_commitment = _of(Commitment, "access", "status", "lesson.access", pk="pk")
_lesson = _of(Lesson, "access", "state", "kind", pk="pk")
_note = _of(Note, pk="pk")
_plan = _of(ActionPlan, "access", "state", slug="slug")
_OF_PLAN = ("objective.pillar.plan.access", "objective.pillar.plan.state")
_activity = _of(Activity, *_OF_PLAN, slug="objective.pillar.plan.slug", pk="pk")
_indicator = _of(
    Indicator, *(f"activity.{path}" for path in _OF_PLAN), slug="activity.objective.pillar.plan.slug", pk="pk"
)
_participation = _of(Participation, "event.access", "event.state", "role", "state", slug="event.slug", pk="pk")
_INNER = ("commitment.access", "commitment.status", "access")

#: What an address with arguments is about, by its name; a name ending in "*" covers all names with that prefix.
ARGUMENTS: dict[str, Arguments | Listed] = {
    "mfa_remove_webauthn": _of(Authenticator, pk="pk"),
    "sitemap_part": Listed(lambda: ({"kind": each.kind, "part": 0} for each in sitemap._listings())),
    "public:indicator_detail": _of(Indicator, slug="activity.objective.pillar.plan.slug", pk="pk"),
    "public:priority_list": _of(LocalAuthority, slug="organisation.slug"),
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
    "plans:indicator_create": _activity,
    "plans:measurement_create": _indicator,
    "plans:indicator_*": _indicator,
    "plans:measurement_*": _of(
        Measurement,
        *(f"indicator.activity.{path}" for path in _OF_PLAN),
        slug="indicator.activity.objective.pillar.plan.slug",
        pk="pk",
    ),
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
    "members:agreement_edit": _of(Agreement, "access", pk="pk"),
    "members:authority_edit": _of(LocalAuthority, slug="organisation.slug"),
    "members:organisation_edit": _of(Organisation, slug="slug"),
    "members:post_end": _of(Tenure, slug="organisation.slug", pk="pk"),
    "members:post_*": _of(Organisation, slug="slug"),
    "members:duty_end": _of(NetworkRole, pk="pk"),
    "forums:seat_replace": _of(Seat, slug="forum.slug", pk="pk"),
    "forums:seat_edit": _of(Seat, slug="forum.slug", pk="pk"),
    "forums:seat_end": _of(Seat, slug="forum.slug", pk="pk"),
    "forums:forum_create": _of(LocalAuthority, slug="organisation.slug"),
    "forums:meeting_edit": _of(Meeting, slug="forum.slug", pk="pk"),
    "forums:group_create": _of(Forum, slug="slug"),
    "forums:group_*": _of(WorkingGroup, "forum.access", slug="forum.slug", pk="pk"),
    "forums:priority_list": _of(LocalAuthority, "hub", slug="organisation.slug"),
    "forums:priority_create": _of(LocalAuthority, "hub", slug="organisation.slug"),
    "forums:priority_*": _of(Priority, "access", pk="pk"),
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
    "events:participation_correct": _participation,
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


def _arguments_of(name: str) -> Arguments | Listed:
    for known, arguments in ARGUMENTS.items():
        if name == known or (known.endswith("*") and name.startswith(known[:-1])):
            return arguments
    raise KeyError(f"Say in ARGUMENTS (tests/addresses.py) from which records {name} gets its arguments.")


def _is_left_out(shape: str, pattern: URLPattern) -> bool:
    return shape.startswith(tuple(FOREIGN)) or pattern.name in LEFT_OUT or "token" in shape


def _whole_name(pattern: URLPattern) -> str:
    space = _namespace(pattern)
    return f"{space}:{pattern.name}" if space else str(pattern.name)


def unsaid() -> set[str]:
    """The names of addresses with arguments of which ARGUMENTS does not say what they are about."""
    bare = set()
    for shape, pattern in routes():
        if "<" in shape and not _is_left_out(shape, pattern):
            try:
                _arguments_of(_whole_name(pattern))
            except KeyError:
                bare.add(_whole_name(pattern))
    return bare


def addresses(user: Any, *, whole: bool) -> list[str]:
    """Return every address of ours in English, with the arguments of every record, or (if not `whole`) of those whose pages differ.

    If a view refuses the user whatever the record, one address is enough.
    """
    with translation.override("en"):
        return list(dict.fromkeys(_addresses(user, whole=whole)))


def _is_open(view: Any, user: Any) -> bool:
    door = getattr(view, "door", Door.PUBLIC)
    return door == Door.PUBLIC or (user.is_authenticated and (door != Door.GUARDED or view.may(user)))


def _addresses(user: Any, *, whole: bool) -> Iterator[str]:
    found = cache(lambda read: read())  # several addresses are about the same records
    for shape, pattern in routes():
        if _is_left_out(shape, pattern):
            continue
        if "<" not in shape:
            yield f"/{shape}"
            continue
        space, name = _namespace(pattern), _whole_name(pattern)
        arguments = _arguments_of(name)
        read = arguments.every if whole and space == "public" else arguments.some
        every = found(read if _is_open(pattern.callback, user) else arguments.one)
        yield from _reversed(name, set(re.findall(r"<(?:\w+:)?(\w+)>", shape)), every)
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
        ):  # in its own language, and in the frame of a language without it
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
    return (
        "" if app in {"", "accounts"} or pattern.name in {"robots", "security_txt", "sitemap", "sitemap_part"} else app
    )
