"""Folding, in Python and in the browser: what people see as the same is the same, and nothing else is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, sync_playwright

from jirani.bench.running import chromium_path
from jirani.language import ascii_digits, fold, name_key, tidy, visible

pytestmark = pytest.mark.pure

PAIRS: dict[str, list[list[str]]] = json.loads(Path(__file__).with_name("pairs.json").read_text("utf-8"))
SCRIPT = Path(__file__).resolve().parents[2] / "jirani/ui/static/ui/js/fold.js"


@pytest.mark.parametrize(("one", "other"), PAIRS["alike"])
def test_what_people_see_as_the_same_is_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), PAIRS["apart"])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(), st.sampled_from("\u200b\u200e\u200f\u00ad\ufeff\u2066\u2069\u0640"))
def test_invisible_characters_make_no_difference(text: str, unseen: str) -> None:
    assert fold(unseen.join(text)) == fold(text)


def test_codes_and_numbers_keep_their_signs() -> None:
    assert [fold("KE‑19"), fold("−4,17"), fold("٢٠٢١–٠٣"), fold("L`Aquila")] == [
        "ke-19",
        "-4,17",
        "2021-03",
        "l'aquila",
    ]


def test_a_name_of_signs_alone_stays() -> None:
    assert [name_key("???"), name_key("!!!"), name_key("")] == ["???", "!!!", ""]


def test_digits_and_what_is_seen() -> None:
    assert ascii_digits("٣ and ３ and ४ and ²") == "3 and 3 and 4 and ²"
    assert visible(" \u200fKwale \u200b\n County\u00a0") == "Kwale County"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not here")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.browser
def test_the_browser_folds_alike(page: Page) -> None:
    """Each word of the table and of some more, by both halves."""
    words = [word for kind in PAIRS.values() for pair in kind for word in pair] + [
        "???",
        "Ａ－１",
        "٣٫٥",
        "ǅ",
        "…",
        "½ ﷺ",
    ]
    run = """async ([source, words]) => {
      const { fold, nameKey } = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(source));
      return words.map((word) => [fold(word), nameKey(word)]);
    }"""
    there: Any = page.evaluate(run, [SCRIPT.read_text("utf-8"), words])

    assert there == [[fold(word), name_key(word)] for word in words]


@pytest.mark.browser
def test_a_country_is_found_in_a_long_list_however_it_is_typed(page: Page) -> None:
    names = {
        "CI": "Côte d’Ivoire",
        "GW": "Guinea-Bissau",
        "LC": "St. Lucia",
        "ST": "São Tomé & Príncipe",
        "EG": "مصر",
        "OM": "عُمان",
    }
    options = "".join(f'<option value="{code}">{name}</option>' for code, name in names.items())
    html = f"""<!doctype html><meta charset="utf-8"><div data-find="Find" data-none="Nothing"><select><option value="">None</option>
      {options}</select></div><script type="module" src="/find.js"></script>"""
    page.route(
        "http://jirani.test/*.js", lambda route: route.fulfill(path=SCRIPT.with_name(route.request.url.split("/")[-1]))
    )
    page.route("http://jirani.test/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("http://jirani.test/")
    find, select = page.get_by_role("searchbox"), page.locator("select")
    found = {}
    for typed in (
        "Cote d'Iv",
        "COTE D’IV",
        "Guinea Bissau",
        "Saint Lucia",
        "st lucia",
        "Sao Tome",
        "عمان",
        "مِصر",
        "nowhere",
    ):
        find.fill("")
        find.fill(typed)
        found[typed] = select.input_value()

    assert list(found.values()) == ["CI", "CI", "GW", "LC", "LC", "ST", "OM", "EG", "EG"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ශ\u0dca\u200dර\u0dd3 විජේසූරිය", "ශ\u0dca\u200dර\u0dd3 විජේසූරිය"),  # Śrī
        ("میان\u200cرودی", "میان\u200cرودی"),
        ("Na\u200cirobi\u200d", "Nairobi"),
        ("Sahel  and \u00a0 Maghreb\t", "Sahel and Maghreb"),
        ("Bilan\u202f: la suite\u00a0", "Bilan\u202f: la suite"),
        ("Saint\u2011E\u0301tienne\u200b\ufeff", "Saint\u2011E\u0301tienne"),
        ("\u202eKwale\u202c \u2066Lamu\u2069 so\u00adft", "Kwale Lamu soft"),
        ("\u200fتعلّم C++\u200f مع الجيران\u200e", "تعلّم C++\u200f مع الجيران"),
        ("\u845b\U000e0100 \ufe0f", "\u845b\U000e0100"),
        ("one\r\n\u2028two\x00", "one two"),
    ],
)
def test_what_is_kept_of_a_line_is_its_spelling_and_nothing_that_came_by_pasting(typed: str, kept: str) -> None:
    assert (tidy(typed, directions=True), tidy(kept, directions=True)) == (kept, kept)


def test_marks_of_direction_are_no_part_of_a_name() -> None:
    assert tidy("\u200fAmina\u200e Haddad\u061c") == "Amina Haddad"


@given(st.text())
def test_tidying_changes_nothing_of_how_a_text_compares(text: str) -> None:
    assert (tidy(tidy(text)), fold(tidy(text))) == (tidy(text), fold(text))
