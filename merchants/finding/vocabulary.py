"""The words that shops are found by, and the known word that a mistyped one was meant to be.

Two words are one slip apart (a letter wrong, missing, too many, or two changed places) when they agree after
leaving at most one letter out of each: so an index over those shortened forms finds all candidates at once,
however many words there are (W. Garbe's "symmetric delete", 2012). What only looks near is then measured.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from merchants.finding.folding import HAN, LONGEST_WORD, MOST_WORDS, fold, sounds

CANDIDATES = 200
SHORTEST_TYPED = 4  # letters; of Chinese characters three
# Worth correcting to: neither letters and pairs nor what nobody types whole.
WORDS_OF = """
    SELECT word, count(*) AS shops FROM {table} AS shop,
        LATERAL unnest(string_to_array(shop.search_text, ' ')) AS word
    WHERE {which} AND length(word) BETWEEN 3 AND 24
    GROUP BY word
"""
# in the order of the words, so that two at once never wait for each other crosswise
LEARN = "INSERT INTO merchants_word (text, shops) SELECT word, 1 FROM ({words}) AS found ORDER BY word ON CONFLICT DO NOTHING"  # noqa: E501
RECOUNT = """
    WITH counted AS ({words}),
    gone AS (DELETE FROM merchants_word WHERE NOT EXISTS (SELECT FROM counted WHERE word = text))
    INSERT INTO merchants_word AS known (text, shops) SELECT word, shops FROM counted ORDER BY word
    ON CONFLICT (text) DO UPDATE SET shops = excluded.shops WHERE known.shops <> excluded.shops
"""
MEANT = """
    SELECT typed, text, false AS by_sound FROM unnest(%(typed)s::text[]) AS typed, LATERAL (
        SELECT text, shops FROM merchants_word WHERE misspellings(text) && misspellings(typed)
        ORDER BY shops DESC, text LIMIT %(most)s
    ) AS known
    UNION ALL
    SELECT typed, text, true
    FROM unnest(%(heard)s::text[], %(sounds)s::text[]) AS heard (typed, sound), LATERAL (
        SELECT text FROM merchants_word WHERE text >= sound AND text < sound || '{' ORDER BY text LIMIT 1
    ) AS known
"""


class Meant(NamedTuple):
    """The query as it was probably meant; ``heard`` when only its sound is known."""

    text: str
    heard: bool


def learn(shops: Iterable[int]) -> None:
    """Add the words of these shops, by primary key. The counts follow at night."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(words=_words_of("id = ANY(%s)")), [list(shops)])


def learn_staged() -> None:
    """Add the words of the places that an import has staged."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(words=_words_of("true", table="pg_temp.incoming")))


def _words_of(which: str, table: str = "merchants_shop") -> str:
    return WORDS_OF.format(which=which, table=table)


def recount() -> int:
    """How many listed shops have each word; words that none has any more are dropped."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT.format(words=_words_of("is_listed")))
        return cursor.rowcount


def meant_by(query: str) -> Meant | None:
    """The same words put right, or None when there is nothing better. One query."""
    typed = [word[:LONGEST_WORD] for word in fold(query[:400]).split()[:MOST_WORDS]]
    if all(len(word) < SHORTEST_TYPED and not HAN.search(word) for word in typed):
        return None
    spoken = {word: sounds(word)[0] for word in typed if HAN.search(word)}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"typed": typed, "most": CANDIDATES}
        cursor.execute(MEANT, values | {"heard": list(spoken), "sounds": list(spoken.values())})
        rows = cursor.fetchall()
    better: dict[str, tuple[str, bool]] = {}
    for word, known, heard in rows:  # the word most shops have comes first, sounds come last
        if word == known:
            better[word] = (word, False)
        elif word not in better and (heard or _meant(word, known)):
            better[word] = (spoken[word] if heard else known, heard)
    text = " ".join(better.get(word, (word, False))[0] for word in typed)
    return Meant(text, any(heard for _word, heard in better.values())) if text != " ".join(typed) else None


def _meant(typed: str, known: str) -> bool:
    shortest = 3 if HAN.search(typed) else SHORTEST_TYPED
    return len(typed) >= shortest and one_slip_apart(typed, known)


def one_slip_apart(one: str, other: str) -> bool:
    """At most one letter wrong, missing or too many, or two neighbours changed over."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
