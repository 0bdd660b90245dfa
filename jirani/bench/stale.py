"""How soon visitors see what was written: the third line of `jirani bench visitors` (visitors.py says what it measures)."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from itertools import chain
from typing import Any

import psycopg

from jirani.config.languages import CODES
from jirani.server.errors import ServerError

from .acting import Actor, Filled, actors, shape_of
from .output import figure, tell

#: Seconds within which a page must equal what Django makes, and pages by chance beside those that show what was written.
WITHIN, OTHERS = 1.0, 20
#: Connections for each core, held from first to last, so that each process is asked over one of them at least.
CONNECTIONS = 4
#: Every so many writes one goes to the database past all actions.
PAST_ACTIONS = 10
#: Tries to find a form, and then one that is taken, for each write.
TRIES = 100

_ONE = "UPDATE {table} SET {field} = %s WHERE id = (SELECT id FROM {table} WHERE {shown} ORDER BY random() LIMIT 1) RETURNING {key}"
_PUBLIC = "access = 'public' AND {} <> 'draft' AND language = 'en'"
#: What is written past actions, and the page that shows it.
WRITTEN = (
    (_ONE.format(table="lessons_lesson", field="title", shown=_PUBLIC.format("state"), key="id"), "lessons/{}/"),
    (_ONE.format(table="events_event", field="title", shown=_PUBLIC.format("state"), key="slug"), "events/{}/"),
    (_ONE.format(table="plans_actionplan", field="title", shown=_PUBLIC.format("state"), key="slug"), "plans/{}/"),
    (_ONE.format(table="commitments_commitment", field="title", shown=_PUBLIC.format("status"), key="id"), "commitments/{}/"),
    (_ONE.format(table="members_organisation", field="name", shown="id IN (SELECT organisation_id FROM members_localauthority)", key="slug"), "local-authorities/{}/"),
    ("UPDATE translation_translation SET body = %s WHERE id = (SELECT id FROM translation_translation ORDER BY random() LIMIT 1) RETURNING 1", ""),
)  # fmt: skip

type_answer = tuple[int, bytes]


class Line:
    """A connection that is held, and made again if the network closes it."""

    def __init__(self, origin: str) -> None:
        self._host = origin.removeprefix("http://")
        self._connection = HTTPConnection(self._host, timeout=60)

    def get(self, path: str, **headers: str) -> type_answer:
        """Status and body."""
        for _try in range(2):
            try:
                self._connection.request("GET", path, headers=headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (HTTPException, OSError):  # idle for too long
                self._connection.close()
        raise TimeoutError(path)

    def anew(self, path: str) -> type_answer:
        """The page as Django makes it now: it answers whoever brings a cookie that it doesn't know."""
        return self.get(path, Cookie="made=anew")


class Watch:
    """Looks at pages over every line before and after something is written."""

    def __init__(self, origin: str) -> None:
        self._lines = [Line(origin) for _ in range(CONNECTIONS * (os.cpu_count() or 1))]
        self._pool = ThreadPoolExecutor(len(self._lines))
        self.looked, self.changed = 0, 0
        self.late: list[str] = []

    def warm(self, paths: list[str]) -> dict[str, type_answer]:
        """Let every process keep these pages; what they are."""
        answers = self._each(lambda line: [line.get(path) for path in paths])
        return dict(zip(paths, answers[0], strict=True))

    def _each(self, ask: Callable[[Line], list[Any]]) -> list[list[Any]]:
        return list(self._pool.map(ask, self._lines))

    def _anew(self, paths: list[str]) -> dict[str, type_answer]:
        """Each page as Django makes it now; the lines share the work."""
        share = {line: paths[number :: len(self._lines)] for number, line in enumerate(self._lines)}
        answers = self._each(lambda line: [(path, line.anew(path)) for path in share[line]])
        return dict(chain.from_iterable(answers))

    def compare(self, before: dict[str, type_answer], since: float) -> None:
        """Whether each page is as Django makes it within a second after `since`, over every line."""
        made = self._anew(list(before))
        self.changed += sum(made[path] != old for path, old in before.items())
        late = self._each(lambda line: [path for path in before if _is_late(line, path, made[path], since)])
        self.looked += len(before) * len(self._lines)
        self.late += chain.from_iterable(late)


