"""Hours on the clocks of a place: which a day has, which come twice, and when they are in the world's time.

When clocks go forward, a day lacks some hours (PEP 495: a gap); when they go back, it has some twice (a fold). Of a doubled hour the
*side* says which is meant: before the clocks change, or after.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BEFORE, AFTER = "before", "after"
#: What ends at an hour of the clock that is not later than its beginning ends the day after, if it lasts no longer than this.
MOST_HOURS = 12

#: What clocks show as they change, and what they show then.
type_change = tuple[datetime, datetime]


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this IANA name; None for "" and for a name that nobody knows."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def skipped(on: date, at: time, zone: ZoneInfo) -> type_change | None:
    """Return the clock change that leaves this hour out; None if the hour exists."""
    change = _change(datetime.combine(on, at), zone)
    return change if change and change[0] < change[1] else None


def repeated(on: date, at: time, zone: ZoneInfo) -> type_change | None:
    """Return the clock change by which this hour comes twice; None if it comes once."""
    change = _change(datetime.combine(on, at), zone)
    return change if change and change[0] > change[1] else None


def _change(wall: datetime, zone: ZoneInfo) -> type_change | None:
    """Return the clock change that affects `wall`, if any: its moment lies between the two moments that `wall` can mean."""
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if before == after:
        return None
    low, high = sorted((wall - before, wall - after))
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    moment = high.replace(microsecond=0)
    return moment + before, moment + after


@dataclass(frozen=True, slots=True)
class Hours:
    """Start and end by the clocks of a place. A side says which of a doubled hour is meant, and has no meaning for other hours."""

    on: date
    starts_at: time
    ends_at: time | None = None
    zone: ZoneInfo | None = None
    starts_side: str = ""
    ends_side: str = ""

    @property
    def ends_on(self) -> date:
        """The day on which it ends: the day after, if the clock does not show a later hour then."""
        if self.ends_at is None or self.ends_at > self.starts_at or self._turns_back:
            return self.on
        return self.on + timedelta(days=1)

    @property
    def _turns_back(self) -> bool:
        """Tell whether the clocks go back while it lasts, so that they may show an earlier hour at its end."""
        if self.zone is None or self.ends_at is None or self.starts_side == AFTER or self.ends_side == BEFORE:
            return False
        return all(repeated(self.on, at, self.zone) for at in (self.starts_at, self.ends_at))

    def moments(self) -> tuple[datetime, datetime | None] | None:
        """Return beginning and end in UTC, the end always later; None if the zone is not known.

        Hours that the day does not have, which are no longer accepted, are taken as long as the clock says.
        """
        if self.zone is None:
            return None
        start = self._moment(self.on, self.starts_at, self.starts_side)
        if self.ends_at is None:
            return start, None
        end = self._moment(self.ends_on, self.ends_at, self.ends_side)
        return start, end if end > start else start + self.on_the_clock

    def _moment(self, on: date, at: time, side: str) -> datetime:
        return datetime.combine(on, at, self.zone).replace(fold=int(side == AFTER)).astimezone(UTC)

    @property
    def on_the_clock(self) -> timedelta:
        """Return how long it takes by the clock; zero if the end is not known."""
        if self.ends_at is None:
            return timedelta()
        return datetime.combine(self.ends_on, self.ends_at) - datetime.combine(self.on, self.starts_at)

    def meets(self, other: "Hours") -> bool:
        """Tell whether both overlap at some moment. Without an end, something counts at its beginning only."""
        (mine, my_end), (theirs, their_end) = _span(self), _span(other)
        return mine == theirs or (mine < theirs < my_end) or (theirs < mine < their_end)


def _span(hours: Hours) -> tuple[datetime, datetime]:
    start, end = hours.moments() or (datetime.combine(hours.on, hours.starts_at, UTC), None)
    return start, end or start + hours.on_the_clock
