"""Everything works from the keyboard: the skip link, what has the focus shows it, signing in, filtering the lessons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visits
from .pages import PUBLIC, Kind

pytestmark = [pytest.mark.browser, pytest.mark.sweep]

_FAR = 200
_MOST = 60
_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), label = e.closest("label"), shown = [e, label, label?.querySelector("span")];
  const drawn = shown.some(one => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  const inside = e.type === "date" && !e.matches(":focus-visible");  // its calendar's button, which Chromium outlines itself
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {what: `${e.tagName} ${e.name || e.textContent.trim().slice(0, 40)}`, drawn: drawn || inside, seen};
}"""


def _tab_until(page: Page, selector: str) -> None:
    """Press Tab until that element has the focus."""
    for _ in range(_FAR):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def _kind(name: str) -> Kind:
    return next(kind for kind in PUBLIC if kind.name == name)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_skip_link_comes_first_and_skips(visits: Visits, language: str) -> None:
    with visits.window() as page:
        page.goto(_kind("lesson").addresses(visits.network)[language])
        page.keyboard.press("Tab")
        expect(page.locator("a.skip")).to_be_focused()
        expect(page.locator("a.skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("name", ["home", "lesson list", "lesson", "sign in", "design"])
def test_what_has_the_focus_shows_it(visits: Visits, name: str) -> None:
    unseen = []
    with visits.window() as page:
        page.goto(_kind(name).addresses(visits.network)["en"])
        for _ in range(_MOST):
            page.keyboard.press("Tab")
            focus = page.evaluate(_FOCUS)
            if focus is None:
                break
            if not (focus["drawn"] and focus["seen"]):
                unseen.append(focus["what"])
    assert unseen == []


def test_signing_in_with_the_keyboard_alone(visits: Visits) -> None:
    with visits.window() as page:
        page.goto("/en/")
        _tab_until(page, "a[href*='sign-in']")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if "demo" not in page.url:
            page.goto("/en/demo/sign-in/")
        _tab_until(page, "button[value=rapporteur]")
        with page.expect_navigation(url=re.compile("/desk/")):
            page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_count(1)


def test_finding_in_long_lists_with_the_keyboard_alone(visits: Visits) -> None:
    """Accents make no difference, the chosen option stays in view, and a single match in a select is chosen."""
    with visits.window() as page:
        page.goto(_kind("design").addresses(visits.network)["en"])
        boxes = page.locator("fieldset[data-find]").first
        find = boxes.get_by_role("searchbox", name="Find in the list")
        find.focus()
        page.keyboard.type("Kenya")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        find.fill("sénégal")
        expect(boxes.locator("label:visible")).to_have_text(["Kenya", "Senegal"])
        select = page.locator("select").first
        find = page.locator("div[data-find]").first.get_by_role("searchbox")
        for sought, value, shown in (("tanz", "TZ", 2), ("tanzo", "BI", 1), ("so", "BI", 3), ("", "BI", 27)):
            find.fill(sought)
            assert (select.input_value(), select.locator("option").count()) == (value, shown)


def test_filtering_the_lessons_with_the_keyboard_alone(visits: Visits) -> None:
    with visits.window() as page:
        page.goto("/en/lessons/")
        everything = page.locator("main .rows > li").count()
        _tab_until(page, "main [name=q]")
        page.keyboard.type("radio")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert 0 < page.locator("main .rows > li").count() < everything
        page.goto("/en/lessons/")
        _tab_until(page, "main a[href*='theme=']")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "theme=" in page.url
        assert 0 < page.locator("main .rows > li").count() < everything


_UNDER_THE_BAR = """() => {
  const e = document.activeElement, bar = document.querySelector(".bar"), edge = bar.getBoundingClientRect();
  if (e === document.body || bar.contains(e) || getComputedStyle(bar).position !== "sticky") return "";
  const box = e.getBoundingClientRect(), stuck = Math.abs(edge.bottom - innerHeight) < 2;
  return stuck && box.top >= edge.top ? e.textContent.trim() : "";
}"""


@pytest.mark.parametrize(("width", "height"), [(320, 256), (360, 640)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_has_the_focus_is_never_under_the_bar(visits: Visits, language: str, width: int, height: int) -> None:
    """WCAG 2.2, success criterion 2.4.11; the first size is a window of 1280 by 1024 at 400 %."""
    hidden, passed = [], 0
    with visits.window() as page:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(_kind("lesson").addresses(visits.network)[language])
        for _ in range(_FAR):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            passed += 1
            hidden.append(page.evaluate(_UNDER_THE_BAR))
    assert [words for words in hidden if words] == []
    assert passed > 20


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (320, 256)])
def test_what_a_page_has_to_say_is_in_view_where_it_opens(
    visits: Visits, scripts: bool, width: int, height: int
) -> None:
    with visits.window("coordinator", width, java_script_enabled=scripts) as page:
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/en/events/kenya-exchange-2027/sessions/new/")
        page.fill("[name=title]", "What keeps a forum alive")
        page.locator(".form button.button").first.click()
        page.wait_for_url("**/edit/#programme")
        notice = page.locator(".notice", has_text="The session is in the programme.")
        expect(notice).to_have_role("status")
        expect(notice).to_be_in_viewport(ratio=1)


def test_what_a_page_has_to_say_stands_still_and_is_announced_once(visits: Visits) -> None:
    """It is announced in an invisible region; the visible notice is never empty, and nothing moves."""
    watch = """addEventListener("DOMContentLoaded", () => {
      window.seen = [];
      const look = () => {
        const notice = document.querySelector(".notices .notice");
        if (notice) seen.push(notice.textContent.trim() + notice.offsetHeight);
        if (seen.length < 40) requestAnimationFrame(look);
      };
      look();
    });"""
    with visits.window("coordinator", 1280) as page:
        page.add_init_script(watch)
        page.goto("/en/events/kenya-exchange-2027/sessions/new/")
        page.fill("[name=title]", "What stands still")
        page.locator(".form button.button").first.click()
        page.wait_for_url("**/edit/#programme")
        expect(page.locator(".notices + .sr-only[role=status]")).to_have_text("The session is in the programme.")
        assert len(set(page.evaluate("seen"))) == 1
        expect(page.locator(".notices + .sr-only")).to_have_count(0, timeout=10_000)
