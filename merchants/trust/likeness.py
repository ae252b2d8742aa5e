"""How alike two names are, in Chinese and English, and what speaks for two listings being one place."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from merchants.finding.folding import HAN, fold

ALIKE = 0.5  # from here on two names of neighbours are worth a look
WITHIN_M = 150
LEAST = 45  # of a score, where only the names speak for it
NAME, PLACE, PHONE = 50, 25, 25  # what each adds to a score out of 100
RUNS = re.compile(r"[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+")
NUMBERS = re.compile(r"[;,/、；，]")
SHORTEST_PHONE, TAIL = 7, 8  # digits: area and country codes are written in many ways, the end is not


@lru_cache(maxsize=20_000)
def grams(name: str) -> frozenset[str]:
    """Chinese: characters and pairs of them; other words: three letters each, their ends marked.

    Width, case, accents, punctuation and traditional characters make no difference.
    """
    found: set[str] = set()
    for run in RUNS.findall(fold(name)):
        if HAN.match(run):
            found.update(run, (run[at : at + 2] for at in range(len(run) - 1)))
        else:
            marked = f"  {run} "
            found.update(marked[at : at + 3] for at in range(len(marked) - 2))
    return frozenset(found)


def likeness(one: str, other: str) -> float:
    """0 to 1: twice the grams in common over all grams (Dice 1945)."""
    a, b = grams(one), grams(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def names_alike(ours: Iterable[str], theirs: Iterable[str]) -> float:
    """The best of all pairs of a listing's names."""
    others = list(theirs)
    return max((likeness(a, b) for a in ours for b in others), default=0.0)


def phones_in(text: str) -> set[str]:
    """The last eight digits of every number in a field that may hold several."""
    plain = unicodedata.normalize("NFKC", text)
    digits = ("".join(filter(str.isdigit, part)) for part in NUMBERS.split(plain))
    return {number[-TAIL:] for number in digits if len(number) >= SHORTEST_PHONE}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What two listings have in common. ``alike`` 0 to 1, ``metres`` on the spheroid."""

    alike: float
    metres: float
    same_phone: bool

    @property
    def is_worth_a_look(self) -> bool:
        """Next door half a name is enough; at the other end of the block it takes the whole one."""
        likely = self.alike >= ALIKE and self.score >= LEAST
        return self.metres <= WITHIN_M and (likely or self.same_phone)

    @property
    def score(self) -> int:
        """0 to 100."""
        near = max(0.0, 1 - self.metres / WITHIN_M)
        return round(NAME * self.alike + PLACE * near + PHONE * self.same_phone)

    @property
    def reasons(self) -> list[Any]:
        said = [_("%(metres)d m apart") % {"metres": round(self.metres)}]
        if self.alike:
            said.insert(0, _("names %(percent)d%% alike") % {"percent": round(100 * self.alike)})
        if self.same_phone:
            said.append(_("the same phone"))
        return said
