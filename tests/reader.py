"""Somebody who fetches pages, and notes which tokens of the stage they find that are not for them."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.test import Client

from jirani.accounts.models import User

from .stage import Stage

TOKEN = re.compile(r"zq\d{5}qz")
#: What a page shows of the program itself where something was not said as it is meant: an object, a value that is none, a tag of a
#: template.
INNARDS = re.compile(
    r"(?:<|&lt;)(?:function|bound|class|lambda|\w+ object|Q\w+Set)\b|object at 0x|=\"None\"|\{[{%]"
    r"|<(?:span|p|dd|td|li|a|h\d)\b[^>]*>\s*None\s*<"  # a list to choose from may offer none
)
#: A word that nobody wrote.
NOBODYS = "zq99999qz"


def fetched(client: Client, address: str) -> Any:
    """The answer of a client to GET. What comes in parts is read to its end, by which a file is closed."""
    answer: Any = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def tight(page: str) -> str:
    """A page without the white space around its tags, so that it reads the same however its template breaks its lines."""
    return re.sub(r" ?(<[^>]*>) ?", r"\1", " ".join(page.split()))


class Reader:
    """Somebody who fetches pages, each once, and notes what they find that is not for them."""

    def __init__(self, stage: Stage, part: str) -> None:
        self.stage, self.part, self.client = stage, part, Client()
        self.user = stage.cast.users()[part]
        if isinstance(self.user, User):
            self.client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        self.leaks: list[str] = []
        self.seen: set[str] = set()
        self._fetched: set[str] = set()
        self._may = cache(lambda question: question(self.user))
        self._answer = cache(lambda asked: self.client.get(asked).content.decode())

    def fetch(self, address: str) -> str:
        """What the address shows; "" where it was fetched before."""
        if address in self._fetched:
            return ""
        self._fetched.add(address)
        response = self.client.get(address)
        assert response.status_code < 500, address
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        page = body.decode("utf-8", "replace") + str(response.headers)
        if "html" in response.headers.get("Content-Type", ""):
            assert not INNARDS.search(page), f"{address} shows {INNARDS.findall(page)}"
        self.leaks += [f"{self.part} finds {word} at {address}" for word in self._not_for_them(page, address)]
        return page

    def _not_for_them(self, page: str, address: str) -> set[str]:
        found = set(TOKEN.findall(page)) - {NOBODYS}
        self.seen |= found
        for word, slug in self.stage.affiliations.items():
            listed = urlsplit(address).path.endswith("/organisations/")
            if 'method="post"' in page or listed or f"/organisations/{slug}/" in address:
                found.discard(word)  # a form offers all organisations, and whoever has one finds them in their list
        return {word for word in found if not self.may_see(word)}

    def may_see(self, word: str) -> bool:
        """Whether a token is for them."""
        return bool(self._may(self.stage.tokens[word]))

    def follow(self, page: str, address: str) -> None:
        """Fetch what a page's filters, facets and pagers lead to."""
        for query in sorted(_queries(page, address)):
            self.fetch(query)

    def probe(self, address: str, name: str, word: str) -> None:
        """Ask for a word that is not for them: the answer is that to a word which nobody wrote."""
        asked, other = (f"{address}?{urlencode({name: value})}" for value in (word, NOBODYS))
        if _settled(self._answer(asked).replace(word, NOBODYS)) != _settled(self._answer(other)):
            self.leaks.append(f"{self.part} learns by {asked} that there is such a word")


def _queries(page: str, address: str) -> set[str]:
    links = {unescape(link) for link in re.findall(r'href="([^"#]*\?[^"#]*)', page)}
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        links |= {f"?{urlencode({name: unescape(v)})}" for v in re.findall(r'value="([^"]+)"', options)}
    found = {urljoin(address, link) for link in links}
    return {one for one in found if one.startswith("/en/") and not one.startswith("/en/accounts/")}


def _settled(page: str) -> str:
    """Without what differs from one answer to the next by itself."""
    return re.sub(r'(csrfmiddlewaretoken" value=|name="once" value=)"[^"]*"', "", page)


@contextmanager
def quiet() -> Iterator[None]:
    """Refusals are what is looked for: nobody reads of them."""
    log = logging.getLogger("django")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)
