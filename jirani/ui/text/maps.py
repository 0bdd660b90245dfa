"""Maps drawn on the server: real outlines, one projection, the arc.

The projection is Equal Earth (Šavrič, Patterson, Jenny: "The Equal Earth map projection", International Journal of
Geographical Information Science 33, 2019): areas are true, so that no region looks larger than it is, and shapes are pleasing.
Outlines are Natural Earth's (public domain), made by `tools/world.py`; see `jirani/ui/data/SOURCES.md`. Colours are set in a
style of the image and again as attributes, so that it is readable even if a policy refuses the style.
"""

import json
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

DATA = Path(__file__).resolve().parents[1] / "data"
#: Steps across the whole sheet, by scale of the outlines.
GRID = {"110m": 2000, "50m": 20000}
#: Width of the world's view; its height leaves out the empty south.
WIDTH, HEIGHT = 1000.0, 436.0
Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]

#: Steps of a path to one unit of the sheet.
_UNIT = 10
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_HALF = math.pi / (_M * _A[0])
_STYLE = (
    "<style>.land{fill:#d8d5cc}.member,.own{fill:#8fbfc3}.arc{stroke:#00585f}.dot{fill:#00585f}"
    ".dot,.land,.own,.member{stroke:#fbf9f5}@media(prefers-color-scheme:dark){.land{fill:#33373d}.member,.own{fill:#2d6a70}"
    ".arc{stroke:#5ecbd3}.dot{fill:#5ecbd3}.dot,.land,.own,.member{stroke:#13161b}}</style>"
)


def project(lon: float, lat: float, *, width: float = WIDTH) -> Point:
    """Degrees to a sheet of `width`, x to the east and y to the south from the North Pole's line."""
    theta = math.asin(_M * math.sin(math.radians(lat)))
    square = theta * theta
    sixth = square**3
    x = math.radians(lon) * math.cos(theta)
    x /= _M * (_A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square))
    y = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    scale = width / (2 * _HALF)
    return (x + _HALF) * scale, (_HALF * 0.48672 - y) * scale


def arc(start: Point, end: Point) -> str:
    """Path data of the mark's arc between two projected points: it bends to the north, by a sixth of the way or so."""
    (x0, y0), (x1, y1) = (start, end) if start[0] <= end[0] else (end, start)
    x, y = (x0 + x1) / 2 + (y1 - y0) * 0.36, (y0 + y1) / 2 - (x1 - x0) * 0.36
    return f"M{x0:.1f} {y0:.1f}Q{x:.1f} {y:.1f} {x1:.1f} {y1:.1f}"


@cache
def outlines(scale: str) -> dict[str, list[Ring]]:
    """Rings of every country by ISO 3166-1 code (and XK), in steps of the scale's grid."""
    packed: dict[str, list[list[int]]] = json.loads((DATA / f"countries-{scale}.json").read_text("utf-8"))
    return {code: [_unpack(ring) for ring in rings] for code, rings in packed.items()}


def world_svg(
    *,
    members: Iterable[str] = (),
    points: Sequence[Point] = (),
    arcs: Iterable[tuple[Point, Point]] = (),
    title: str = "",
) -> str:
    """The world with the countries in `members` (codes) lit, a dot at each of `points` and arcs between pairs, (lon, lat)."""
    lit = set(members)
    shapes = outlines("110m")
    land = "".join(_path(ring, 2) for code in sorted(shapes) if code not in lit for ring in shapes[code])
    own = "".join(_path(ring, 2) for code in sorted(lit & shapes.keys()) for ring in shapes[code])
    body = [f'<path class="land" fill="#d8d5cc" stroke="#fbf9f5" stroke-width=".6" d="{land}"/>']
    if own:
        body.append(f'<path class="member" fill="#8fbfc3" stroke="#fbf9f5" stroke-width=".6" d="{own}"/>')
    lines = "".join(arc(project(*start), project(*end)) for start, end in arcs)
    if lines:
        body.append(f'<path class="arc" fill="none" stroke="#00585f" stroke-width="1.2" d="{lines}"/>')
    body += [_dot(project(*point), 4.5, 1.2) for point in points]
    return _svg((0, 0, WIDTH, HEIGHT), body, title)


