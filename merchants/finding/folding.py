"""What a shop is found by: its names, kind and services, folded so that different ways of typing meet.

A word of two Chinese characters is the usual query and too short for trigrams, so every row keeps its
bigrams (and single characters) in an array of its own; longer words go by trigram on ``search_text``.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

SIMPLIFIED = Path(__file__).resolve().parents[2] / "data" / "simplified.txt"
HAN = re.compile(r"[\u3400-\u9fff]")
SILENT = re.compile(r"['’`´·・•]")  # inside a word: McDonald's, 青禾·理发
BETWEEN = re.compile(r"[^\w]+|_+")
MOST_WORDS, LONGEST_WORD = 6, 40
MOST_BIGRAMS = 400


class Findable(NamedTuple):
    """The two columns that search reads."""

    search_text: str
    bigrams: list[str]


class Word(NamedTuple):
    """One word of a query: the bigrams that a row must hold, and the text it must contain ("" = enough)."""

    grams: list[str]
    contained: str


@cache
def _simplified() -> dict[int, str]:
    pairs = SIMPLIFIED.read_text("utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs}


def fold(text: str) -> str:
    """Width, case, accents, traditional characters and punctuation make no difference any more."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    simple = unicodedata.normalize("NFC", bare).translate(_simplified())
    return BETWEEN.sub(" ", SILENT.sub("", simple)).strip()


def sounds(folded: str) -> list[str]:
    """Pinyin and its initials of a name with Chinese characters: ``青禾理发`` → ``qinghelifa``, ``qhlf``."""
    if not HAN.search(folded):
        return []
    squeezed = folded.replace(" ", "")
    initials = lazy_pinyin(squeezed, style=Style.FIRST_LETTER, errors=lambda other: other)
    return ["".join(lazy_pinyin(squeezed)), "".join(initials)]


def _grams(text: str) -> Iterable[str]:
    for token in text.split():
        yield token[0]
        yield from (letter for letter in token if HAN.match(letter))
        yield from (token[at : at + 2] for at in range(len(token) - 1))


def findable(names: Iterable[str], words: Iterable[str] = (), services: Iterable[str] = ()) -> Findable:
    """From a shop's ``names`` and ``services``, also found by their sound, and its kind's other ``words``."""
    called = [fold(name) for name in names if name]
    squeezed = [name.replace(" ", "") for name in called if HAN.search(name)]
    offered = [fold(name) for name in services if name]
    # a name of several parts is found by the sound of each: 青禾 of 青禾 人民路店
    spoken = list(filter(None, map(sounds, dict.fromkeys(chain(called, _parts(called), offered)))))
    initials = [both[1] for both in spoken]
    parts = dict.fromkeys(chain(called, squeezed, (fold(word) for word in words), initials, offered))
    grams = dict.fromkeys(chain.from_iterable(_grams(part) for part in parts))
    text = " ".join(dict.fromkeys(chain(parts, (both[0] for both in spoken))))
    return Findable(text.strip(), list(grams)[:MOST_BIGRAMS])


def _parts(names: Iterable[str]) -> Iterable[str]:
    return chain.from_iterable(name.split() for name in names if " " in name)


def words_of(query: str) -> list[Word]:
    """What a row has to meet, word by word. At most six words of forty characters count."""
    return [_word(text[:LONGEST_WORD]) for text in fold(query[:400]).split()[:MOST_WORDS]]


def _word(text: str) -> Word:
    if len(text) <= 2:
        return Word([text], "")
    if HAN.search(text):
        return Word([text[at : at + 2] for at in range(len(text) - 1)], text)
    return Word([], text)


def says(text: str, typed: str) -> bool:
    """Whether every word of the folded ``typed`` is in the text, or its sound or initials begin with it."""
    folded = fold(text)
    heard = sounds(folded)
    return all(word in folded or any(sound.startswith(word) for sound in heard) for word in typed.split())
