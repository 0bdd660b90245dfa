"""Every form sent back nearly empty: the page that refuses it says so in its title, each fault belongs to its control, and no field is
wanted that was called optional.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import Tag
from django.db import transaction
from django.urls import Resolver404, resolve

from .addresses import addresses
from .pages import Page
from .reader import Reader, fetched, quiet
from .stage import fill

_SHOWN = 'input:not([type="hidden"], [type="file"]), textarea'


def _forms(reader: Reader) -> Iterator[tuple[str, Tag]]:
    """One page of each view that has forms, and each of these that has something to fill in."""
    seen = set()
    for address in addresses(reader.user, whole=False):
        with suppress(Resolver404):
            view = resolve(urlsplit(address).path)
            if view.view_name in seen:
                continue
            shown = fetched(reader.client, address)
            if shown.status_code != 200 or not shown["Content-Type"].startswith("text/html"):
                continue
            seen.add(view.view_name)
            yield from ((address, form) for form in _to_fill_in(shown))


def _to_fill_in(shown: Any) -> list[Tag]:
    forms = Page(shown.content.decode()).soup.select('form[method="post"]')
    return [form for form in forms if form.select(f"{_SHOWN}, select")]


def _sent(form: Tag) -> Iterator[dict[str, str]]:
    """Yield the hidden fields alone; then with each choice selected, and with a word in each field."""
    hidden = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select('input[type="hidden"][name]')}
    yield hidden
    for tag in form.select(_SHOWN):
        if tag.get("name"):
            yield {**hidden, str(tag["name"]): str(tag.get("value") or _WORDS.get(str(tag.get("type")), "12"))}


_WORDS = {"email": "new@example.org", "url": "https://example.org", "date": "2026-03-25", "time": "14:30"}


def _wrong(page: Page) -> Iterator[str]:
    yield from (f"{fault} is read with nothing" for fault in page.not_read_with_a_control())
    yield from (f"{link} leads nowhere" for link in page.summary_links() if not page.leads_to_a_control(link))
    yield from (f"{fault} was called optional" for fault in page.wanted_though_optional())
    if not page.title.startswith("Error: "):
        yield f"is called {page.title}"
    if not page.soup.select(".summary"):
        yield "has no summary"


@pytest.mark.sweep
@pytest.mark.parametrize(("part", "at_least"), [("coordinator", 500), ("kwale_focal_point", 100)])
@pytest.mark.django_db
def test_every_page_that_refuses_says_what_and_where(part: str, at_least: int) -> None:
    reader, faults, seen = Reader(fill(), part), set(), 0
    with quiet():
        for address, form in _forms(reader):
            for sent in _sent(form):
                with transaction.atomic():
                    answer: Any = reader.client.post(str(form.get("action") or address), sent)
                    transaction.set_rollback(True)
                if answer.status_code == 422:
                    seen += 1
                    faults |= {f"{address}: {what}" for what in _wrong(Page(answer.content.decode()))}
    assert sorted(faults) == []
    assert seen >= at_least
