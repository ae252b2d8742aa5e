import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.forms import CleanTextMixin, PhoneField, clean_text
from portal.kernel.money import MoneyField, format_money, parse_money, split


@given(st.integers(0, 10**11))
def test_what_is_shown_reads_back_to_the_same_amount(minor: int):
    assert parse_money(format_money(minor)) == parse_money(format_money(minor, exact=True)) == minor


@pytest.mark.parametrize(
    ("typed", "minor"), [("38", 3800), ("38.5", 3850), ("３８.5", 3850), ("¥1,200", 120000), (" ￥3 ", 300)]
)
def test_amounts_are_read_as_people_write_them(typed: str, minor: int):
    assert parse_money(typed) == minor


@pytest.mark.parametrize(
    "typed", ["", "-1", "1e9", "٣", "0.001", "1.2.3", "NaN", "inf", "9" * 30, "¥", "1 2"]
)
def test_what_is_no_amount_is_refused_and_never_rounded(typed: str):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_money(typed)


def test_minus_and_plus_are_told_apart():
    assert (format_money(-3850), format_money(100, signed=True), format_money(0, signed=True)) == (
        "−¥38.50",
        "+¥1",
        "¥0",
    )


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_parts_sum_to_the_whole_and_are_fair_to_one_unit(total: int, weights: list[int]):
    parts, whole = split(total, weights), sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / whole) < 1 + 1e-6
        assert weight or not part


def test_nothing_to_share_by_is_a_mistake():
    with pytest.raises(ValueError, match="weights"):
        split(1, [0, 0])


class Bill(CleanTextMixin):
    bill = MoneyField(least=1, most=10000)
    phone = PhoneField(required=False)
    note = forms.CharField(required=False)


def test_a_form_cleans_to_fen_e164_and_plain_text():
    form = Bill({"bill": "３８.5", "phone": "138 0013 8000", "note": "a\x00b\u202ec\nd"})
    assert form.is_valid()
    assert form.cleaned_data == {"bill": 3850, "phone": "+8613800138000", "note": "abc\nd"}


@pytest.mark.parametrize("bill", ["0", "101", "x"])
def test_an_amount_out_of_range_is_refused(bill: str):
    assert not Bill({"bill": bill}).is_valid()


@given(st.text())
def test_cleaning_text_twice_changes_nothing_more(text: str):
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\x00" not in once
