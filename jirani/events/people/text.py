"""Links in invitations.

A link holds a participation's number, its nonce and a digest of the address that it was sent to, signed. The nonce makes it
unguessable and can be taken back; the signature makes the database alone (a backup, a leak) not enough to forge one; the address
lets it end when the guest's address is another one.
"""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from jirani.language.addresses import normal_address

_signer = Signer(sep=".", salt="jirani.events.invitation")


@dataclass(frozen=True, slots=True)
class Link:
    """The content of a token: participation, nonce and address."""

    number: int
    nonce: str
    address: str

    def is_for(self, address: str) -> bool:
        """Tell whether it was sent to this address. Older links hold no address and are valid for any."""
        return not self.address or constant_time_compare(self.address, _digest(address))


def sign_link(number: int, nonce: str, address: str = "") -> str:
    """The token of a link to this address. Raises ValueError for a participation that was never given a nonce."""
    if not nonce:
        raise ValueError("An invitation without a nonce could be guessed.")
    bound = f".{_digest(address)}" if address else ""
    return _signer.sign(f"{number}-{nonce}{bound}")


def read_link(token: str) -> Link | None:
    """Return a token's content; None if it is not one of ours."""
    try:
        number, _, rest = _signer.unsign(token).partition("-")
        nonce, _, address = rest.partition(".")
        return Link(int(number), nonce, address) if nonce else None
    except (BadSignature, ValueError):
        return None


def _digest(address: str) -> str:
    return salted_hmac("jirani.events.address", normal_address(address), algorithm="sha256").hexdigest()[:16]
