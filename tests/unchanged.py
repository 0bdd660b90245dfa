"""Forms that are opened and sent back as they are: what a browser would send, and what has changed in the database by it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import translation

from jirani.acting.forms import VersionForm
from jirani.members.authorities.actions.authorities import NONE_YET

from .addresses import FOREIGN, LEFT_OUT, _arguments_of, _namespace, routes

#: What changes though no record does: who did what when, who is signed in, the day that is believed, orders that are made from names.
_BY_THE_WAY = {"audit_clock", "audit_entry", "django_session", "translation_sortkey"}
#: A row as forms are held to it: not when it was last saved, and of a translation not from which text, because a form that shows a name in
#: all languages and is sent back confirms each (docs/decisions/0030).
_ROW = "(to_jsonb(t) - '{updated_at,source_hash}'::text[])::text"
#: Fields that a page asks for in need alone: which of two hours is meant that the clock shows alike.
IN_NEED = {"starts_side", "ends_side"}
#: What a page asks for a field by.
CONTROLS = ["input", "select", "textarea", "button"]
#: Controls that hold nothing to change.
_EMPTY = {"hidden", "submit", "button", "image", "reset", "search"}
#: Forms, by the names of their addresses, that change a record whenever they are sent, whatever is typed. (One that only asks whether it
#: is sure holds nothing that is typed, and is not sent back at all.)
ACTS = {
    "commitments:completion_edit": "says how far it got, with its proof",
    "commitments:commitment_drop": "ends it, with a reason",
    "commitments:follow_up_answer": "answers",
    "forums:seat_end": "ends it",
    "plans:activity_progress": "says how far it got; what is not dropped keeps no reason for that",
    "members:duty_end": "ends it",
    "members:post_end": "ends it",
}
#: Forms that carry no version and no token, and why.
WITHOUT_A_VERSION = {
    "account_set_password": "one's own, and what was there is not shown",
    "events:own_programme_consent": "one's own word, each purpose by itself",
    "events:participation_attend": "marks of each person, which say from what they change",
    "events:participation_invite": "who was written to is not written to again",
    "lessons:note_attribute": "the speaker's own word, the last of which counts",
    "lessons:note_narrow": "only narrows",
    "lessons:session_lesson_create": "picks notes for a new lesson, changes nothing",
    "members:consent_edit": "one's own word, each purpose by itself",
    "members:import_create": "looked at before anything is changed",
    "mfa_activate_totp": "makes one",
    "mfa_add_webauthn": "makes one",
}


def pages(*, whole: bool) -> Iterator[str]:
    """Every address of ours except those that are only read, with the arguments of every record, or (not `whole`) of those whose pages
    differ.
    """
    with translation.override("en"):
        for shape, pattern in routes():
            space = _namespace(pattern)
            if shape.startswith(tuple(FOREIGN)) or pattern.name in LEFT_OUT or "token" in shape or space == "public":
                continue
            name = f"{space}:{pattern.name}" if space else str(pattern.name)
            wanted = set(re.findall(r"<(?:\w+:)?(\w+)>", shape))
            for known in _rows(name, whole=whole) if wanted else [{}]:
                with suppress(NoReverseMatch):
                    yield reverse(name, kwargs={key: known[key] for key in wanted})


def _rows(name: str, *, whole: bool) -> list[dict[str, Any]]:
    arguments = _arguments_of(name)
    return arguments.every() if whole else arguments.some()


@dataclass(frozen=True, slots=True)
class Form:
    """A form on a page, as a browser would send it."""

    page: str
    to: str
    name: str
    sent: dict[str, list[str]]
    written: bool

    @property
    def changes(self) -> bool:
        """Whether it holds what a record says, and over which state of it. A membership that is still to begin has none."""
        return self.written and self.name not in ACTS and self._marked("version") and not self._begins

    @property
    def says_nothing_of_its_state(self) -> bool:
        """Whether it may change a record without a word about its state, and does not make one either."""
        return self.written and not self._marked("version") and not self._marked("once")

    @property
    def _begins(self) -> bool:
        return self.sent.get("version") == [NONE_YET]

    def _marked(self, mark: str) -> bool:
        return any(name.rpartition("-")[2] == mark and values != [""] for name, values in self.sent.items())


def every_form(people: Iterable[Client], *, whole: bool) -> Iterator[tuple[Client, Form]]:
    """Every form that is sent to change something, with the first of these people who may."""
    left = list(dict.fromkeys(pages(whole=whole)))
    for client in people:
        closed = []
        for page in left:
            found = forms_on(client, page)
            if found is None:
                closed.append(page)
            yield from ((client, form) for form in found or ())
        left = closed


def fields_left_out(people: Iterable[Client]) -> tuple[set[str], dict[str, set[str]]]:
    """The names of the forms that change a record on a page, and, by their names, what a record holds and the page has no control for.

    Two pages of each address are enough: the template is one.
    """
    asked, bare, opened = set(), dict[str, set[str]](), Counter[str]()
    every = list(dict.fromkeys(pages(whole=False)))
    for client in people:
        for page in every:
            name = resolve(page).view_name
            if opened[name] == 2 or (answer := _opened(client, page)) is None:
                continue
            opened[name] += 1
            form = (answer.context or {}).get("form")
            if isinstance(form, VersionForm):
                asked.add(type(form).__name__)
                controls = BeautifulSoup(answer.content, "html.parser").find_all(CONTROLS, attrs={"name": True})
                shown = {str(one["name"]) for one in controls}
                held = {field for field in form.fields if (where := form.where(field)) and where.columns} - IN_NEED
                if left_out := {field for field in held if form.add_prefix(field) not in shown}:
                    bare.setdefault(type(form).__name__, set()).update(left_out)
    return asked, bare


def _opened(client: Client, page: str) -> Any:
    """A page that the user may open, made by a template; None otherwise."""
    answer: Any = client.get(page)
    return answer if answer.status_code == 200 and not answer.streaming else None


def forms_on(client: Client, page: str) -> list[Form] | None:
    """Every form of a page that is sent to change something; None if the page is not for this user."""
    answer: Any = client.get(page)
    if answer.status_code != 200:
        return None
    if answer.streaming or b'method="post"' not in answer.content:
        return []
    main = BeautifulSoup(answer.content, "html.parser").find("main")
    assert isinstance(main, Tag), page
    return [_form(page, form) for form in main.find_all("form", attrs={"method": "post"})]


def _form(page: str, form: Tag) -> Form:
    to = urljoin(page, str(form.get("action") or page))
    match = resolve(to.partition("?")[0])
    controls = [one for one in form.find_all(["input", "select", "textarea"]) if one.get("name")]
    sent: dict[str, list[str]] = {}
    for control in controls:
        if (values := _values(control)) and not control.has_attr("disabled"):
            sent.setdefault(str(control["name"]), []).extend(values)
    button = form.find("button", attrs={"name": True})
    if isinstance(button, Tag):
        sent[str(button["name"])] = [str(button.get("value", ""))]
    name = f"{_namespace_of(match)}{match.url_name}"
    return Form(page, to, name, sent, any(_is_written(one) for one in controls))


def _namespace_of(match: Any) -> str:
    return f"{match.namespace}:" if match.namespace else ""


def _is_written(control: Tag) -> bool:
    return control.name != "input" or control.get("type", "text") not in _EMPTY


def _values(control: Tag) -> list[str]:
    """Return what an untouched control sends."""
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n").replace("\n", "\r\n")]
    if control.name == "select":
        options = control.find_all("option")
        chosen = [one for one in options if one.has_attr("selected")]
        if not chosen and not control.has_attr("multiple"):
            chosen = options[:1]
        return [str(one.get("value", one.get_text())) for one in chosen]
    kind = control.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return [str(control.get("value", "on"))] if control.has_attr("checked") else []
    return [] if kind in {"submit", "button", "image", "reset", "file"} else [str(control.get("value", ""))]


class Ledger:
    """Every row of ours, to be compared with later ones; `whole`: with what changes by the way too."""

    def __init__(self, *, whole: bool = False) -> None:
        self.row = "to_jsonb(t)::text" if whole else _ROW
        models = apps.get_models(include_auto_created=True)
        tables = {model._meta.db_table for model in models if model._meta.managed} - (set() if whole else _BY_THE_WAY)
        self.tables = sorted(tables & set(connection.introspection.table_names()))
        self.rows = {table: self._read(table) for table in self.tables}
        self.digests = self._digest()

    def changes(self) -> list[str]:
        """Return, by table, the first rows that have disappeared or are new."""
        now = self._digest()
        return [
            f"{table}: −{list(lost.elements())[:2]} +{list(new.elements())[:2]}"
            for table in self.tables
            if now[table] != self.digests[table]
            for lost, new in [self._compare(table)]
        ]

    def added(self) -> dict[str, list[str]]:
        """Return, by table, the rows that are new, as JSON; nothing else may have changed."""
        now = self._digest()
        found = {table: self._compare(table) for table in self.tables if now[table] != self.digests[table]}
        assert not any(lost for lost, _new in found.values()), self.changes()
        return {table: sorted(new.elements()) for table, (_lost, new) in found.items()}

    def _compare(self, table: str) -> tuple[Counter[str], Counter[str]]:
        rows = self._read(table)
        return self.rows[table] - rows, rows - self.rows[table]

    def _read(self, table: str) -> Counter[str]:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {self.row} FROM "{table}" t')
            return Counter(row for (row,) in cursor.fetchall())

    def _digest(self) -> dict[str, str]:
        one = """SELECT '{0}', md5(coalesce(string_agg(r, ',' ORDER BY r), '')) FROM (SELECT {1} AS r FROM "{0}" t) AS rows"""
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(one.format(table, self.row) for table in self.tables))
            return dict(cursor.fetchall())


def send_back(client: Client, form: Form, ledger: Ledger, *, refused: str = "") -> str:
    """Send a form as it was opened, and take back what came of it: "" if it was accepted and changed nothing.

    `refused`: the one field at which it must be refused instead, because its record is as no form lets it become.
    """
    with transaction.atomic():
        answer: Any = client.post(form.to, form.sent)
        changes = ledger.changes()
        transaction.set_rollback(True)
    if answer.status_code == 422:
        errors = answer.context["form"].errors
        return "" if list(errors) == [refused] else f"{form.page}: refused: {dict(errors)}"
    if answer.status_code != 302:
        return f"{form.page}: {answer.status_code}"
    if refused:
        return f"{form.page}: not refused at {refused}"
    return f"{form.page}: changed {changes}" if changes else ""
