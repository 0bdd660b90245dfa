"""Actions called straight, past every form: somebody who may not is refused and changes nothing; if somebody may, the audit says what they did."""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from jirani.audit.models import Entry
from jirani.members.models import Person

from .cast import user_of
from .unchanged import Ledger

#: An entry of the audit: its verb, the kind and the key of its record, and whose account did it.
Said = tuple[str, str, int, int | None]


@dataclass(frozen=True)
class Call:
    """A call of an action, and who may make it."""

    action: Callable[..., Any]
    #: What is done, by whom.
    run: Callable[[Any], Any]
    #: Somebody who may, if anybody may at all.
    may: Person | None
    may_not: tuple[Person, ...] = ()
    #: The entries that it writes: a verb, and the record that it is about or how what the action returns leads to it.
    says: tuple[tuple[str, Model | Callable[[Any], Any]], ...] = ()
    #: Whether its entries tell nobody who did it.
    apart: bool = False

    def expected(self) -> Callable[[Any], list[Said]]:
        """Read now what its entries are about, since it may be gone later; then what it returned completes them."""
        actor = None if self.apart or self.may is None else self.may.user_id
        known = [(verb, _key(about) if isinstance(about, Model) else about) for verb, about in self.says]
        return lambda made: sorted(
            (verb, *(about if isinstance(about, tuple) else _key(about(made))), actor) for verb, about in known
        )


def itself(it: Any) -> Any:
    """What an action returns, if its entry is about that."""
    return it


def _key(about: Model) -> tuple[str, int]:
    return about._meta.label_lower, int(about.pk)


def refusals_missing(calls: Iterable[Call]) -> list[str]:
    """Return whom an action did not refuse, and what the refused calls have changed in the database."""
    entries, ledger = Entry.objects.count(), Ledger()
    faults = [
        f"{call.action.__name__} {who.name}" for call in calls for who in call.may_not if not _is_refused(call, who)
    ]
    if Entry.objects.count() != entries:
        faults.append("written into the audit")
    return [*faults, *ledger.changes()]


def _is_refused(call: Call, who: Person) -> bool:
    try:
        call.run(user_of(who))
    except PermissionDenied:
        return True
    return False


def entries_amiss(calls: Iterable[Call]) -> dict[str, tuple[list[Said], list[Said]]]:
    """Return, by action, the entries that a call of somebody who may has written, and those that it should have, where these differ.

    Each call is undone.
    """
    amiss = {}
    for call in calls:
        if call.may is None:
            continue
        expected, before = call.expected(), set(Entry.objects.values_list("pk", flat=True))
        with transaction.atomic():
            outcome = call.run(user_of(call.may))
            written, wanted = sorted(_said(before)), expected(outcome)
            transaction.set_rollback(True)
        if written != wanted:
            amiss[call.action.__name__] = (written, wanted)
    return amiss


def _said(before: set[int]) -> Iterator[Said]:
    for entry in Entry.objects.exclude(pk__in=before):
        kind = ContentType.objects.get_for_id(entry.content_type_id)
        yield entry.verb, f"{kind.app_label}.{kind.model}", entry.object_id, entry.actor_id


def not_called(actions: ModuleType, calls: Iterable[Call]) -> set[str]:
    """Return the public functions of an app's actions that take `by=` and none of these calls, and its verbs that none of them writes."""
    table = list(calls)
    called = {call.action.__name__ for call in table}
    verbs = {verb for call in table for verb, _about in call.says}
    missing = {name for module in _modules(actions) for name in _acting(module)} - called
    told = {verb for module in _modules(actions) for verb in _verbs(module)}
    return missing | {verb for verb in told if not any(re.fullmatch(verb, each) for each in verbs)}


def _modules(package: ModuleType) -> list[ModuleType]:
    """Return the modules of an app's actions, or the one module that they are."""
    inner = pkgutil.iter_modules(getattr(package, "__path__", ()))
    return [import_module(f"{package.__name__}.{found.name}") for found in inner] or [package]


def _acting(module: ModuleType) -> Iterator[str]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            by = inspect.signature(function).parameters.get("by")
            if by is not None and by.kind is inspect.Parameter.KEYWORD_ONLY:
                yield name


def _verbs(module: ModuleType) -> Iterator[str]:
    """Yield the verbs that a module records, as patterns: what stands in braces is any word."""
    for verb in re.findall(r'\brecord(?:_apart)?\(\s*f?"([^"]+)"', inspect.getsource(module)):
        yield re.sub(r"\{[^}]*\}", r"\\w+", verb.replace(".", r"\."))
    yield from (verb.replace(".", r"\.") for verb in re.findall(r'\b_record\(\s*"([^"]+)"', inspect.getsource(module)))
