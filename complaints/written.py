"""What was written in a case and by whom: six tables read by one question."""

from typing import Any

from django.db.models import BooleanField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from complaints.models import Attachment, Complaint, Escalation, Grading, InternalNote, Reply, Step
from portal.kernel.models import User

Written = Step | Reply | InternalNote | Grading | Escalation | Attachment
#: What each table holds beside by whom and when.
COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Step: ("before", "after", "role", "why"),
    Reply: ("from_staff", "from_shop", "said"),
    InternalNote: ("said",),
    Grading: ("grade", "why"),
    Escalation: ("level", "role", "why"),
    Attachment: ("reply_id", "kind", "file", "code"),
}
MOST = max(map(len, COLUMNS.values()))


def everything_written(complaint: Complaint) -> list[Written]:
    """Table by table, each oldest first. Of those who wrote it their names are known."""
    first, *others = [_as_texts(model, place, complaint) for place, model in enumerate(COLUMNS)]
    models = list(COLUMNS)
    return [
        _made(models[table], texts, pk=key, complaint=complaint, at=at, by=_person(by, name, phone))
        for table, key, at, by, name, phone, *texts in sorted(first.union(*others, all=True))
    ]


def _as_texts(model: type[Any], table: int, complaint: Complaint) -> QuerySet[Any, tuple[Any, ...]]:
    """Rows as wide as those of the other tables."""
    texts = [Cast(name, TextField()) for name in COLUMNS[model]]
    texts += [Value("", TextField()) for _missing in range(MOST - len(texts))]  # type: ignore[misc]
    rows: QuerySet[Any] = model.objects.filter(complaint=complaint)
    return rows.values_list(Value(table), "pk", "at", "by", "by__name", "by__phone", *texts)


def _person(key: int | None, name: str | None, phone: str | None) -> User | None:
    return User(pk=key, name=name or "", phone=phone) if key else None


def _made(model: type[Any], texts: list[str], **fields: Any) -> Written:
    told = zip(COLUMNS[model], texts, strict=False)  # what is left over is what other tables are wider by
    read = {name: _read(model._meta.get_field(name), text) for name, text in told}
    return model(**fields, **read)


def _read(field: Any, text: str) -> Any:
    return text == "true" if isinstance(field, BooleanField) else field.to_python(text)
