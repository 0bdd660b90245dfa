"""Whether a point lies in the country, and the part of it, that it is said to lie in."""

import json
import math
from functools import lru_cache
from pathlib import Path

from jirani.ui.text.maps import GRID, Point, Ring, outlines, project


def kilometres_outside(country: str, latitude: float, longitude: float) -> float | None:
    """How far a point lies outside a country, about; 0 within it, None for a country whose outline we do not have.

    Outlines are coarse (1:50m) and islets are missing: a few dozen kilometres say nothing, hundreds do.
    """
    rings = outlines("50m").get(country)
    if not rings:
        return None
    x, y = project(longitude, latitude, width=GRID["50m"])
    if sum(_encloses(ring, x, y) for ring in rings) % 2:
        return 0.0
    scale = _scale(latitude, longitude)
    return min(_distance(ring, x, y) for ring in rings) * scale


#: How many degrees a point may lie outside the box of its subdivision.
_ROOM = 0.5


@lru_cache(maxsize=1)
def _boxes() -> dict[str, tuple[float, float, float, float]]:
    path = Path(__file__).resolve().parents[2] / "data" / "subdivisions.json"
    return {code: (box[0], box[1], box[2], box[3]) for code, box in json.loads(path.read_text("utf-8")).items()}


def is_outside_subdivision(code: str, latitude: float, longitude: float) -> bool:
    """Whether a point lies clearly outside the subdivision of this ISO 3166-2 code; False for one whose box we do not have."""
    if code not in _boxes():
        return False
    west, south, east, north = _boxes()[code]
    return not (west - _ROOM <= longitude <= east + _ROOM and south - _ROOM <= latitude <= north + _ROOM)


def _scale(latitude: float, longitude: float) -> float:
    """Kilometres of a step there, taken from a tenth of a degree to the north."""
    x0, y0 = project(longitude, max(-89.0, min(89.0, latitude)), width=GRID["50m"])
    x1, y1 = project(longitude, max(-89.0, min(89.0, latitude)) - 0.1, width=GRID["50m"])
    return 11.1195 / max(math.hypot(x1 - x0, y1 - y0), 1e-9)


def _encloses(ring: Ring, x: float, y: float) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def _distance(ring: Ring, x: float, y: float) -> float:
    """Return the distance from a point to a ring, in steps."""
    return min(_to_edge(a, b, x, y) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def _to_edge(a: Point, b: Point, x: float, y: float) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    part = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / length)) if length else 0.0
    return math.hypot(x - a[0] - part * dx, y - a[1] - part * dy)
