"""The number that a case goes by."""

from hypothesis import given
from hypothesis import strategies as st

from complaints.numbers import in_groups, new_number, normalise_number


@given(st.integers(min_value=0, max_value=10**8 - 1), st.integers(0, 9), st.integers(0, 9))
def test_a_wrong_digit_is_noticed(body, place, digit):
    from complaints.numbers import _check_digits

    number = f"{body:08d}" + _check_digits(f"{body:08d}")
    assert normalise_number(number) == number
    wrong = number[:place] + str(digit) + number[place + 1 :]
    if wrong != number:
        assert normalise_number(wrong) is None


@given(st.integers(min_value=0, max_value=10**8 - 1), st.integers(0, 8))
def test_swapped_neighbours_are_noticed(body, place):
    from complaints.numbers import _check_digits

    number = f"{body:08d}" + _check_digits(f"{body:08d}")
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert normalise_number(swapped) is None


def test_a_number_is_read_as_people_write_it():
    number = new_number()
    assert normalise_number(f" {in_groups(number)} ") == number
    assert normalise_number(in_groups(number).replace(" ", "-")) == number
    full_width = number.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    assert normalise_number(full_width) == number
    assert normalise_number("青禾") is None
    assert normalise_number("٣" * 10) is None
