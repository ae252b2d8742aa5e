"""The words that migrations are written in: what many of them say, said once.

What stands here is part of every database that was migrated with it: change nothing that a migration already
says, add a new word instead. ``makemigrations --check`` compares the outcome with the models.
Why so: ``docs/decisions/0014-migrations-say-how-it-is.md``.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha1
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger, UpsertTriggerSql

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def was(to: str, **more: Any) -> models.ForeignKey[Any, Any]:
    """What a row pointed at when it was copied into an audit trail; that may be gone since."""
    return models.ForeignKey(
        to, models.DO_NOTHING, db_constraint=False, related_name="+", related_query_name="+", **more
    )


def trail(model: str) -> list[tuple[str, Any]]:
    """The first columns of a model's audit trail: what happened, when, to which row, and on whose request."""
    row = models.ForeignKey(model, models.DO_NOTHING, db_constraint=False, related_name="events")
    context = models.ForeignKey(
        "pghistory.context", models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    return [
        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
        ("pgh_label", models.TextField(help_text="The event label.")),
        ("pgh_obj", row),
        ("pgh_context", context),
    ]


class Together(Operation):
    """Models that are made at once.

    Django draws its picture of all models anew at each operation that changes one, which costs seconds where
    there are hundreds; here it does so once. Two models that point at each other: one field comes afterwards,
    by ``AddField``.
    """

    def __init__(self, *operations: migrations.CreateModel) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, self.operations, {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        return any(operation.references_model(name, app_label) for operation in self.operations)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


def walls(*rows: tuple[str, ...]) -> migrations.RunSQL:
    """Foreign keys that carry the tenant, beside the plain ones: a child stays in its parent's merchant.

    Each row: table, name, column, parent; then the parent's column where it isn't ``id``.
    """
    there: list[Any] = []
    back: list[Any] = []
    for table, name, column, parent, *key in rows:
        there.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (merchant_id, {column})"
            f" REFERENCES {parent} (merchant_id, {key[0] if key else 'id'})"
        )
        back.append(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return migrations.RunSQL(there, back)


def function(text: str, signature: str = "") -> migrations.RunSQL:
    """A function of the database; ``signature`` where another one has the same name."""
    name = text.partition("(")[0].split()[-1]
    return migrations.RunSQL(text, f"DROP FUNCTION {name}{signature}")


def trigger(model: str, name: str, **sql: str) -> Trigger:
    """A trigger as pgtrigger writes it down, told from others of its name by the model's."""
    table = model.lower().replace(".", "_")
    told = sha1(f"{model}:{name}".encode(), usedforsecurity=False).hexdigest()[:5]
    return Trigger(name=name, sql=UpsertTriggerSql(pgid=f"pgtrigger_{name}_{told}", table=table, **sql))


def written_once(model: str, name: str) -> Trigger:
    """Rows are neither changed nor removed (``portal.kernel.db.append_only``)."""
    refusal = "RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;"
    return trigger(model, name, when="BEFORE", operation="UPDATE OR DELETE", func=refusal)


def remembered(
    model: str, columns: str, *, inserts: bool = True, whole: bool = True, key: str = "id"
) -> list[Trigger]:
    """Every change leaves a copy of these columns in the audit trail (``portal.kernel.audit.audited``).

    Not ``whole``: the row has other columns too, and a change of those alone is nobody's deed.
    """
    names = columns.split()
    differs = " OR ".join(f'OLD."{name}" IS DISTINCT FROM (NEW."{name}")' for name in names)
    conditions = {"update": f"WHEN ({'OLD.* IS DISTINCT FROM NEW.*' if whole else differs})"}
    return [
        trigger(
            model,
            f"{act}_{act}",
            when="AFTER",
            operation=act.upper(),
            condition=conditions.get(act, ""),
            func=_copy(model, names, key, act),
        )
        for act in (["insert"] if inserts else []) + ["update", "delete"]
    ]


def _copy(model: str, names: list[str], key: str, act: str) -> str:
    row = "OLD" if act == "delete" else "NEW"
    values = {name: f'{row}."{name}"' for name in names} | {
        "pgh_context_id": "_pgh_attach_context()",
        "pgh_created_at": "NOW()",
        "pgh_label": f"'{act}'",
        "pgh_obj_id": f'{row}."{key}"',
    }
    columns = ", ".join(f'"{name}"' for name in sorted(values))
    row_of = ", ".join(values[name] for name in sorted(values))
    table = model.lower().replace(".", "_")
    return f'INSERT INTO "{table}event" ({columns}) VALUES ({row_of}); RETURN NULL;'  # noqa: S608 - our own names


def give(apps: Any, group: str, rights: Iterable[tuple[str, str, str]]) -> None:
    """A group with these rights (``app.model``, codename, sentence), made where they aren't there yet.

    Django makes permissions only after all migrations; a group needs them now.
    """
    kinds = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    given = apps.get_model("auth", "Group").objects.get_or_create(name=group)[0].permissions
    for model, codename, name in rights:
        app_label, model_name = model.split(".")
        kind, _ = kinds.get_or_create(app_label=app_label, model=model_name)
        right, _ = permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
        given.add(right)
