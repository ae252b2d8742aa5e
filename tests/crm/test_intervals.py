"""How sure a difference is: held to published examples, to a second reckoning and to simulation."""

import random
from math import sqrt
from statistics import NormalDist

import pytest

from crm.results.intervals import Sums, means_apart, shares_apart, student, wilson


@pytest.mark.parametrize(
    ("groups", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_two_shares_lie_apart_as_newcombe_published(
    groups: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = shares_apart(*groups)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def score_end(successes: int, people: int, *, upper: bool) -> float:
    """Wilson's end by its definition: the share from which the seen one is just z deviations away."""
    z, seen = NormalDist().inv_cdf(0.975), successes / people
    low, high = (seen, 1.0) if upper else (0.0, seen)
    for _ in range(200):
        middle = (low + high) / 2
        inside = abs(seen - middle) <= z * sqrt(middle * (1 - middle) / people)
        if inside == upper:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@pytest.mark.parametrize(("successes", "people"), [(0, 30), (1, 30), (15, 30), (30, 30), (48, 80), (7, 1000)])
def test_one_share_lies_where_its_definition_says(successes: int, people: int) -> None:
    low, high = wilson(successes, people)
    assert low == pytest.approx(score_end(successes, people, upper=False), abs=1e-9)
    assert high == pytest.approx(score_end(successes, people, upper=True), abs=1e-9)


def test_the_two_groups_changed_over_turn_the_sign() -> None:
    dice = random.Random(5)
    for _ in range(300):
        of_a, of_b = dice.randint(1, 400), dice.randint(1, 400)
        a, b = dice.randint(0, of_a), dice.randint(0, of_b)
        one, other = shares_apart(a, of_a, b, of_b), shares_apart(b, of_b, a, of_a)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
        assert -1 - 1e-12 <= one.low <= one.middle <= one.high <= 1 + 1e-12


@pytest.mark.parametrize(
    ("freedom", "value"),
    # Abramowitz and Stegun (1964), table 26.10, two-sided 0.95
    [(10, 2.228), (15, 2.131), (20, 2.086), (29, 2.045), (30, 2.042), (60, 2.000), (120, 1.980)],
)
def test_students_t_is_the_tables(freedom: float, value: float) -> None:
    assert student(0.975, freedom) == pytest.approx(value, abs=6e-4)
    assert student(0.025, freedom) == pytest.approx(-student(0.975, freedom))


def test_welch_is_as_reckoned_by_hand() -> None:
    a, b = Sums.over([1, 2, 3, 4, 5] * 8), Sums.over([2, 2, 4, 4] * 8)
    found = means_apart(a, b)
    va, vb = (80 / 39) / 40, (32 / 31) / 32  # sums of squares about the mean, over n - 1, over n
    freedom = (va + vb) ** 2 / (va**2 / 39 + vb**2 / 31)
    assert a.variance_of_mean == pytest.approx(va)
    assert b.variance_of_mean == pytest.approx(vb)
    reach = student(0.975, freedom) * sqrt(va + vb)
    assert (found.low, found.middle, found.high) == pytest.approx((-reach, 0, reach))


def test_amounts_in_fen_lose_nothing_however_large() -> None:
    base = 10**12
    one, other = Sums.over([base, base + 1, base + 2] * 20), Sums.over([0, 1, 2] * 20)
    assert one.variance_of_mean == pytest.approx(other.variance_of_mean, rel=1e-12)


def test_groups_that_spent_alike_to_the_fen_lie_nothing_apart() -> None:
    found = means_apart(Sums.over([500] * 40), Sums.over([500] * 40))
    assert (found.low, found.high) == (0, 0)
    assert not found.says_more
    assert not found.says_less


@pytest.mark.parametrize(
    ("p", "q", "of_p", "of_q"), [(0.1, 0.1, 270, 30), (0.12, 0.05, 900, 100), (0.02, 0.02, 450, 50)]
)
def test_the_true_difference_of_shares_lies_within_in_95_of_100(
    p: float, q: float, of_p: int, of_q: int
) -> None:
    dice, hit, tries = random.Random(1998), 0, 1500
    for _ in range(tries):
        found = shares_apart(_drawn(dice, of_p, p), of_p, _drawn(dice, of_q, q), of_q)
        hit += found.low <= p - q <= found.high
    assert hit / tries >= 0.935  # 0.95 less two standard errors of 1,500 tries and a little


def _drawn(dice: random.Random, people: int, share: float) -> int:
    return sum(dice.random() < share for _ in range(people))


@pytest.mark.parametrize(("held", "least", "most"), [(100, 0.93, 0.97), (30, 0.88, 0.935)])
def test_of_takings_it_takes_a_hundred_people_to_hold_what_is_promised(
    held: int, least: float, most: float
) -> None:
    """Most pay nothing: with thirty the limits hold too seldom, so nothing is said of money then."""
    dice, hit, tries = random.Random(1947), 0, 1000

    def paid() -> int:
        return int(dice.lognormvariate(8.5, 0.5)) if dice.random() < 0.2 else 0

    for _ in range(tries):
        told, spared = ([paid() for _ in range(number)] for number in (9 * held, held))
        found = means_apart(Sums.over(told), Sums.over(spared))
        hit += found.low <= 0 <= found.high
    assert least <= hit / tries <= most
