"""Distances in the words of both languages."""

import pytest
from django.utils import translation

from portal.kernel.distances import distance, walk


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [
        (0, "5 米", "5 m"),
        (82, "80 米", "80 m"),
        (347, "350 米", "350 m"),
        (994, "990 米", "990 m"),
        (995, "1 公里", "1 km"),
        (1240, "1.2 公里", "1.2 km"),
        (9940, "9.9 公里", "9.9 km"),
        (12_300, "12 公里", "12 km"),
        (None, "", ""),
        ("", "", ""),
    ],
)
def test_a_distance_is_said_in_round_numbers(metres, zh, en):
    with translation.override("zh-hans"):
        assert distance(metres) == zh
    with translation.override("en"):
        assert distance(metres) == en


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, "1 min walk"), (75, "1 min walk"), (76, "2 min walk"), (2250, "30 min walk"), (2251, "")],
)
def test_a_walk_is_rounded_up_and_ends_at_half_an_hour(metres, said):
    with translation.override("en"):
        assert walk(metres) == said
