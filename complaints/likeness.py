"""How alike two reports are by their words, also where each is one short Chinese sentence.

Trigrams need long texts: 洗头水太烫 and 洗头的水太烫了 share hardly any. So each case keeps its pairs of
Chinese characters and its other words, folded as the search for places folds them, without the little words
that every sentence has. Two reports are as alike as the share of what both have of what either has (Jaccard).
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from merchants.finding.folding import HAN, fold

ALIKE = 0.3  # of the pairs and words; two sentences about other things rarely share a tenth
MOST = 400  # of one report; as many as a place keeps
LONGEST = 20  # characters of a word
#: What stands in every sentence and says nothing of what happened.
LITTLE = frozenset("的了是我你他她们在就都也很吗呢吧啊呀把被给还说要会跟和与这那个")
LITTLE_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "at", "be", "but", "for", "from", "had", "has", "have", "he", "i", "in"),
        *("is", "it", "me", "my", "not", "of", "on", "or", "she", "so", "that", "the", "they", "this", "to"),
        *("was", "we", "were", "with", "you"),
    )
)


def grams(text: str) -> list[str]:
    """Pairs of Chinese characters that stand beside each other once the little ones are gone, and words."""
    found: dict[str, None] = {}
    for token in fold(text).split():
        found |= dict.fromkeys(_of_token(token))
    return list(found)[:MOST]


def _of_token(token: str) -> Iterable[str]:
    if not HAN.search(token):
        return () if token in LITTLE_WORDS else (token[:LONGEST],)
    bare = "".join(letter for letter in token if letter not in LITTLE)
    return [bare[at : at + 2] for at in range(len(bare) - 1)] or [bare] * bool(bare)


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """From 0, nothing in common, to 1, the same words."""
    both = len(set(one) & set(other))
    return both / (len(set(one) | set(other)) or 1)


def alike_pairs(texts: Mapping[int, Collection[str]]) -> list[tuple[int, int]]:
    """Those of them that are alike."""
    words = [(key, frozenset(said)) for key, said in sorted(texts.items())]
    return [
        (one, other)
        for (one, mine), (other, theirs) in combinations(words, 2)
        if not mine.isdisjoint(theirs) and likeness(mine, theirs) >= ALIKE
    ]