def _is_late(line: Line, path: str, made: type_answer, since: float) -> bool:
    """Whether a page still differs at a look that began a second after it was written. It may be written while it is made."""
    while True:
        begun = time.monotonic()
        kept = line.get(path)
        if kept == made or kept == (made := line.anew(path)):
            return False
        if begun - since >= WITHIN:
            return True
        time.sleep(0.05)


class Writes:
    """Something written, again and again: by forms that the people of the demo send, now and then past all of them."""

    def __init__(self, origin: str, paths: list[str], database: psycopg.Connection[Any], chance: random.Random) -> None:
        self._database, self._chance = database, chance
        self._public = {path for path in paths if path.startswith("/en/")}
        begins = sorted(self._public)
        self._ways = [(actor, page) for actor in actors(origin, chance) for page in begins]
        self._seen: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self._ahead = ThreadPoolExecutor(1)
        self._next = self.look_for(1)

    def look_for(self, number: int) -> Future[tuple[Actor, Filled]]:
        """A form for a write to come, looked for while pages are compared."""
        return self._ahead.submit(self._find, number)

    def _find(self, number: int) -> tuple[Actor, Filled]:
        for _try in range(TRIES):
            actor, page = self._chance.choice(self._ways)
            if form := actor.find(page, self._public, self._seen, number):
                self._seen[shape_of(form)] += 1
                return actor, form
            if actor.sees_nothing_at(page):
                self._ways.remove((actor, page))
        raise ServerError("The bench finds no form to send: the demo's pages have changed.")

    def write(self, number: int, watch: Watch, others: list[str]) -> None:
        """Write once, and have pages compared."""
        if number % PAST_ACTIONS == 0:
            self._past_actions(number, watch, others)
            return
        for _try in range(TRIES):
            actor, form = self._next.result()
            self._next = self.look_for(number + 1)
            before = watch.warm([*dict.fromkeys(map(self._in_some_language, form.shown)), *others])
            if actor.send(form):
                self.taken[shape_of(form)] += 1
                watch.compare(before, time.monotonic())
                return
        raise ServerError("The bench finds no form that is taken: the demo's forms have changed.")

    def _in_some_language(self, path: str) -> str:
        return f"/{self._chance.choice(CODES)}{path.removeprefix('/en')}"

    def _past_actions(self, number: int, watch: Watch, others: list[str]) -> None:
        statement, shape = self._chance.choice(WRITTEN)
        with self._database.transaction():
            row = self._database.execute(statement, [f"Written {number}"]).fetchone()
            shown = [self._in_some_language(f"/en/{shape.format(row[0])}")] if row and shape else []
            before = watch.warm([*shown, *others])  # as all were until the commit
        watch.compare(before, time.monotonic())


def stale(origin: str, paths: list[str], database: psycopg.Connection[Any], *, writes: int, as_json: bool) -> bool:
    """How many pages differ from what Django makes, a second after something was written."""
    chance = random.Random(10)  # noqa: S311  (a bench, no secret)
    last = database.execute("SELECT now()").fetchone()
    watch, pen = Watch(origin), Writes(origin, paths, database, chance)
    for number in range(1, writes + 1):
        already = len(watch.late)
        pen.write(number, watch, chance.sample(paths, OTHERS))
        for path in watch.late[already:]:
            tell({"late": path, "write": number}, as_json=as_json)
    acts = database.execute("SELECT DISTINCT verb FROM audit_entry WHERE at >= %s ORDER BY verb", last).fetchall()
    tell(
        {"forms taken": sum(pen.taken.values()), "kinds of form": len(pen.taken), "acts": [verb for (verb,) in acts]},
        as_json=as_json,
    )
    tell({"pages looked at": watch.looked, "of which changed": watch.changed}, as_json=as_json)
    return figure("stale", len(watch.late), "pages", 0, as_json=as_json)
