"""The line of apps as the linter is told it: complete, in order, and not to be got round."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tools import place

CONFIGURATION = place.ROOT / "pyproject.toml"
LINTER: dict[str, Any] = tomllib.loads(CONFIGURATION.read_text())["tool"]["importlinter"]
LINE, INSIDE, _ = LINTER["contracts"]


def linted(project: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, env={"PYTHONPATH": "."})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The same packages, empty, under the same contracts."""
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION.read_text())
    names = {*LINTER["root_packages"], *(part for layer in LINE["layers"] for part in layer.split(" : "))}
    for name in names:
        folder = tmp_path / name.replace(".", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    return tmp_path


def test_every_app_has_a_layer_in_the_order_of_the_settings():
    assert LINE["layers"][1:] == [*settings.DOMAIN_APPS, "portal.kernel"]
    assert INSIDE["containers"] == settings.DOMAIN_APPS


def test_a_call_downward_is_let_through(project: Path):
    (project / "coupons" / "actions.py").write_text("import merchants\n")

    assert linted(project).returncode == 0


@pytest.mark.parametrize(
    ("app", "source"),
    [
        ("merchants", "import coupons\n"),
        ("merchants", "def claim():\n    from coupons import redeem\n"),  # deferred, as circles sneak back
        ("portal/kernel", "import messaging\n"),
        ("crm", "import portal.home\n"),
        ("orders", "from orders import web\n"),
    ],
)
def test_an_import_upward_is_refused(project: Path, app: str, source: str):
    (project / "orders" / "web").mkdir()
    (project / "orders" / "web" / "__init__.py").touch()
    (project / app / "models.py").write_text(source)

    told = linted(project)

    assert told.returncode == 1
    assert "BROKEN" in told.stdout
