"""What a long page may weigh and ask, and how a reader walks through its parts."""

import html
import re
from collections.abc import Callable
from copy import copy
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

#: What a page may weigh before it is compressed, and what it may ask of the database.
MOST_BYTES, MOST_QUERIES = 180_000, 15


def light(client: Client, address: str, *, post: Any = None) -> str:
    """The page, which is no heavier than it may be."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address, post) if post is not None else client.get(address)
    assert answer.status_code == 200, address
    assert (len(answer.content) <= MOST_BYTES, len(asked) <= MOST_QUERIES) == (True, True), (
        address,
        len(answer.content),
        len(asked),
    )
    return answer.content.decode()


def walked(client: Client, address: str, name: str = "cursor") -> list[str]:
    """All pages from the first on, by the links from each to the next; `name` is the parameter of the list that is walked through."""
    found, query = [], ""
    while True:
        page = light(client, address + query)
        found.append(page)
        onward = [html.unescape(link) for link in re.findall(r'href="(\?[^"#]*)[^"]*" rel="next"', page)]
        older = [link for link in onward if _turned_by(query, link) == {name}]
        if not older:
            return found
        query = older[0]


def _turned_by(before: str, after: str) -> set[str]:
    """The parameters in which two queries differ."""
    return {name for name, _value in set(parse_qsl(before[1:])) ^ set(parse_qsl(after[1:]))}


def each_once(pages: list[str], pattern: str) -> list[str]:
    """What a pattern finds on the pages, in order; a row that links to its record twice is one."""
    return [found for page in pages for found in dict.fromkeys(re.findall(pattern, page))]


def many(one: Any, number: int, **vary: Callable[[int], Any]) -> list[Any]:
    """As many records like `one`, which differ in the fields that are given as functions of their place."""
    made = []
    for place in range(number):
        new = copy(one)
        new._state = copy(one._state)
        new._state.adding = True
        new.pk = None
        for name, value in vary.items():
            setattr(new, name, value(place))
        made.append(new)
    found: list[Any] = type(one)._default_manager.bulk_create(made)
    return found
