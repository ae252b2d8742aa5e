"""Which kinds of shop somebody means by a word: names, synonyms, sounds and initials, also mistyped.

The tree is small, so it is looked through as a whole. The further synonyms of ``data/category_words.json``
lead to a kind without standing on every shop's row.
"""

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from merchants.finding.folding import HAN, fold, sounds
from merchants.finding.vocabulary import one_slip_apart
from merchants.models import Category

FURTHER = Path(__file__).resolve().parents[2] / "data" / "category_words.json"
EXACT, BEGINNING, INSIDE, HEARD, FURTHER_WORD, MISTYPED = range(6)
SHORTEST_INSIDE = 2  # of a Chinese word; a Latin one is found by the beginning of a word
SHORTEST_MISTYPED = {True: 3, False: 4}  # Chinese, Latin


@cache
def _further() -> dict[str, list[str]]:
    words: dict[str, list[str]] = json.loads(FURTHER.read_text("utf-8"))
    return words


@lru_cache(maxsize=1024)
def _folded(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words folded, and their sounds with initials."""
    folded = tuple(dict.fromkeys(filter(None, map(fold, words))))
    return folded, tuple(sound for word in folded for sound in sounds(word))


def meant(text: str, categories: Iterable[Category], *, limit: int = 4) -> list[Category]:
    """The kinds that fit best, the best first; none for an empty text."""
    typed = fold(text)
    if not typed:
        return []
    ranked = [(rank, row.position, row) for row in categories if (rank := _rank(typed, row)) is not None]
    best = min((rank for rank, _position, _row in ranked), default=MISTYPED)
    # a guess stands only where nothing is certain
    kept = [entry for entry in ranked if entry[0] < MISTYPED or best == MISTYPED]
    return [row for _rank_, _position, row in sorted(kept, key=lambda entry: entry[:2])[:limit]]


def _rank(typed: str, row: Category) -> int | None:
    words, heard = _folded((row.name_zh, row.name_en, *row.synonyms))
    further, further_heard = _folded(tuple(_further().get(row.slug, ())))
    squeezed, chinese = typed.replace(" ", ""), bool(HAN.search(typed))
    if typed in words:
        return EXACT
    if any(word.startswith(typed) for word in words):
        return BEGINNING
    if any(_inside(typed, word, chinese) for word in words):
        return INSIDE
    own_sound = sounds(typed)[:1] if chinese else [squeezed]
    if any(sound.startswith(own) for own in own_sound for sound in heard if len(own) > 1):
        return HEARD
    if typed in further or own_sound[0] in further_heard:
        return FURTHER_WORD
    if len(typed) >= SHORTEST_MISTYPED[chinese]:
        known = (*words, *further) if chinese else (*words, *further, *heard)
        if any(len(word) >= SHORTEST_MISTYPED[chinese] and one_slip_apart(typed, word) for word in known):
            return MISTYPED
    return None


def _inside(typed: str, word: str, chinese: bool) -> bool:
    if chinese:
        return len(typed) >= SHORTEST_INSIDE and typed in word
    return len(typed) > 2 and f" {typed}" in word
