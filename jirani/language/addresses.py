"""E-mail addresses as people type and paste them.

One mailbox has many spellings: capitals, letters beyond ASCII in the domain or their IDNA form, invisible marks that come along
when one copies from a page. Networks keep one. That capitals before the "@" make no difference is not in RFC 5321, but no
provider that people use tells them apart.
"""

import re
import unicodedata
from dataclasses import dataclass

import idna

from .folding import tidy, visible

_ADDRESS = r"[^\s<>,;:\"()@]+@[^\s<>,;:\"()@]+"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address, as in "Amina Haddad <amina@example.org>"; the name may be empty."""

    name: str
    address: str


def normal_address(text: str) -> str:
    """The one spelling of a mailbox under which it is kept and compared: small letters, the domain as its readers write it.

    "‎Zz@XN--BCHER-KVA.example" and "zz@bücher.example" are both "zz@bücher.example". What is no address stays as it was typed,
    without what nobody sees: whether it is one is for a form to say.
    """
    plain = _bare(visible(unicodedata.normalize("NFKC", text)))
    local, at, domain = plain.rpartition("@")
    if not at:
        return plain
    return f"{unicodedata.normalize('NFC', local.lower())}@{_domain(domain)}"


def _bare(text: str) -> str:
    """Remove what comes along when an address is copied from an e-mail or a page."""
    bare = text.strip("<> ")
    while bare[:7].lower() == "mailto:":
        bare = bare[7:].lstrip("< ")
    return bare


def _domain(domain: str) -> str:
    """Return a domain in its own letters by UTS 46; one that IDNA does not allow is only lower-cased."""
    try:
        return idna.decode(idna.encode(domain, uts46=True, transitional=False))
    except (idna.IDNAError, UnicodeError):
        return domain.lower()


def read_mailboxes(text: str) -> tuple[list[Mailbox], str]:
    """The mailboxes at the start of a line (RFC 5322: names quoted or not, addresses in angle brackets), and what follows them.

    Several are parted by commas or semicolons, as in a letter's "To". A line without an address in angle brackets has none.
    """
    found: list[Mailbox] = []
    rest = tidy(text)
    while match := _MAILBOX.match(rest):
        found.append(_mailbox(match))
        rest = rest[match.end() :]
    return found, rest.strip(" ,;،")


#: A name, bare or in quotes, and an address in angle brackets; then a separator.
_MAILBOX = re.compile(
    rf"""\s*(?P<name>"(?:[^"\\]|\\.)*"|[^"<>,;،@]*)\s*<\s*(?:mailto:)?(?P<address>{_ADDRESS})\s*>\s*(?:[,;،]\s*|$)"""
)


def _mailbox(match: re.Match[str]) -> Mailbox:
    name = match["name"].strip()
    if name.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Mailbox(name.strip(), normal_address(match["address"]))
