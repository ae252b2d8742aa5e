"""How sure a difference between two groups is. Closed forms, each with its source; no library is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """``middle``: the difference seen; the true one lies within ``low`` and ``high``, as surely as asked."""

    low: float
    middle: float
    high: float

    @property
    def says_more(self) -> bool:
        return self.low > 0

    @property
    def says_less(self) -> bool:
        return self.high < 0


def wilson(successes: int, people: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """For one share: the score interval of Wilson (1927), JASA 22:209-212, without correction."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = 2 * successes + z * z
    spread = z * sqrt(z * z + 4 * successes * (people - successes) / people)
    return (middle - spread) / (2 * (people + z * z)), (middle + spread) / (2 * (people + z * z))


def shares_apart(a: int, of_a: int, b: int, of_b: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Share ``a/of_a`` less share ``b/of_b``.

    Method 10 of Newcombe (1998), Statistics in Medicine 17:873-890: it puts the two score intervals
    together, stays within -1 and 1 and holds for small groups and for shares of nought.
    """
    p, q = a / of_a, b / of_b
    low_p, high_p = wilson(a, of_a, confidence=confidence)
    low_q, high_q = wilson(b, of_b, confidence=confidence)
    below = sqrt((p - low_p) ** 2 + (high_q - q) ** 2)
    above = sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    return Interval(p - q - below, p - q, p - q + above)


@dataclass(frozen=True)
class Sums:
    """Of one group: how many, their amounts added, their squares added."""

    people: int
    total: int
    squares: int

    @classmethod
    def over(cls, amounts: Sequence[int]) -> "Sums":
        return cls(len(amounts), sum(amounts), sum(amount * amount for amount in amounts))

    @property
    def mean(self) -> float:
        return self.total / self.people

    @property
    def variance_of_mean(self) -> float:
        """Whole numbers until the end: large sums lose nothing."""
        n = self.people
        return (n * self.squares - self.total * self.total) / (n * n * (n - 1))


def means_apart(a: Sums, b: Sums, *, confidence: float = CONFIDENCE) -> Interval:
    """Mean of ``a`` less mean of ``b``; the groups may differ in size and spread.

    Welch (1947), Biometrika 34:28-35, with the degrees of freedom of Satterthwaite (1946).
    """
    va, vb = a.variance_of_mean, b.variance_of_mean
    apart, error = a.mean - b.mean, va + vb
    if error == 0:
        return Interval(apart, apart, apart)
    freedom = error * error / (va * va / (a.people - 1) + vb * vb / (b.people - 1))
    reach = student((1 + confidence) / 2, freedom) * sqrt(error)
    return Interval(apart - reach, apart, apart + reach)


def student(probability: float, freedom: float) -> float:
    """The quantile of Student's t by the expansion of Abramowitz and Stegun (1964), 26.7.5.

    From ten degrees of freedom on it is right to four digits.
    """
    x = NormalDist().inv_cdf(probability)
    if freedom == inf:
        return x
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / freedom**power for power, term in enumerate(terms, start=1))
