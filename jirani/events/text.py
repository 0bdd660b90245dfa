"""Links in invitations, and calendars.

A link holds a participation's number and its nonce, signed. The nonce makes it unguessable and can be taken back; the signature
makes the database alone (a backup, a leak) not enough to forge one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar. Without hours, or where the zone of the hours is not known, it takes whole days."""

    key: str
    title: str
    first: date
    last: date
    starts_at: time | None = None
    ends_at: time | None = None
    zone: str = ""
    place: str = ""
    link: str = ""
    about: str = ""

    def moments(self) -> tuple[datetime, datetime] | None:
        """Beginning and end in UTC (an hour where the end is not known); None for whole days."""
        if self.starts_at is None or not self.zone:
            return None
        start = datetime.combine(self.first, self.starts_at, ZoneInfo(self.zone)).astimezone(UTC)
        if self.ends_at is None:
            return start, start + timedelta(hours=1)
        return start, datetime.combine(self.last, self.ends_at, ZoneInfo(self.zone)).astimezone(UTC)


def calendar(name: str, appointments: Iterable[Appointment], *, host: str, made_at: datetime) -> str:
    """An iCalendar file (RFC 5545). Times are in UTC, which every calendar understands and none mistakes.

    Short names of zones once moved people's appointments by hours on macOS; there are none here.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jirani//Programme//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines.append(f"X-WR-CALNAME:{_escape(name)}")
    for appointment in appointments:
        lines += _entry(appointment, host, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def _entry(appointment: Appointment, host: str, made_at: datetime) -> list[str]:
    moments = appointment.moments()
    if moments:
        when = [f"DTSTART:{_utc(moments[0])}", f"DTEND:{_utc(moments[1])}"]
    else:
        after = appointment.last + timedelta(days=1)
        when = [f"DTSTART;VALUE=DATE:{appointment.first:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    texts = {"SUMMARY": appointment.title, "LOCATION": appointment.place, "DESCRIPTION": appointment.about}
    return [
        "BEGIN:VEVENT",
        f"UID:{appointment.key}@{host}",
        f"DTSTAMP:{_utc(made_at)}",
        *when,
        *(f"{name}:{_escape(text)}" for name, text in texts.items() if text),
        *([f"URL:{appointment.link}"] if appointment.link else []),
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    """Text as RFC 5545, 3.3.11 writes it."""
    plain = "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char >= " " or char == "\n")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> Iterable[str]:
    """Pieces of at most 75 bytes, never within a character; all but the first begin with a space (RFC 5545, 3.1)."""
    piece, size = "", 0
    for char in line:
        length = len(char.encode())
        if size + length > 75:
            yield piece
            piece, size = " ", 1
        piece += char
        size += length
    yield piece
