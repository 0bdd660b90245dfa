"""Mailboxes as people type and paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirani.language import Mailbox, normal_address, read_mailboxes

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "typed",
    [
        "rita@größe.example",
        "Rita@GRÖSSE.example".replace("SS", "ß"),
        "rita@xn--gre-6ka8i.example",
        "\u200erita@größe.example\u200e",
        "<rita@gro\u0308ße.example>",
        "mailto:rita@größe.example",
        "ｒｉｔａ＠größe.example",
        " rita@größe。example ",
    ],
)
def test_one_mailbox_has_one_spelling(typed: str) -> None:
    assert normal_address(typed) == "rita@größe.example"


def test_what_is_no_address_stays_for_the_form_to_refuse() -> None:
    assert [normal_address(text) for text in ("Rita", "", "a b@", "rita@-.example")] == [
        "Rita",
        "",
        "a b@",
        "rita@-.example",
    ]


@given(st.text())
def test_the_normal_form_is_its_own(text: str) -> None:
    assert normal_address(normal_address(text)) == normal_address(text)


RITA, OMAR = Mailbox("Rita Odhiambo", "rita@example.org"), Mailbox("Said, Omar", "omar@example.org")


@pytest.mark.parametrize(
    ("line", "found", "rest"),
    [
        ("Rita Odhiambo <rita@example.org>", [RITA], ""),
        ("Rita Odhiambo <RITA@example.org>; speaker; Health", [RITA], "speaker; Health"),
        ('"Said, Omar" <omar@example.org>, delegate', [OMAR], "delegate"),
        ('Rita Odhiambo <rita@example.org>, "Said, Omar" <omar@example.org>', [RITA, OMAR], ""),
        ("Rita Odhiambo <rita@example.org>; ", [RITA], ""),
        ("<rita@example.org>", [Mailbox("", "rita@example.org")], ""),
        (r'"Rita \"Riri\" O." <rita@example.org>', [Mailbox('Rita "Riri" O.', "rita@example.org")], ""),
        ("ريتا <\u200erita@example.org\u200e>، متحدث", [Mailbox("ريتا", "rita@example.org")], "متحدث"),
        ("Rita Odhiambo, rita@example.org", [], "Rita Odhiambo, rita@example.org"),
        ("Rita <no address>", [], "Rita <no address>"),
    ],
)
def test_mailboxes_are_read(line: str, found: list[Mailbox], rest: str) -> None:
    assert read_mailboxes(line) == (found, rest)
