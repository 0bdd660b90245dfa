"""How many bytes a reader's browser has received when a page first shows something.

Method. A fresh demo network is served on the loopback. Each public page type is opened in Chromium (Debian's, headless) with an
empty cache and no cookies, in English and Arabic, 360 and 1280 px wide. The line is not throttled: what arrives early counts. Over the
DevTools protocol every response that had begun to arrive at the moment of the first contentful paint (`Page.lifecycleEvent`) is
counted whole, headers and body as encoded on the wire, whichever resource it is: an upper bound of what had been received by then.
(Chromium tells the encoded size of a document only when all of it is there.) A page must answer with status 200, and nothing may
come from elsewhere. The figure is the largest sum.
"""

import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jirani.server.errors import ServerError

from .output import figure, tell
from .running import chromium_path, demo_network

LIMIT = 14_600
LANGUAGES = ("en", "ar")
WIDTHS = (360, 1280)
#: Page types: the address of a list and, for pages of one record, the pattern of the links on it that lead to one.
LISTS = {
    "home": "",
    "authorities": "local-authorities/",
    "events": "events/",
    "lessons": "lessons/",
    "commitments": "commitments/",
    "outcomes": "outcomes/",
    "plans": "plans/",
    "news": "news/",
}
DETAILS = {
    "authority": ("local-authorities/", r"local-authorities/[a-z0-9-]+/"),
    "event": ("events/", r"events/[a-z0-9-]+/"),
    "lesson": ("lessons/", r"lessons/\d+/"),
    "commitment": ("commitments/", r"commitments/\d+/"),
    "plan": ("plans/", r"plans/[a-z0-9-]+/"),
}
#: Records of the demo with full texts, preferred if a list has them.
TOLD = ("kenya-inter-county", "africa-summit", "mombasa", "kwale")


def run(argv: list[str]) -> int:
    """Measure. Returns 0 if every page is within its limit."""
    as_json = "--json" in argv
    worst, sound = 0, True
    with _browser() as browser, demo_network() as origin:
        for name, path in page_types(origin):
            for language in LANGUAGES:
                for width in WIDTHS:
                    view = first_view(browser, f"{origin}/{language}/{path}", width)
                    worst, sound = max(worst, view.received), sound and view.sound(origin)
                    line = {"page": name, "language": language, "width": width, "bytes": view.received}
                    tell(line | {"status": view.status, "elsewhere": view.elsewhere(origin)}, as_json=as_json)
    held = figure("first-view", worst, "bytes", LIMIT, as_json=as_json)
    return 0 if held and sound else 1


@dataclass
class View:
    """What had arrived at the first paint. Times are Chromium's, in seconds; sizes are bytes on the wire."""

    status: int = 0
    painted: float | None = None
    began: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    @property
    def received(self) -> int:
        """Bytes of all responses that had begun by the first contentful paint; of all responses if nothing was painted."""
        seen = [key for key, when in self.began.items() if self.painted is None or when <= self.painted]
        return sum(self.sizes.get(key, 0) for key in seen)

    def elsewhere(self, origin: str) -> list[str]:
        """Addresses that are not the site's own."""
        return [address for address in self.addresses if not address.startswith((origin, "data:"))]

    def sound(self, origin: str) -> bool:
        """Whether the page was there, showed something and fetched nothing from elsewhere."""
        whole = all(self.sizes.get(key) for key, when in self.began.items() if self.painted and when <= self.painted)
        return self.status == 200 and self.painted is not None and whole and not self.elsewhere(origin)


def page_types(origin: str) -> Iterator[tuple[str, str]]:
    """Yield name and path, without the language, of one page of each type in the running network."""
    yield from LISTS.items()
    found = {}
    for name, (path, pattern) in DETAILS.items():
        found[name] = _one(_links(origin, path, pattern))
        yield name, found[name]
    yield "session", _one(_links(origin, found["event"], r"events/[a-z0-9-]+/sessions/\d+/"))
    yield "activity", _one(_links(origin, found["plan"], r"plans/[a-z0-9-]+/activities/\d+/"))
    news = _links(origin, "news/", r"news/[a-z0-9-]+/")
    yield "article", _one([link for link in news if "report" not in link])
    yield "report", _one([link for link in news if "report" in link])


def _links(origin: str, path: str, pattern: str) -> list[str]:
    page = urllib.request.urlopen(f"{origin}/en/{path}", timeout=30).read().decode()  # noqa: S310  (a server of ours)
    found = re.findall(rf'href="/en/({pattern})"', page)
    return sorted(dict.fromkeys(found), key=lambda link: not any(told in link for told in TOLD))


def _one(links: list[str]) -> str:
    if not links:
        raise LookupError("The demo network has no such page: the bench and the demo disagree.")
    return links[0]


@contextmanager
def _browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise ServerError("This bench needs the tools for development: run `make setup`.") from None
    path = chromium_path()
    if path is None:
        raise ServerError("This bench needs Chromium, which is not installed on this machine.")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def first_view(browser: Any, address: str, width: int) -> View:
    """Open a page with an empty cache, until nothing moves any more."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=address.split("/")[3])
    page = context.new_page()
    view = _watched(context.new_cdp_session(page))
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(100)
    context.close()
    return view


def _watched(session: Any) -> View:
    """Collect what Chromium's protocol reports about a page from now on."""
    view = View()

    def responded(event: dict[str, Any]) -> None:
        response = event["response"]
        if event["type"] == "Document" and not view.began:
            view.status = response["status"]
        view.addresses.append(response["url"])
        view.began[event["requestId"]] = event["timestamp"]

    def finished(event: dict[str, Any]) -> None:
        view.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def lived(event: dict[str, Any]) -> None:
        if event["name"] == "firstContentfulPaint" and view.painted is None:
            view.painted = event["timestamp"]

    session.on("Network.responseReceived", responded)
    session.on("Network.loadingFinished", finished)
    session.on("Page.lifecycleEvent", lived)
    session.send("Network.enable")
    session.send("Page.enable")
    session.send("Page.setLifecycleEventsEnabled", {"enabled": True})
    return view
