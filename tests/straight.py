"""Actions called straight, past every form: somebody who may not is refused and changes nothing; if somebody may, the audit says what they did."""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest.mock import ANY

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from jirani.audit.models import Entry
from jirani.members.models import Person

from .cast import user_of
from .unchanged import Ledger

#: An entry of the audit: its verb, the kind and the key of its record, whose account did it, and its details.
Said = tuple[str, str, int, int | None, Any]

#: Somebody without an account.
VISITOR = AnonymousUser()


@dataclass(frozen=True)
class Call:
    """A call of an action, and who may make it. An action may have several."""

    action: Callable[..., Any]
    #: What is done, by whom.
    run: Callable[[Any], Any]
    #: Somebody who may, if anybody may at all.
    may: Person | None
    may_not: tuple[Person | AnonymousUser, ...] = ()
    #: The entries that it writes, in their order: a verb, the record that it is about or how what the action returns leads to it, and, if
    #: they are asked for, the details or how what it returns leads to them.
    says: tuple[tuple[Any, ...], ...] = ()
    #: Whether its entries tell nobody who did it.
    apart: bool = False
    #: What it returns, if that is asked for; read once it has returned.
    gives: Callable[[], Any] | None = None
    #: Why it refuses nobody, if it doesn't.
    refuses_nobody: str = ""

    def __post_init__(self) -> None:
        """Let no call pass that neither names somebody who may not make it nor says why there is nobody."""
        if bool(self.may_not) == bool(self.refuses_nobody):
            raise TypeError(f"{self.action.__name__}: name who may not, or say why it refuses nobody")

    def expected(self) -> Callable[[Any], list[Said]]:
        """Read now what its entries are about, since it may be gone later; then what it returned completes them."""
        actor = None if self.apart or self.may is None else self.may.user_id
        known: list[tuple[Any, ...]] = [
            (verb, _key(about) if isinstance(about, Model) else about, *(details or (ANY,)))
            for verb, about, *details in self.says
        ]

        def complete(made: Any) -> list[Said]:
            found: list[Said] = []
            for verb, about, said in known:
                kind, number = _key(about(made)) if callable(about) else about
                found.append((verb, kind, number, actor, said(made) if callable(said) else said))
            return found

        return complete


def itself(it: Any) -> Any:
    """What an action returns, if its entry is about that."""
    return it


def anew(record: Any) -> Any:
    """Return the record as it is stored: an earlier call, refused or undone, may have changed the one in memory."""
    return type(record)._default_manager.get(pk=record.pk)


def _key(about: Model) -> tuple[str, int]:
    return about._meta.label_lower, int(about.pk)


def refusals_missing(calls: Iterable[Call]) -> list[str]:
    """Return whom an action did not refuse, and what the refused calls have changed in the database, entries of the audit among it."""
    ledger = Ledger(whole=True)
    faults = [f"{call.action.__name__} {who}" for call in calls for who in call.may_not if not _is_refused(call, who)]
    return [*faults, *ledger.changes()]


def _is_refused(call: Call, who: Person | AnonymousUser) -> bool:
    try:
        call.run(user_of(who) if isinstance(who, Person) else who)
    except PermissionDenied:
        return True
    return False


def outcomes_amiss(calls: Iterable[Call]) -> dict[str, tuple[Any, Any]]:
    """Return, by action, the entries that a call of somebody who may has written and what it returned, and what these should have been,
    where they differ.

    Each call is undone.
    """
    amiss: dict[str, tuple[Any, Any]] = {}
    for call in calls:
        if call.may is None:
            continue
        expected, before = call.expected(), _last_entry()
        with transaction.atomic():
            made = call.run(user_of(call.may))
            found = list(_said(after=before)), made if call.gives else None
            wanted = expected(made), call.gives() if call.gives else None
            transaction.set_rollback(True)
        if found != wanted:
            amiss[call.action.__name__] = (found, wanted)
    return amiss


def _last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _said(*, after: int) -> Iterator[Said]:
    for entry in Entry.objects.filter(pk__gt=after).order_by("pk"):
        kind = ContentType.objects.get_for_id(entry.content_type_id)
        yield entry.verb, f"{kind.app_label}.{kind.model}", entry.object_id, entry.actor_id, entry.details


def not_called(app: ModuleType, calls: Iterable[Call], *, reads: Iterable[Callable[..., Any]] = ()) -> set[str]:
    """Return the public functions of an app's actions that take `by` and that none of these calls makes, and its verbs that none of them
    writes.

    `reads`: those that take `by` to tell no more than they may know.
    """
    table, modules = list(calls), _modules(app)
    called = {call.action for call in table} | set(reads)
    verbs = {verb for call in table for verb, *_about in call.says}
    told = {verb for module in modules for verb in _verbs(module)}
    missing = {function.__name__ for module in modules for function in _acting(module) if function not in called}
    return missing | {verb for verb in told if not any(re.fullmatch(verb, each) for each in verbs)}


def _modules(app: ModuleType) -> list[ModuleType]:
    """Return the modules of an app's actions, in whichever of its rooms they are."""
    names = [found.name for found in pkgutil.walk_packages(app.__path__, f"{app.__name__}.") if not found.ispkg]
    return [import_module(name) for name in names if "actions" in name.split(".")]


def _acting(module: ModuleType) -> Iterator[Callable[..., Any]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        own = function.__module__ == module.__name__ and not name.startswith("_")
        if own and "by" in inspect.signature(function).parameters:
            yield function


def _verbs(module: ModuleType) -> Iterator[str]:
    """Yield the verbs that a module records, as patterns: what stands in braces is any word."""
    for verb in re.findall(r'\brecord(?:_apart)?\(\s*f?"([^"]+)"', inspect.getsource(module)):
        yield re.sub(r"\{[^}]*\}", r"\\w+", verb.replace(".", r"\."))
    yield from (verb.replace(".", r"\.") for verb in re.findall(r'\b_record\(\s*"([^"]+)"', inspect.getsource(module)))
