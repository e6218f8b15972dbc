"""A point on the map: read from what people paste, and looked for in Cambodia alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.map_points import is_apart, is_in_cambodia, read_point, write_point
from domain.notice_content import PlaceOfMap

HALL = PlaceOfMap(13.0957, 103.2022)


@pytest.mark.parametrize(
    "pasted",
    [
        "13.0957, 103.2022",
        "13.0957,103.2022",
        " 13.0957   103.2022 ",
        "13.0957; 103.2022",
        "(13.0957, 103.2022)",
        "១៣.០៩៥៧, ១០៣.២០២២",
        "geo:13.0957,103.2022?z=17",
        "https://www.google.com/maps?q=13.0957,103.2022",
        "https://www.google.com/maps?q=loc:13.0957,+103.2022",
        "https://www.google.com/maps/search/?api=1&query=13.0957%2C103.2022",
        "https://www.google.com/maps/search/13.0957,+103.2022?entry=tts",
        "https://www.google.com/maps/place/13.0957,103.2022/@1.5,1.5,17z",
        "https://www.google.com/maps/@13.0957,103.2022,17z",
        "https://maps.apple.com/?ll=13.0957,103.2022&q=Hall",
        "https://www.openstreetmap.org/#map=17/13.0957/103.2022",
        "https://www.openstreetmap.org/?mlat=13.0957&mlon=103.2022#map=17/1.5/1.5",
        "https://www.google.com/maps/place/Hall/@13.1,103.3,17z/data=!4m6!3d13.0957!4d103.2022!16s",
    ],
)
def test_a_point_is_read_as_it_is_pasted(pasted: str) -> None:
    assert read_point(pasted) == HALL


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "Provincial hall",
        "13.0957",
        "13,0957, 103,2022",
        "13.0957, 103.2022, 5",
        "1e3, 4",
        "nan, nan",
        "https://maps.app.goo.gl/AbC1234567",
        "https://www.google.com/maps/place/Hall",
        "javascript:13.0957,103.2022",
        "ftp://x/@13.0957,103.2022",
    ],
)
def test_what_names_no_point_is_not_guessed(pasted: str) -> None:
    assert read_point(pasted) is None


@given(st.text(max_size=80))
def test_anything_may_be_pasted(pasted: str) -> None:
    for text in (pasted, f"https://{pasted}", f"https://x/@{pasted}"):
        point = read_point(text)
        assert point is None or abs(point.latitude) < 1_000


def test_a_point_is_written_no_longer_than_it_was_pasted() -> None:
    assert write_point(HALL) == "13.0957, 103.2022"
    assert write_point(PlaceOfMap(11.0, 105.0)) == "11, 105"


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_is_written_is_read_again(latitude: float, longitude: float) -> None:
    point = PlaceOfMap(round(latitude, 6), round(longitude, 6))
    assert read_point(write_point(point)) == point


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (11.5564, 104.9282, True),
        (9.97, 102.95, True),
        (14.69, 107.5, True),
        (13.75, 100.5, False),
        (10.82, 106.63, True),
        (104.9282, 11.5564, False),
        (-11.5564, 104.9282, False),
        (17.97, 102.6, False),
    ],
)
def test_only_what_lies_within_the_bounds_of_cambodia_is_there(
    latitude: float, longitude: float, expected: bool
) -> None:
    assert is_in_cambodia(PlaceOfMap(latitude, longitude)) is expected


def test_a_few_steps_on_the_map_are_the_same_place() -> None:
    assert not is_apart(HALL, PlaceOfMap(13.0961, 103.2018))
    assert is_apart(HALL, PlaceOfMap(13.0979, 103.2022))
    assert is_apart(HALL, PlaceOfMap(13.0957, 103.2042))
    assert not is_apart(HALL, None)
    assert not is_apart(None, HALL)
