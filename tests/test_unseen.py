"""The second canary: nobody's pages tell that something is there which they may not see.

The first one (`test_canary`) looks for words that must not be there. This one fetches every page before and after only closed records
and drafts are added, and finds what has no words: a count, a choice that is missing, an order, a page that is there.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import models, transaction
from django.test import Client
from django.utils import translation

from jirani.accounts.models import User
from jirani.core.enums import AccessMode
from jirani.core.models import Shared

from .addresses import addresses
from .reader import quiet
from .stage import Stage, fill
from .stage.shadows import Ground, cast_shadows, lay_ground

#: All but the network's coordinators, who see everything.
OTHERS = ["visitor", "outsider", "participant", "kwale_focal_point", "mombasa_focal_point"]
KEEPERS = ["rapporteur", "forum_secretary", "hub_coordinator", "translator", "editor"]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Stage, Ground]]:
    """Something public of every kind, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield fill((AccessMode.PUBLIC,)), lay_ground()
        transaction.set_rollback(True)


class Visit:
    """Somebody's pages, fetched anew each time."""

    def __init__(self, user: Any) -> None:
        self.client = Client()
        if isinstance(user, User):
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        # Pages of the account show no records, and draw challenges and keys anew each time.
        self.addresses = [one for one in addresses(user, whole=False) if not one.startswith("/en/accounts/")]

    def pages(self) -> dict[str, str]:
        """What stands at each address, without what differs by itself."""
        caches["memory"].clear()  # counts of a moment ago
        with quiet():
            return {address: self._page(address) for address in self.addresses}

    def _page(self, address: str) -> str:
        self.client.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)  # what was read before has no say
        answer = self.client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        return f"{answer.status_code}\n{_settled(body.decode('utf-8', 'replace'))}"


def _settled(page: str) -> str:
    """Without the tokens of forms, and the moment at which a calendar, a feed or a spreadsheet was made."""
    if page.startswith("PK"):
        return "a spreadsheet"
    page = re.sub(r'(csrfmiddlewaretoken" value=|name="once" value=)"[^"]*"', r'\1""', page)
    return re.sub(r"(DTSTAMP:)\d{8}T\d{6}Z|<updated>[^<]*</updated>", r"\1", page)


def _difference(address: str, before: str, after: str) -> str:
    """The first lines that differ, for whoever mends it."""
    old, new = before.splitlines(), after.splitlines()
    lost, found = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return f"{address}: {[line.strip()[:300] for line in (*list(lost)[:2], '→', *list(found)[:2])]}"


def _read_twice(part: str, stage: Stage, ground: Ground) -> None:
    with transaction.atomic(), translation.override("en"):
        visit = Visit(stage.cast.users()[part])
        before = visit.pages()
        assert len([page for page in before.values() if page.startswith("200")]) > 30
        assert [address for address, page in before.items() if 'action=""' in page] == [], "which no validator takes"
        cast_shadows(stage, ground, drafts=part != "editor")
        after = visit.pages()
        transaction.set_rollback(True)
    told = [_difference(address, page, after[address]) for address, page in before.items() if page != after[address]]
    assert told == [], "\n".join(told)


# Two classes, so that two processes share the work (`--dist loadscope`).
@pytest.mark.sweep
class TestOthers:
    @pytest.mark.parametrize("part", OTHERS)
    def test_no_page_tells_that_something_is_there(
        self, part: str, scene: tuple[Stage, Ground], django_db_blocker: Any
    ) -> None:
        with django_db_blocker.unblock():
            _read_twice(part, *scene)


@pytest.mark.sweep
class TestKeepers:
    @pytest.mark.parametrize("part", KEEPERS)
    def test_no_page_tells_that_something_is_there(
        self, part: str, scene: tuple[Stage, Ground], django_db_blocker: Any
    ) -> None:
        with django_db_blocker.unblock():
            _read_twice(part, *scene)


@pytest.mark.sweep
def test_the_shadows_are_of_every_kind(scene: tuple[Stage, Ground], django_db_blocker: Any) -> None:
    stage, ground = scene
    kinds = [model for model in apps.get_models() if issubclass(model, Shared)]

    def closed() -> dict[type[models.Model], int]:
        return {model: model._base_manager.filter(access=AccessMode.CLOSED).count() for model in kinds}

    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        before = closed()
        cast_shadows(stage, ground, drafts=True)
        after = closed()
        transaction.set_rollback(True)
    assert [model._meta.label for model in kinds if after[model] == before[model]] == [], "add some to stage/shadows.py"
