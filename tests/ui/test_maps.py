"""One projection, real outlines, and a crop that never leaves its frame."""

import xml.etree.ElementTree as ET

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirani.ui.text import maps

coordinate = st.floats(-1000, 1000, allow_nan=False, width=32)


def test_equal_earth_puts_known_points_where_its_authors_do() -> None:
    # Half the width is π / (√3/2 · 1.340264), the pole at 1.3173627591574 (Šavrič and others, 2019).
    x, y = maps.project(180, 0)
    assert (round(x, 3), round(y, 3)) == (1000.0, 243.36)

    _, pole = maps.project(0, 90)
    assert abs((y - pole) / 1000 * 5.4133 - 1.31736) < 1e-3


@given(st.floats(-180, 180), st.floats(-89, 89))
def test_every_place_lies_on_the_sheet(lon: float, lat: float) -> None:
    x, y = maps.project(lon, lat)

    assert -1e-6 <= x <= 1000 + 1e-6
    assert -1 <= y <= 488


def test_the_network_s_small_countries_are_drawn() -> None:
    assert {"XK", "ME", "MK", "PS", "KE", "LB"} <= maps.outlines("110m").keys()
    assert {"XK", "MT", "MU", "BH", "SC"} <= maps.outlines("50m").keys()
    assert "AQ" not in maps.outlines("110m")


def test_no_country_crosses_the_sheet_at_the_date_line() -> None:
    for code, rings in maps.outlines("110m").items():
        for ring in rings:
            xs = [x for x, _ in ring]
            assert max(xs) - min(xs) < 1000, code


def test_a_place_lies_in_its_country() -> None:
    place = maps.project(37.9, 0.5, width=maps.GRID["50m"])
    xs = [x for ring in maps.outlines("50m")["KE"] for x, _ in ring]
    ys = [y for ring in maps.outlines("50m")["KE"] for _, y in ring]

    assert min(xs) < place[0] < max(xs)
    assert min(ys) < place[1] < max(ys)


@given(
    st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=12),
    st.tuples(coordinate, coordinate, st.floats(1, 500), st.floats(1, 500)),
)
def test_what_is_clipped_stays_within_the_box(ring: maps.Ring, frame: tuple[float, float, float, float]) -> None:
    box = (frame[0], frame[1], frame[0] + frame[2], frame[1] + frame[3])

    for x, y in maps.clip(ring, box):
        assert box[0] - 1e-6 <= x <= box[2] + 1e-6
        assert box[1] - 1e-6 <= y <= box[3] + 1e-6


def test_what_lies_within_the_box_is_left_as_it_is() -> None:
    ring: maps.Ring = [(1.0, 1.0), (4.0, 1.0), (4.0, 3.0)]

    assert maps.clip(ring, (0, 0, 5, 5)) == ring
    assert maps.clip(ring, (10, 10, 12, 12)) == []
    assert sorted(maps.clip([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)], (5, 5, 20, 20))) == [
        (5, 5), (5, 10), (10, 5), (10, 10),
    ]  # fmt: skip


def test_the_world_is_light_and_says_what_it_shows() -> None:
    drawn = maps.world_svg(
        members=("KE", "XK"), points=[(39.67, -4.05)], arcs=[((39.67, -4.05), (21.17, 42.66))], title="Members & more"
    )
    root = ET.fromstring(drawn)
    name = "{http://www.w3.org/2000/svg}"

    assert root.findtext(f"{name}title") == "Members & more"
    assert [path.get("class") for path in root.iter(f"{name}path")] == ["land", "member", "arc"]
    assert len(list(root.iter(f"{name}circle"))) == 1
    assert len(brotli.compress(drawn.encode())) <= 25_000


@pytest.mark.parametrize(
    ("code", "lon", "lat"), [("KE", 39.45, -4.17), ("XK", 21.17, 42.66), ("RU", 37.6, 55.7), ("??", 0, 0)]
)
def test_a_locator_shows_the_place_and_its_country_if_there_is_one(code: str, lon: float, lat: float) -> None:
    root = ET.fromstring(maps.locator_svg(code, lon, lat))
    name = "{http://www.w3.org/2000/svg}"
    (dot,) = root.iter(f"{name}circle")
    own = [path for path in root.iter(f"{name}path") if path.get("class") == "own"]

    assert 0 < float(str(dot.get("cx"))) < 288
    assert 0 < float(str(dot.get("cy"))) < 216
    assert len(own) == (0 if code == "??" else 1)
