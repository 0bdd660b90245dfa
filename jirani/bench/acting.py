"""People of the demo network who send its forms, as a browser would: whatever a form does, an action does."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from bs4 import BeautifulSoup, Tag

_SIGN_IN = "/en/demo/sign-in/"
#: Where nothing is done with records: who is signed in, and in which language.
_APART = re.compile(r"^/en/(?:accounts|demo|language|cms)/|/sign-out|/export")
#: What a form asks for and nobody has filled in, by the type of its control.
_LIKELY = {"date": date(2026, 6, 1).isoformat(), "time": "10:00", "email": "bench@example.org", "url": "https://example.org", "number": "1"}  # fmt: skip
_QUIET = {"hidden", "submit", "button", "image", "reset", "file", "search", "password"}
#: How many pages one goes through in search of a form.
_STEPS = 4


class _Stay(HTTPRedirectHandler):
    """Lets an answer that leads elsewhere be seen."""

    def redirect_request(self, *_answer: Any) -> None:
        """Follow nothing."""
        return


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is sent: to which address, with what, and the public pages that show the record it belongs to."""

    address: str
    sent: list[tuple[str, str]]
    shown: list[str]


class Actor:
    """Somebody with a role in the demo network."""

    def __init__(self, origin: str, role: str, chance: random.Random) -> None:
        self._origin, self._role, self._chance = origin, role, chance
        self._open: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()), _Stay())
        self._barren: set[str] = set()
        self._sign_in()

    def sees_nothing_at(self, page: str) -> bool:
        """Whether no way to a form was found on a public page: what one may do there is seldom another a minute later."""
        return page in self._barren

    def _ask(self, path: str, sent: list[tuple[str, str]] | None = None) -> tuple[int, str, str]:
        """Return the status code, the redirect target and the page."""
        data = None if sent is None else urlencode(sent).encode()
        request = Request(urljoin(self._origin, path), data=data)  # noqa: S310  (the loopback)
        try:
            with self._open.open(request, timeout=60) as answer:
                return answer.status, "", answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, error.headers.get("Location", ""), ""

    def _sign_in(self) -> None:
        _status, _onward, page = self._ask(_SIGN_IN)
        token = BeautifulSoup(page, "html.parser").find("input", attrs={"name": "csrfmiddlewaretoken"})
        value = str(token["value"]) if isinstance(token, Tag) else ""
        self._ask(_SIGN_IN, [("csrfmiddlewaretoken", value), ("role", self._role)])

    def find(self, page: str, public: set[str], seen: Counter[str], number: int) -> Filled | None:
        """Go from a public page to a form, one rather that was seldom seen, and fill it in; None if there is none on the way."""
        here = page
        for step in range(_STEPS):
            status, onward, text = self._ask(here)
            if status != 200:
                if "sign-in" in onward:
                    self._sign_in()
                return None
            main = _main(text)
            forms = [form for form in main.find_all("form") if _is_meant(form, here)]
            if forms and (step or self._chance.random() < 0.5):
                form = min(forms, key=lambda one: (seen[_shape(_target(one, here))], self._chance.random()))
                above = [link for link in _links(main, here, within="nav.crumbs") if link in public]
                return Filled(_target(form, here), _filled(form, number, self._chance), [page, *above[-1:]])
            links = [link for link in _links(main, here) if link not in public]
            if not links:
                if not step:
                    self._barren.add(page)
                return None
            least = min(seen[_shape(link)] for link in links)
            here = self._chance.choice([link for link in links if seen[_shape(link)] == least])
            seen[_shape(here)] += 1
        return None

    def send(self, form: Filled) -> bool:
        """Whether it was taken."""
        status, onward, _text = self._ask(form.address, form.sent)
        return status == 302 and "sign-in" not in onward


def actors(origin: str, chance: random.Random) -> list[Actor]:
    """One for each role that the demo offers."""
    with build_opener().open(urljoin(origin, _SIGN_IN), timeout=60) as answer:
        page = BeautifulSoup(answer.read(), "html.parser")
    return [Actor(origin, str(button["value"]), chance) for button in page.find_all("button", attrs={"name": "role"})]


def shape_of(form: Filled) -> str:
    """Its address without what names one record: forms of one shape are of one action."""
    return _shape(form.address)


def _is_meant(form: Tag, here: str) -> bool:
    return form.get("method") == "post" and not _APART.search(_target(form, here))


def _main(page: str) -> Tag:
    soup = BeautifulSoup(page if page.lstrip()[:9].lower() == "<!doctype" else "", "html.parser")
    main = soup.find("main")
    return main if isinstance(main, Tag) else soup


def _target(form: Tag, here: str) -> str:
    return urljoin(here, str(form.get("action") or here))


def _links(main: Tag, here: str, *, within: str = "") -> list[str]:
    found = (urldefrag(urljoin(here, str(link["href"])))[0] for link in main.select(f"{within} a[href]"))
    return [link for link in found if link.startswith("/en/") and link != here and not _APART.search(link)]


def _shape(address: str) -> str:
    """An address without what names one record."""
    return re.sub(r"/(?:\d+|[a-z0-9-]*\d[a-z0-9-]*|[a-z0-9]+(?:-[a-z0-9]+)+)(?=/)", "/…", urlsplit(address).path)


def _filled(form: Tag, number: int, chance: random.Random) -> list[tuple[str, str]]:
    """What a form sends as it is opened, each text with a word more, and something likely if it asks for what is not there."""
    sent: list[tuple[str, str]] = []
    radios: set[str] = set()
    for control in form.find_all(["input", "select", "textarea"]):
        name = str(control.get("name", ""))
        if not name or control.has_attr("disabled"):
            continue
        kind = control.name if control.name != "input" else str(control.get("type", "text"))
        if kind == "radio":
            if name not in radios and (values := _chosen(form, name)):
                sent.append((name, chance.choice(values)))
            radios.add(name)
        else:
            sent += [(name, value) for value in _values(control, kind, number)]
    buttons = [button for button in form.find_all("button", attrs={"name": True}) if not button.get("formaction")]
    if buttons:
        button = chance.choice(buttons)
        sent.append((str(button["name"]), str(button.get("value", ""))))
    return sent


def _chosen(form: Tag, name: str) -> list[str]:
    """The radio that is chosen, or all of them if none is."""
    every = [one for one in form.find_all("input", attrs={"type": "radio", "name": name}) if one.get("value")]
    return [str(one["value"]) for one in every if one.has_attr("checked")] or [str(one["value"]) for one in every]


def _values(control: Tag, kind: str, number: int) -> list[str]:
    needed = control.has_attr("required")
    if kind == "select":
        options = control.find_all("option")
        chosen = [one for one in options if one.has_attr("selected")]
        if needed and not any(one.get("value") for one in chosen):
            chosen = [one for one in options if one.get("value")][:1]
        return [str(one.get("value", one.get_text())) for one in chosen or options[:1]]
    if kind == "checkbox":
        return [str(control.get("value", "on"))] if control.has_attr("checked") or needed else []
    held = control.get_text().removeprefix("\n") if kind == "textarea" else str(control.get("value", ""))
    if kind in {"text", "textarea"} and (held or needed) and control.get("inputmode") is None:
        most = int(str(control.get("maxlength", "10000")))
        more = f" {number}"
        return [held[: most - len(more)].removesuffix(" ") + more]
    if kind in _QUIET - {"hidden"}:
        return []
    return [held or (_LIKELY.get(kind, "") if needed else "")]
