"""The second canary: nobody's pages tell that something is there which they may not see.

The first one (`test_canary`) looks for words that must not be there. This one fetches every page before and after only closed records
and drafts are added, and finds what has no words: a count, a choice that is missing, an order, a page that is there.
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.paginator import UnorderedObjectListWarning
from django.db import models, transaction
from django.test import Client
from django.utils import translation
from wagtail.models import Page

from jirani.accounts.models import User
from jirani.core.enums import AccessMode
from jirani.core.models import Shared
from jirani.newsroom.models import NewsIndexPage

from .addresses import addresses, routes
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


#: Addresses of Wagtail's admin that end a visit, answer scripts with the program's own words, or are there to fail.
_NO_RECORDS = re.compile(
    r"cms/(logout|login|password_reset|test404|failwhale|jsi18n|sprite|dismissibles|block-preview)/"
)
#: Pages that differ each time by themselves: keys and challenges of the account.
_RESTLESS = re.compile(r"/(en/)?accounts/")
#: Filters that are followed: as many of each name on each page.
_VALUES = 3


def admin(part: str) -> Iterator[str]:
    """Wagtail's admin for those whom it lets in. Editors may see drafts of pages: of it they are shown what they choose from."""
    shapes = [shape for shape, _pattern in routes() if shape.startswith("cms/") and not re.search(r"[<^]", shape)]
    if part == "editor":
        yield from (f"/{shape}" for shape in shapes if shape.startswith(("cms/events/", "cms/lessons/")))
        yield from (f"/cms/{kind}/results/?q=shadow" for kind in ("events", "lessons"))
    elif part == "hub_coordinator":
        yield from (f"/{shape}" for shape in shapes if not _NO_RECORDS.match(shape))
        front = NewsIndexPage.objects.get(locale__language_code="en").pk
        yield from (f"/cms/pages/{front}/{view}" for view in ("", "results/", "history/", "usage/"))
        yield from (f"/cms/choose-page/{front}/", "/cms/choose-page/search/?q=shadow", "/cms/pages/search/?q=shadow")
        drawn = Page.objects.order_by("pk").values_list("pk", flat=True)
        yield from (f"/cms/{kind}/results/?q=shadow" for kind in ("events", "lessons"))
        yield from (
            f"/cms/bulk/wagtailcore/page/{act}/?next=/cms/&id={drawn[0]}" for act in ("delete", "move", "publish")
        )


def filters(pages: dict[str, str]) -> Iterator[str]:
    """Yield the targets of links that filter lists or lead to their next pages."""
    found: dict[tuple[str, str], list[str]] = {}
    for page in pages.values():
        for link in re.findall(r'href="(/en/[^"]*\?[^"]+)"', page):
            path, _mark, query = unescape(link).partition("?")
            asked = found.setdefault((path, re.sub(r"=[^&#]*", "", query)), [])
            if unescape(link) not in asked:
                asked.append(unescape(link))
    for links in found.values():
        yield from links[:_VALUES]


class Visit:
    """Somebody's pages, fetched afresh each time."""

    def __init__(self, user: Any, part: str) -> None:
        self.client = Client()
        if isinstance(user, User):
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.addresses = [*addresses(user, whole=False), *admin(part)]

    def first(self) -> dict[str, str]:
        """Fetch the pages and the targets of their filters. Pages with random keys or challenges are left out from then on."""
        found = self.pages()
        self.addresses += [one for one in filters(found) if one not in found]
        found, again = self.pages(), self.pages()
        restless = [address for address, page in found.items() if again[address] != page]
        unknown = [_difference(one, found[one], again[one]) for one in restless if not _RESTLESS.match(one)]
        assert unknown == [], "\n".join(unknown)
        self.addresses = [address for address in self.addresses if address not in restless]
        return {address: found[address] for address in self.addresses}

    def pages(self) -> dict[str, str]:
        """Return the page at each address, without the parts that always differ."""
        caches["memory"].clear()  # counts of a moment ago
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore", UnorderedObjectListWarning)  # of wagtail-localize's reports
            self.client.get("/en/")  # clear pending messages: Wagtail tells people whom it refuses
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
    page = re.sub(r'(csrfmiddlewaretoken\\?" value=|name="once" value=)\\?"[^"\\]*\\?"', r'\1""', page)
    page = re.sub(r'("CSRF_TOKEN": |"csrfToken": )"[^"]*"', r'\1""', page)
    page = re.sub(r"\d+(\\u00a0|&nbsp;|\s)(second|minute)s? ago", "just now", page)
    return re.sub(r"(DTSTAMP:)\d{8}T\d{6}Z|<updated>[^<]*</updated>", r"\1", page)


def _difference(address: str, before: str, after: str) -> str:
    """The first lines that differ, for whoever mends it."""
    old, new = (page.replace("\\n", "\n").splitlines() for page in (before, after))  # Wagtail sends pages inside JSON
    lost, found = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return f"{address}: {[line.strip()[:300] for line in (*list(lost)[:2], '→', *list(found)[:2])]}"


def _read_twice(part: str, stage: Stage, ground: Ground) -> None:
    with transaction.atomic(), translation.override("en"):
        visit = Visit(stage.cast.users()[part], part)
        before = visit.first()
        assert len([page for page in before.values() if page.startswith("200")]) > 30
        ours = {address: page for address, page in before.items() if not address.startswith("/cms/")}
        assert [address for address, page in ours.items() if 'action=""' in page] == [], "which no validator takes"
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
