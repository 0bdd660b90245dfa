"""The sheets: composed in the order of their layers, small enough for the first view, legible in both schemes."""

import math
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from jirani.ui.finders import CSS, LAYERS, compose

#: What the sheet may take of the 14,600 bytes of a first view.
SITE, DESK = 6_000, 3_000
_TOKEN = re.compile(r"--([a-z]+): light-dark\((oklch\([^)]*\)|#fff), (oklch\([^)]*\))\)")


def test_the_sheets_are_found_and_small() -> None:
    for name, limit in (("ui/jirani.css", SITE), ("ui/desk.css", DESK)):
        sheet = Path(str(finders.find(name))).read_bytes()
        assert sheet.startswith(b"@layer " + ",".join(LAYERS).encode())
        assert len(brotli.compress(sheet)) <= limit, name
    assert finders.find("ui/other.css") is None


def test_a_descendant_stays_a_descendant_when_spaces_go(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "a.css").write_text(
        ".field :is(a, b) { color: red; }\n.x:hover, nav a:is(.y) > :first-child { margin: 0 auto; }\n"
    )

    assert compose(tmp_path).split("@layer base", 1)[1] == (
        "{.field *:is(a,b){color:red}.x:hover,nav a:is(.y)>:first-child{margin:0 auto}}"
    )


def test_no_rule_names_an_element_and_asks_it_to_be_another() -> None:
    for folder in (CSS / "site", CSS / "desk"):
        assert re.findall(r"(?<=[\w\])])\s:(?=is|not|where)", compose(folder)) == []


@pytest.mark.parametrize("scheme", [0, 1])
def test_contrast(scheme: int) -> None:
    tokens = {
        name: (light, dark)[scheme]
        for name, light, dark in _TOKEN.findall((CSS / "site/tokens/tokens.css").read_text())
    }

    for ink in ("ink", "quiet", "accent", "alarm"):
        for ground in ("paper", "raised", "wash"):
            assert _contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    assert _contrast(tokens["ochre"], tokens["paper"]) >= 2.9


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of an OKLCH colour (Ottosson, 2020), clipped to sRGB; white for #fff."""
    if colour == "#fff":
        return 1.0
    lightness, chroma, hue = (float(part.rstrip("%")) for part in colour[6:-1].split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    base = lightness / 100
    long = (base + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (base - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (base - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
