"""The contrast guard: WCAG's own arithmetic, and what it asks of colours and pictures."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from loyalty.look.contrast import (
    INKS,
    LEAST,
    contrast,
    contrast_on,
    contrast_under,
    hexed,
    ink_on,
    is_readable,
    parse,
    readable_near,
    scrim_for,
)
from loyalty.look.designing import FACE_GROUNDS

channel = st.integers(0, 255)
colours = st.tuples(channel, channel, channel)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),  # and its neighbour that just passes
        ("#0b5a49", "#ffffff", 8.2),
        ("#e9cf8b", "#17201c", 10.9),
    ],
)
def test_contrast_is_what_the_standard_says(one, other, ratio):
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.06)


def test_a_colour_is_six_digits():
    assert hexed(parse("#0b5a49")) == "#0b5a49"
    for text in ("#abc", "", "#0b5a4", "#gggggg"):
        with pytest.raises(ValueError, match=r"^.*$"):
            parse(text)


def test_each_ground_takes_the_ink_that_reads_better():
    assert (ink_on("#0b5a49"), ink_on("#f4efe6")) == ("light", "dark")


def test_a_middle_tone_carries_neither_ink_and_a_darker_one_does():
    assert not is_readable("#7b7b7b")
    assert contrast_on("#7b7b7b") < LEAST
    assert readable_near("#7b7b7b") == "#767676"
    assert readable_near("#0b5a49") == "#0b5a49"


@given(colours)
def test_whatever_colour_comes_a_readable_one_is_offered(colour):
    near = readable_near(hexed(colour))
    assert is_readable(near)
    assert all(mine <= theirs for mine, theirs in zip(parse(near), colour, strict=True))


def test_a_white_picture_needs_the_scrim_that_the_design_names():
    assert scrim_for(Image.new("RGB", (1020, 643), "white")) == 55
    assert contrast_under(Image.new("RGB", (1020, 643), "white"), 55) == pytest.approx(4.74, abs=0.1)
    assert contrast_under(Image.new("RGB", (1020, 643), "white"), 50) < LEAST


def test_a_dark_picture_keeps_the_least_scrim():
    assert scrim_for(Image.new("RGB", (1020, 643), "#102030")) == 20


def test_one_bright_corner_decides_and_a_single_pixel_does_not():
    picture = Image.new("RGB", (1020, 643), "#102030")
    picture.putpixel((500, 300), (255, 255, 255))
    assert scrim_for(picture) == 20
    picture.paste("white", (0, 0, 120, 80))
    assert scrim_for(picture) == 55


@given(colours)
def test_white_text_is_read_on_every_picture_after_the_guard(colour):
    picture = Image.new("RGB", (64, 40), colour)
    assert contrast_under(picture, scrim_for(picture)) >= LEAST


def test_the_faces_are_judged_by_the_colours_that_they_have():
    css = (Path(settings.ROOT) / "static/css/tokens.css").read_text("utf-8")
    faces = re.findall(r"\[data-face=(\w+)\] \{ --face: (#\w+); --face-2: (#\w+); --on-face: (#\w+);", css)
    assert len(faces) == len(FACE_GROUNDS) == 12
    for face, first, second, text in faces:
        ink = INKS["light"] if text == "#fff" else INKS["dark"]
        hardest = min((first, second), key=lambda ground: contrast(parse(ink), parse(ground)))
        assert FACE_GROUNDS[face] == hardest