def region_svg(
    *,
    members: Iterable[str] = (),
    points: Sequence[Point] = (),
    arcs: Iterable[tuple[Point, Point]] = (),
    title: str = "",
) -> str:
    """Like `world_svg`, but show only the part of the world that holds the points; the whole world if they are far apart."""
    placed = [project(*point, width=GRID["50m"]) for point in points]
    box = _around(placed, WIDTH / HEIGHT)
    if box is None:
        return world_svg(members=members, points=points, arcs=arcs, title=title)
    on_sheet = _sheet(box, WIDTH)
    body = _countries(box, on_sheet, set(members), "member")
    ends = [(on_sheet(project(*a, width=GRID["50m"])), on_sheet(project(*b, width=GRID["50m"]))) for a, b in arcs]
    if ends:
        lines = "".join(arc(a, b) for a, b in ends)
        body.append(f'<path class="arc" fill="none" stroke="#00585f" stroke-width="1.6" d="{lines}"/>')
    body += [_dot(on_sheet(point), 6, 2) for point in placed]
    return _svg((0, 0, WIDTH, HEIGHT), body, title)


def _around(points: Sequence[Point], ratio: float) -> Box | None:
    """The view of the 50m grid that holds the points with a margin, 2,000 km or more across; None for most of the world."""
    if not points:
        return None
    x0, y0, x1, y1 = _box(list(points))
    wide = max((x1 - x0) * 1.3, (y1 - y0) * 1.4 * ratio, 1000.0)
    if wide > GRID["50m"] * 0.6:
        return None
    x, y, tall = (x0 + x1) / 2, (y0 + y1) / 2, wide / ratio
    return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


def locator_svg(country: str, lon: float, lat: float, *, width: int = 288, height: int = 216, title: str = "") -> str:
    """Draw one place in its country, with as much of the neighbours as the frame shows; only the place if there is no outline."""
    shapes = outlines("50m")
    place = project(lon, lat, width=GRID["50m"])
    box = _frame(shapes.get(country, []), place, width / height)
    on_sheet = _sheet(box, width)
    body = _countries(box, on_sheet, {country}, "own")
    body.append(_dot(on_sheet(place), 6, 2))
    return _svg((0, 0, width, height), body, title)


def _sheet(box: Box, width: float) -> Callable[[Point], Point]:
    """Return the mapping from the 50m grid to a sheet that is `width` wide and shows `box`."""
    scale = width / (box[2] - box[0])
    return lambda point: ((point[0] - box[0]) * scale, (point[1] - box[1]) * scale)


def _countries(box: Box, on_sheet: Callable[[Point], Point], lit: Collection[str], name: str) -> list[str]:
    """The outlines of what lies within `box`: those in `lit` last, under a class of that `name`."""
    body = []
    for code, rings in sorted(_boxed().items(), key=lambda each: each[0] in lit):
        near = [ring for ring, bounds in rings if _meet(bounds, box)]
        shown = [[on_sheet(point) for point in part] for ring in near if (part := clip(ring, box))]
        if shown:
            kind, fill = (name, "#8fbfc3") if code in lit else ("land", "#d8d5cc")
            data = "".join(_path(_thin(ring), 1) for ring in shown)
            body.append(f'<path class="{kind}" fill="{fill}" stroke="#fbf9f5" d="{data}"/>')
    return body


@cache
def _boxed() -> dict[str, list[tuple[Ring, Box]]]:
    """The 50m outlines, each ring with the box around it: most of the world is nowhere near a view."""
    return {code: [(ring, _box(ring)) for ring in rings] for code, rings in outlines("50m").items()}


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


