"""Whether a rate fell: cases by purchases, or by days, before and after something was done.

Two Poisson counts are compared as Przyborowski and Wilenski (1940), Biometrika 31:313-323, do it: given
their sum, the later one is binomial, with the share of the later exposure if nothing changed. The limits
of that share are the exact ones of Clopper and Pearson (1934), Biometrika 26:404-413, and carry over to
the ratio of the rates. Exact also for small counts; on the careful side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, lgamma, log

CONFIDENCE = 0.95
FEWEST = 10  # cases in both spans together; with fewer, hardly any fall could show
HALVINGS = 60  # of the interval that holds a limit: more than a float can tell apart


@dataclass(frozen=True)
class Effect:
    """``ratio`` of the rates, after by before, and its limits; the rate fell when all of it is below one."""

    ratio: float
    low: float
    high: float

    @property
    def fell(self) -> bool:
        return self.high < 1


def at_most(successes: int, trials: int, share: float) -> float:
    """The probability of so many successes or fewer."""
    if successes >= trials or share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    ways = lgamma(trials + 1)
    terms = (
        exp(ways - lgamma(k + 1) - lgamma(trials - k + 1) + k * log(share) + (trials - k) * log(1 - share))
        for k in range(successes + 1)
    )
    return min(1.0, sum(terms))


def clopper_pearson(successes: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact limits of a share, each found by halving."""
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else _where(lambda p: 1 - at_most(successes - 1, trials, p) > tail)
    high = 1.0 if successes == trials else _where(lambda p: at_most(successes, trials, p) < tail)
    return low, high


def effect_of(before: int, of_before: int, after: int, of_after: int) -> Effect:
    """``of_before`` and ``of_after``: purchases or days, both more than none; at least one case."""
    low, high = clopper_pearson(after, before + after)
    scale = of_before / of_after
    return Effect(_odds(after / (before + after)) * scale, _odds(low) * scale, _odds(high) * scale)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _where(is_beyond: Callable[[float], bool]) -> float:
    """The share from which on it is true."""
    left, right = 0.0, 1.0
    for _turn in range(HALVINGS):
        middle = (left + right) / 2
        left, right = (left, middle) if is_beyond(middle) else (middle, right)
    return (left + right) / 2
