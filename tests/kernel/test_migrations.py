"""Migrations say how it is; a database that has the steps they replace goes on, or is told why it can't."""

import pytest
from django.apps.registry import Apps
from django.core.checks import run_checks
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from portal.kernel.migrating import ID, Together

# How many steps each app had when they became few: 0001, 0002 and so on.
STEPS = {
    "complaints": 17,
    "consumers": 10,
    "coupons": 13,
    "crm": 8,
    "loyalty": 26,
    "merchants": 17,
    "messaging": 6,
    "orders": 11,
}
SHIPPED = MigrationLoader(None).disk_migrations


def replaced(app: str) -> list[tuple[str, str]]:
    return sorted(step for one in SHIPPED.values() if one.app_label == app for step in one.replaces)


def of_others() -> set[tuple[str, str]]:
    return {step for step in SHIPPED if step[0] not in STEPS}


def stands_at(monkeypatch: pytest.MonkeyPatch, steps: set[tuple[str, str]]) -> None:
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: dict.fromkeys(steps))


@pytest.mark.parametrize("app", STEPS)
def test_every_earlier_step_is_replaced_once_and_has_given_its_name_away(app: str) -> None:
    assert [name[:4] for _app, name in replaced(app)] == [f"{n:04}" for n in range(1, STEPS[app] + 1)]
    assert not set(replaced(app)) & SHIPPED.keys()


@pytest.mark.parametrize("app", STEPS)
def test_every_app_has_one_last_step(app: str) -> None:
    assert len(MigrationLoader(None).graph.leaf_nodes(app)) == 1


@pytest.mark.django_db
def test_a_database_at_the_end_of_the_earlier_steps_has_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stands_at(monkeypatch, of_others() | {step for app in STEPS for step in replaced(app)})
    executor = MigrationExecutor(connection)
    waiting = [one for one, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    assert not [one for one in waiting if one.replaces]
    assert run_checks(databases=["default"], tags=["database"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("app", STEPS)
def test_a_database_in_the_middle_is_told_so_wherever_it_stands(
    app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = replaced(app)
    for there in range(1, len(steps)):
        stands_at(monkeypatch, of_others() | set(steps[:there]))
        faults = run_checks(databases=["default"], tags=["database"])
        assert [fault.id for fault in faults] == ["kernel.E004"]
        assert faults[0].msg.startswith(f"{app} stands in the middle")
        assert f"{there} of {len(steps)}" in faults[0].msg


@pytest.mark.django_db
def test_a_run_that_was_cut_short_between_two_new_steps_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ("loyalty", "0001_cards")
    stands_at(monkeypatch, of_others() | {first, *SHIPPED[first].replaces})
    assert run_checks(databases=["default"], tags=["database"]) == []
    executor = MigrationExecutor(connection)
    waiting = [one.name for one, _back in executor.migration_plan([("loyalty", "0007_functions_of_levels")])]
    assert first[1] not in waiting
    assert "0002_accounts" in waiting


class Toy(migrations.Migration):
    operations = [
        Together(
            migrations.CreateModel("Box", [ID, ("label", models.CharField(max_length=9))]),
            migrations.CreateModel("Thing", [ID, ("box", models.ForeignKey("toys.box", models.PROTECT))]),
        )
    ]


@pytest.mark.django_db
def test_models_that_are_made_together_come_and_go_together() -> None:
    toy, before = Toy("first", "toys"), ProjectState()
    assert isinstance(before.apps, Apps)  # drawn, as it is in a run of migrations
    with connection.schema_editor() as editor:
        after = toy.apply(before.clone(), editor)
    assert after.apps.get_model("toys", "thing")._meta.get_field("box").related_model.__name__ == "Box"
    assert {"toys_box", "toys_thing"} <= set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        toy.unapply(before, editor)
    assert not {"toys_box", "toys_thing"} & set(connection.introspection.table_names())
