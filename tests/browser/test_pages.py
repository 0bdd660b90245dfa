"""Every page type as a browser shows it: axe finds nothing, nothing is wider than a phone, headings and languages are right.

`make test` sees each type once, languages and colour schemes dealt out so that every pair of them is used; the sweep sees all
others and the variants.
"""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, product
from threading import Thread

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from jirani.config.languages import CODES

from .conftest import DESK, PHONE, Visits
from .pages import PAGES, PUBLIC, SCHEMES, SIGNED_IN, Kind, Scheme

pytestmark = pytest.mark.browser

_PAIRS = tuple(product(CODES, SCHEMES))
#: `target-size` is WCAG 2.2 AA and off unless asked for.
_AXE = """async ([only]) => {
  const found = await axe.run({
    resultTypes: ["violations"], preload: false,
    ...(only ? {runOnly: {type: "rule", values: only}} : {rules: {"target-size": {enabled: true}}}),
  });
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")} – ${n.html.slice(0, 160)}`));
}"""
#: What another colour scheme can change on a page.
_COLOURS = ["color-contrast", "link-in-text-block"]
#: Read `lang`, `dir` and the number of h1 headings; then find what is wider than the page.
_FRAME = """() => {
  const root = document.documentElement, room = root.clientWidth;
  const frame = [root.lang, root.dir, document.querySelectorAll("h1").length].join(" ");
  if (root.scrollWidth <= room) return [frame];
  const culprits = [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > room + 1 || box.left < -1) && !e.closest(".scroll, .skip, .sr-only");
  });
  const wide = culprits.slice(0, 5).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`);
  return [frame, ...wide, "too wide"];
}"""


#: Parsing colours takes a third of axe's time, and a page has but a dozen: each is parsed once.
_PARSE_ONCE = """{
  const Color = axe.commons.color.Color, parse = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, new Color(parse.call(this, text)));
    for (const part of ["r", "g", "b", "alpha"]) this[part] = known.get(text)[part];
    return this;
  };
}"""


class _AxeHandler(BaseHTTPRequestHandler):
    """Serves axe as a file that Chromium keeps compiled, which is quicker than handing it over with each page."""

    def do_GET(self) -> None:
        script = f"{AXE_SCRIPT}\n{_PARSE_ONCE}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript; charset=utf-8")
        self.send_header("Content-Length", str(len(script)))
        self.send_header("Cache-Control", "max-age=86400, immutable")
        self.end_headers()
        self.wfile.write(script)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
        """Say nothing."""


@pytest.fixture(scope="module")
def axe() -> Iterator[str]:
    """The address of axe."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _AxeHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/axe.js"
        server.shutdown()


def _dealt() -> Iterator[tuple[Kind, str, Scheme, int]]:
    """Yield each type once; widths change more slowly than the pairs, so that each pair meets both."""
    types = [kind for kind in PAGES if not kind.variant]
    for number, (kind, (language, scheme)) in enumerate(zip(types, cycle(_PAIRS), strict=False)):
        yield kind, language, scheme, (PHONE, DESK)[(number // len(_PAIRS)) % 2]


def _faults(page: Page, axe: str, address: str, schemes: tuple[Scheme, ...], width: int) -> list[str]:
    """Return what is wrong with a page. One load serves all colour schemes; after the first, only colours are checked."""
    _resize(page, width)
    page.emulate_media(color_scheme=schemes[0])
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == (404 if "nowhere" in address else 200), page.url
    page.add_script_tag(url=axe)
    faults: list[str] = []
    for scheme in schemes:
        only = None if scheme == schemes[0] else _COLOURS
        if only:
            page.emulate_media(color_scheme=scheme)
        faults += [f"{scheme}: {fault}" for fault in page.evaluate(_AXE, [only])]
    _resize(page, PHONE)
    frame, *wide = page.evaluate(_FRAME)
    language = address.split("/")[1]
    expected = f"{language} {'rtl' if language == 'ar' else 'ltr'} 1"
    return [*faults, *wide, *([] if frame == expected else [f"lang, dir, h1s: {frame}"])]


def _resize(page: Page, width: int) -> None:
    size: ViewportSize = {"width": width, "height": 800}
    if page.viewport_size != size:
        page.set_viewport_size(size)


def test_axe_sees_a_colour_that_is_too_pale(visits: Visits, axe: str) -> None:
    page = visits.tab(bypass_csp=True)
    page.goto("/en/about/")
    page.add_script_tag(url=axe)
    page.evaluate("document.querySelector('h1').style.color = '#ccc'; document.documentElement.lang = ''")

    whole, colours = ([fault.split(":")[0] for fault in page.evaluate(_AXE, [only])] for only in (None, _COLOURS))
    assert (whole, colours) == (["color-contrast", "html-has-lang"], ["color-contrast"])


def _forgive_404(visits: Visits, kind: Kind) -> None:
    if kind.name == "not found":
        visits.troubles.clear()  # Chromium logs the status


@pytest.mark.parametrize(
    ("kind", "language", "scheme", "width"), list(_dealt()), ids=lambda value: getattr(value, "name", value)
)
def test_every_type_once(visits: Visits, axe: str, kind: Kind, language: str, scheme: Scheme, width: int) -> None:
    page, address = visits.tab(kind.role, bypass_csp=True), kind.addresses(visits.network)[language]
    assert _faults(page, axe, address, (scheme,), width) == []
    _forgive_404(visits, kind)


_SEEN = {(kind.name, language, scheme) for kind, language, scheme, _width in _dealt()}


def _in_all(visits: Visits, axe: str, kind: Kind) -> dict[str, list[str]]:
    page, found = visits.tab(kind.role, bypass_csp=True), {}
    addresses = kind.addresses(visits.network).items()
    for (language, address), width in zip(addresses, (PHONE, PHONE, DESK, DESK), strict=True):
        schemes = tuple(scheme for scheme in SCHEMES if (kind.name, language, scheme) not in _SEEN)
        if faults := _faults(page, axe, address, schemes, width):
            found[language] = faults
    _forgive_404(visits, kind)
    return found


# Classes, so that two processes share the work (`--dist loadscope`). The design page shows all schemes and directions at once.
@pytest.mark.sweep
class TestReadingPages:
    @pytest.mark.parametrize("kind", [kind for kind in PUBLIC if kind.name != "design"], ids=lambda kind: kind.name)
    def test_in_every_language_and_scheme(self, visits: Visits, axe: str, kind: Kind) -> None:
        assert _in_all(visits, axe, kind) == {}


@pytest.mark.sweep
class TestWritingPages:
    @pytest.mark.parametrize("kind", SIGNED_IN[::2], ids=lambda kind: kind.name)
    def test_in_every_language_and_scheme(self, visits: Visits, axe: str, kind: Kind) -> None:
        assert _in_all(visits, axe, kind) == {}


@pytest.mark.sweep
class TestOtherWritingPages:
    @pytest.mark.parametrize("kind", SIGNED_IN[1::2], ids=lambda kind: kind.name)
    def test_in_every_language_and_scheme(self, visits: Visits, axe: str, kind: Kind) -> None:
        assert _in_all(visits, axe, kind) == {}


def test_the_pairs_are_all_dealt() -> None:
    assert {(language, scheme) for _, language, scheme, _ in list(_dealt())[: len(PUBLIC)]} == set(_PAIRS)
