"""One place as a file tells it, before anybody has judged it."""

from dataclasses import dataclass, field

from portal.kernel.refused import Refused


class UnreadableFile(Refused):
    """The file as a whole can't be used; nothing of it is saved."""


@dataclass(frozen=True, slots=True)
class RawPlace:
    """``line`` and ``row`` say where it stands; coordinates are still text or numbers of any kind."""

    line: int
    row: int
    source_id: str
    lon: object
    lat: object
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.tags.get("name", "")
