"""Make `jirani/members/data/subdivisions.json`: the box in which each subdivision lies whose outline we have.

    .venv/bin/python -m tools.states path/to/us-atlas/states-10m.json

Today these are the states of the United States, out of the npm package `us-atlas` 3.0.1 (ISC), which has them from the U.S. Census
Bureau (public domain). Numbers of states are FIPS 5-2.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "jirani" / "members" / "data" / "subdivisions.json"

FIPS = (
    "01AL 02AK 04AZ 05AR 06CA 08CO 09CT 10DE 11DC 12FL 13GA 15HI 16ID 17IL 18IN 19IA 20KS 21KY 22LA 23ME 24MD 25MA 26MI 27MN "
    "28MS 29MO 30MT 31NE 32NV 33NH 34NJ 35NM 36NY 37NC 38ND 39OH 40OK 41OR 42PA 44RI 45SC 46SD 47TN 48TX 49UT 50VT 51VA 53WA "
    "54WV 55WI 56WY 72PR"
)


def numbers(arcs: Any) -> Iterator[int]:
    """The arcs of a geometry, however deeply they are nested."""
    for arc in arcs:
        if isinstance(arc, list):
            yield from numbers(arc)
        else:
            yield arc if arc >= 0 else ~arc


def box(topology: dict[str, Any], geometry: dict[str, Any]) -> list[float]:
    """West, south, east, north in degrees, to two places."""
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    points = []
    for number in numbers(geometry["arcs"]):
        x = y = 0
        for dx, dy in topology["arcs"][number]:
            x, y = x + dx, y + dy
            points.append((x * kx + tx, y * ky + ty))
    longitudes, latitudes = zip(*points, strict=True)
    return [round(value, 2) for value in (min(longitudes), min(latitudes), max(longitudes), max(latitudes))]


def main() -> None:
    """Read the topology, write the boxes."""
    topology = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    letters = {pair[:2]: pair[2:] for pair in FIPS.split()}
    states = topology["objects"]["states"]["geometries"]
    boxes = {f"US-{letters[state['id']]}": box(topology, state) for state in states if state["id"] in letters}
    lines = ",\n".join(f"{json.dumps(code)}: {json.dumps(boxes[code])}" for code in sorted(boxes))
    TARGET.write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__":
    main()
