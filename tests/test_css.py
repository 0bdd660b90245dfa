"""Stylesheets work from both sides, and the check that says so sees what it should."""

import pytest

from tools import css

pytestmark = pytest.mark.pure


def test_every_sheet_works_from_both_sides() -> None:
    found = [
        str(finding)
        for path in css.sheets()
        for finding in css.check(path.read_text("utf-8"), path.relative_to(css.ROOT).as_posix())
    ]

    assert len(css.sheets()) > 5
    assert found == []


@pytest.mark.parametrize(
    "declaration",
    [
        "margin-left: 1px",
        "padding-right: 1px",
        "border-left-color: red",
        "border-top-right-radius: 2px",
        "left: 0",
        "float: right",
        "clear: left",
        "text-align: left",
        "scroll-margin-left: 1px",
        "background: linear-gradient(to right, red, blue)",
        "background-position: left top",
        "transform: translateX(3px)",
        "margin: 0 1px 0 2px",
        "padding: 0 calc(1px + (2px * 2)) 0 2px",
        "border-radius: 4px 0 0 4px",
        "border-radius: 4px 0",
    ],
)
def test_a_physical_direction_is_found(declaration: str) -> None:
    found = css.check("@layer base {\n  p {\n    " + declaration + ";\n  }\n}", "x.css")

    assert [finding.line for finding in found] == [3]


@pytest.mark.parametrize(
    "declaration",
    [
        "margin-inline-start: 1px",
        "inset-inline-end: 0",
        "text-align: start",
        "float: inline-start",
        "margin: 0 1px 0 1px",
        "padding: 1px 2px 3px",
        "border-radius: 4px 4px 0 0",
        "border-start-start-radius: 4px",
        'content: "left: right; }"',
        "background: url(data:left;right)",
        "transform: translateY(3px)",
        "color: var(--left)",
    ],
)
def test_what_works_from_both_sides_passes(declaration: str) -> None:
    assert css.check("@layer base { p { " + declaration + " } }", "x.css") == []


def test_a_direction_may_be_named_where_it_is_asked_for() -> None:
    rule = "@layer base { :dir(rtl) > i { transform: translateX(3px) } }"

    assert css.check(rule, "x.css") == []


def test_a_rule_outside_the_layers_is_found() -> None:
    sheet = "@layer base { p { color: red } }\n@media print {\n  p { color: black }\n}\n@property --x { syntax: '*' }"

    assert [(finding.line, finding.what) for finding in css.check(sheet, "x.css")] == [
        (3, "('@media print',) is outside every @layer")
    ]
    assert css.check(sheet, "ui/css/site/base/x.css") == []