@dataclass(frozen=True, slots=True)
class _Edge:
    axis: int
    value: float
    keeps_more: bool

    def holds(self, point: Point) -> bool:
        return point[self.axis] >= self.value if self.keeps_more else point[self.axis] <= self.value

    def cross(self, a: Point, b: Point) -> Point:
        part = (self.value - a[self.axis]) / (b[self.axis] - a[self.axis])
        other = a[1 - self.axis] + part * (b[1 - self.axis] - a[1 - self.axis])
        return (self.value, other) if self.axis == 0 else (other, self.value)


def clip(ring: Ring, box: Box) -> Ring:
    """Return the part of a ring within `box` (x0, y0, x1, y1), [] if there is none (Sutherland and Hodgman, 1974)."""
    edges = (_Edge(0, box[0], True), _Edge(1, box[1], True), _Edge(0, box[2], False), _Edge(1, box[3], False))
    for edge in edges:
        kept: Ring = []
        for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
            if edge.holds(here) != edge.holds(before):
                kept.append(edge.cross(before, here))
            if edge.holds(here):
                kept.append(here)
        ring = kept
    return ring


def _frame(rings: list[Ring], place: Point, ratio: float) -> Box:
    """The view: the part of the country around the place with a margin, 500 km or more across, in the image's proportions."""
    least = 250.0  # steps of the 50m grid; one is about 2 km
    boxes = sorted((_box(ring) for ring in rings), key=lambda box: _distance(box, place))
    x0, y0, x1, y1 = boxes[0] if boxes and _distance(boxes[0], place) < least else (*place, *place)
    x0, y0, x1, y1 = min(x0, place[0]), min(y0, place[1]), max(x1, place[0]), max(y1, place[1])
    wide = max((x1 - x0) * 1.16, least, (y1 - y0) * 1.16 * ratio)
    tall = wide / ratio
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


def _distance(box: Box, place: Point) -> float:
    """Return the distance from a place to a box; among boxes that contain it, the larger one is nearer."""
    dx = max(box[0] - place[0], 0, place[0] - box[2])
    dy = max(box[1] - place[1], 0, place[1] - box[3])
    return math.hypot(dx, dy) or -(box[2] - box[0]) * (box[3] - box[1])


def _box(ring: Ring) -> Box:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _unpack(steps: list[int]) -> Ring:
    x = y = 0
    ring: Ring = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append((x, y))
    return ring


def _thin(ring: Ring) -> Ring:
    """Without points that a reader could not tell apart, less than a pixel from the one before."""
    kept = ring[:1]
    for point in ring[1:]:
        if math.hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) >= 1:
            kept.append(point)
    return kept


def _path(ring: Ring, divisor: float) -> str:
    """Closed path data from an absolute start, in steps from point to point, which compress well."""
    said = []
    before = (0, 0)
    for x, y in ring:
        here = (round(x / divisor * _UNIT), round(y / divisor * _UNIT))
        said += [_short(here[0] - before[0]), _short(here[1] - before[1])]
        before = here
    return f"M{' '.join(said[:2])}l{' '.join(said[2:])}z".replace(" -", "-") if len(said) > 4 else ""


def _short(steps: int) -> str:
    whole = f"{steps / _UNIT:g}"
    return whole.replace("0.", ".", 1) if abs(steps) < _UNIT else whole


def _dot(at: Point, radius: float, stroke: float) -> str:
    return (
        f'<circle class="dot" fill="#00585f" stroke="#fbf9f5" stroke-width="{stroke:g}" '
        f'cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}"/>'
    )


def _svg(view: Box, body: list[str], title: str) -> str:
    box = " ".join(f"{part:g}" for part in view)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{view[2]:g}" height="{view[3]:g}" role="img">'
    )
    return f"{head}<title>{escape(title)}</title>{_STYLE}{''.join(body)}</svg>"
