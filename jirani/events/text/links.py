"""Links in invitations.

A link holds a participation's number and its nonce, signed. The nonce makes it unguessable and can be taken back; the signature
makes the database alone (a backup, a leak) not enough to forge one.
"""

from django.core.signing import BadSignature, Signer

_signer = Signer(sep=".", salt="jirani.events.invitation")


def sign_link(number: int, nonce: str) -> str:
    """The token of a link. Raises ValueError for a participation that was never given a nonce."""
    if not nonce:
        raise ValueError("An invitation without a nonce could be guessed.")
    return _signer.sign(f"{number}-{nonce}")


def read_link(token: str) -> tuple[int, str] | None:
    """The participation's number and nonce in a token; None where it is not one of ours."""
    try:
        number, _, nonce = _signer.unsign(token).partition("-")
        return (int(number), nonce) if nonce else None
    except (BadSignature, ValueError):
        return None
