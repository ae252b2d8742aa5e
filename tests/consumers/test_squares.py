"""The squares of areas: about 500 metres, read as they are printed, and fading."""

from datetime import date, timedelta

import pytest

from consumers.cells import Cell, cell_of, metres_between, read_cell
from consumers.fading import HALF_LIFE, Evidence, summed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lat", [0.0, 31.2304, -33.87, 60.17, 69.65])
def test_a_square_is_about_five_hundred_metres_wherever_it_lies(lat):
    cell = cell_of(lat, 121.4737)
    middle = cell.centre
    assert 495 < metres_between((lat, 0.0), (lat + 0.0045, 0.0)) < 505
    assert 490 < metres_between(middle, (middle[0], middle[1] + cell.width)) < 510
    assert cell_of(*middle) == cell


def test_squares_are_read_as_they_are_printed_and_nothing_else():
    cell = cell_of(31.2304, 121.4737)
    assert read_cell(str(cell)) == cell
    for text in ("", "1", "1:2:3", "a:b", "1e9:2", "١:٢", "9" * 30 + ":1", "1:2; DROP"):
        assert read_cell(text) is None


def test_what_was_a_half_life_ago_counts_half_and_what_has_faded_is_gone():
    today, here = date(2026, 11, 22), Cell(1, 1)
    fresh = Evidence(here, "purchase", today)
    assert Evidence(here, "purchase", today - HALF_LIFE).weight(today) == fresh.weight(today) / 2
    assert summed([Evidence(here, "purchase", today - timedelta(days=61))], today) == {}
    many = [Evidence(Cell(n, n), "purchase", today) for n in range(50)]
    assert len(summed(many, today)) == 20
