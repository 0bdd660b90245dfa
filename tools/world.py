"""Makes jirani/ui/data/*.json from Natural Earth's countries, as TopoJSON by the npm package `world-atlas`.

    npm pack world-atlas@2.0.2 i18n-iso-countries@7.14.0    # and unpack both
    .venv/bin/python -m tools.world world-atlas/package i18n-iso-countries/package/codes.json

Countries are keyed by ISO 3166-1 (and XK for Kosovo). Territory without its own code is drawn with the country that ISO counts it
to (Somaliland, Northern Cyprus); Antarctica is left out. Points are projected (jirani.ui.text.maps) and stored as whole
steps of the sheet, each after the first as its distance from the one before.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from jirani.ui.text.maps import DATA, GRID, Point, clip, project

UNCODED = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY"}
LEFT_OUT = {"AQ"}


def main() -> None:
    """Write one file for each scale, with the hash of what it was made from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("atlas", type=Path)
    parser.add_argument("codes", type=Path)
    options = parser.parse_args()
    codes = {row[2]: row[0] for row in json.loads(options.codes.read_text("utf-8"))}
    for scale in ("110m", "50m"):
        source = options.atlas / f"countries-{scale}.json"
        target = DATA / f"countries-{scale}.json"
        countries = outlines(json.loads(source.read_text("utf-8")), codes, GRID[scale])
        lines = [
            f"{json.dumps(code)}:{json.dumps(countries[code], separators=(',', ':'))}" for code in sorted(countries)
        ]
        target.write_text("{" + ",\n".join(lines) + "}\n", "utf-8")
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        print(f"{target.name}: {len(countries)} countries, {target.stat().st_size} bytes, from {digest}")


def outlines(topology: dict[str, Any], codes: dict[str, str], grid: int) -> dict[str, list[list[int]]]:
    """The rings of each country, in steps of a sheet `grid` steps wide."""
    points = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    arcs: dict[str, list[list[int]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id", "")) or UNCODED.get(shape["properties"]["name"])
        if code and code not in LEFT_OUT:
            polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            arcs.setdefault(code, []).extend(ring for polygon in polygons for ring in polygon)
    drawn: dict[str, list[list[int]]] = {}
    for code, own in arcs.items():
        rings = [_steps(part, grid) for ring in _merged(own) for part in _cut(_ring(ring, points))]
        drawn[code] = [ring for ring in rings if len(ring) >= 6]
    return drawn


def _arc(steps: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    x = y = 0
    found = []
    for dx, dy in steps:
        x, y = x + dx, y + dy
        found.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return found


def _merged(rings: list[list[int]]) -> list[list[int]]:
    """Return rings without the borders between parts of one country: an arc walked in both directions is inside it."""
    walked = {arc for ring in rings for arc in ring}
    inner = {arc for arc in walked if ~arc in walked}
    if not inner:
        return rings
    whole = [ring for ring in rings if not inner.intersection(ring)]
    open_runs = [run for ring in rings if inner.intersection(ring) for run in _runs(ring, inner)]
    return [*whole, [arc for run in open_runs for arc in run]]


def _runs(ring: list[int], inner: set[int]) -> list[list[int]]:
    """The outer part of a ring, begun after its inner arcs."""
    last = max(place for place, arc in enumerate(ring) if arc in inner)
    turned = ring[last + 1 :] + ring[: last + 1]
    return [[arc for arc in turned if arc not in inner]]


def _ring(arcs: list[int], points: list[list[Point]]) -> list[Point]:
    """Return a ring in degrees, with longitudes running past 180 if it crosses the date line."""
    line: list[Point] = []
    for arc in arcs:
        part = points[arc] if arc >= 0 else points[~arc][::-1]
        line += part[1:] if line else part
    turn = 0.0
    ring: list[Point] = []
    for before, here in zip([line[0], *line], line[:-1], strict=False):
        turn += 360.0 * ((before[0] - here[0] > 180) - (here[0] - before[0] > 180))
        ring.append((here[0] + turn, here[1]))
    return ring


def _cut(ring: list[Point]) -> list[list[Point]]:
    """A ring as one or two that stop at the date line."""
    if all(-180 <= lon <= 180 for lon, _ in ring):
        return [ring]
    parts = [(turn, clip(ring, (turn - 180.0, -90.0, turn + 180.0, 90.0))) for turn in (-360.0, 0.0, 360.0)]
    return [[(lon - turn, lat) for lon, lat in part] for turn, part in parts if part]


def _steps(ring: list[Point], grid: int) -> list[int]:
    steps: list[int] = []
    before = (0, 0)
    for lon, lat in ring:
        x, y = project(lon, lat, width=grid)
        here = (round(x), round(y))
        if not steps or here != before:
            steps += [here[0] - before[0], here[1] - before[1]]
            before = here
    return steps


if __name__ == "__main__":
    main()
