"""Which category a place belongs to, from its tags, else from its name."""

from collections.abc import Iterable

from merchants.categories import shipped
from merchants.finding.folding import fold
from merchants.models import Category

# In this order: what a place is counts before what it also sells.
KEYS = (
    "amenity",
    "healthcare",
    "shop",
    "craft",
    "leisure",
    "tourism",
    "office",
    "beauty",
    "railway",
    "public_transport",
)


class Kinds:
    """The category table, read once for a whole import."""

    def __init__(self, categories: Iterable[Category], otherwise: Category | None = None) -> None:
        rows = list(categories)
        self.by_key = {row.pk: row for row in rows}
        self.of_tag = {tag: row for row in rows for tag in row.osm_tags}
        self.otherwise = otherwise
        self.of_word = _words({row.slug: row for row in rows})

    def of(self, tags: dict[str, str]) -> Category | None:
        """None when the tags say something that the portal doesn't list, such as a bench."""
        if bubble := self.of_tag.get(f"cuisine={tags.get('cuisine', '').split(';')[0].strip()}"):
            return bubble
        said = False
        for key in KEYS:
            for value in filter(None, (part.strip() for part in tags.get(key, "").split(";"))):
                said = True
                if row := self.of_tag.get(f"{key}={value}"):
                    return row
        return None if said else (self._by_name(tags) or self.otherwise)

    def _by_name(self, tags: dict[str, str]) -> Category | None:
        """The longest word of the name that gives a kind away: 卫生所, 药局, barber."""
        name = f" {fold(tags.get('name', ''))} "
        return next((row for word, row in self.of_word if word in name), None)


def _words(rows: dict[str, Category]) -> list[tuple[str, Category]]:
    pairs = [
        (f" {word} " if word.isascii() else fold(word), rows[leaf["slug"]])
        for branch in shipped()
        for leaf in branch["children"]
        for word in leaf["name_words"]
        if leaf["slug"] in rows
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0].strip()))
