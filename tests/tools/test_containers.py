"""docker-compose.yml and Dockerfile, looked at as closely as one can without an engine."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools import place, postgres

COMPOSE: dict[str, Any] = yaml.safe_load((place.ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (place.ROOT / "Dockerfile").read_text()
PROCFILE = dict(line.split(": ", 1) for line in (place.ROOT / "Procfile").read_text().splitlines())
EXAMPLE = (place.ROOT / ".env.example").read_text()
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def settings_read() -> set[str]:
    """Every environment variable that the settings ask for."""
    source = "".join(room.read_text() for room in (place.ROOT / "portal/settings").glob("*.py"))
    return set(re.findall(r"env\.\w+\(\s*[\"']([A-Z_]+)[\"']", source))


def test_the_services_are_those_of_the_portal():
    assert set(SERVICES) == {"db", "redis", "migrate", "web", "worker", "beat"}


def test_every_process_of_the_procfile_has_a_service_that_starts_it():
    started = {service["command"][-1] for service in OURS.values() if service["command"][0] == "honcho"}

    assert started == set(PROCFILE)


def test_every_program_that_a_command_names_is_installed():
    pins = (place.ROOT / "requirements.txt").read_text()
    for command in PROCFILE.values():
        program = re.sub(r"\b[A-Z_]+=\S+ ", "", command).removeprefix("exec ").split()[0]
        assert re.search(rf"^{program}==", pins, re.MULTILINE), program
    assert re.search(r"^honcho==", pins, re.MULTILINE)
    assert (place.ROOT / SERVICES["migrate"]["command"][1]).exists()


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_how_it_is_doing(name: str):
    health = SERVICES[name]["healthcheck"]

    if name == "migrate":
        assert health == {"disable": True}
    else:
        assert health["test"][0] in {"CMD", "CMD-SHELL"}
        assert health["retries"] >= 3


def test_only_the_migration_signs_in_as_the_owner():
    roles = {name: service["environment"]["DATABASE_URL"].split(":")[1] for name, service in OURS.items()}

    assert roles == {
        "migrate": "//portal_owner",
        "web": "//portal_web",
        "worker": "//portal_web",
        "beat": "//portal_web",
    }


def test_what_serves_people_is_not_told_the_owners_password():
    for name in ("web", "worker", "beat"):
        environment = SERVICES[name]["environment"]
        assert (environment["OWNER_PASSWORD"], environment["POSTGRES_PASSWORD"]) == ("", "")
        assert "OWNER_PASSWORD" not in environment["DATABASE_URL"]


def test_nothing_that_stores_facts_is_without_a_volume():
    kept = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert set(COMPOSE["volumes"]) == {"db", "redis", "media"}
    assert set(COMPOSE["volumes"]) <= kept


def test_files_that_are_mounted_or_copied_exist():
    mounted = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    named = {name for name in mounted if name.startswith("./")} | {
        name for line in copied for name in line.split()
    }

    assert {"./tools/roles.sql", "package-lock.json", "requirements.txt"} <= named
    for name in named:
        assert (place.ROOT / name).exists(), name


def test_the_image_does_not_run_as_root_and_its_stages_exist():
    stages = set(re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE))
    last = DOCKERFILE.rpartition("\nFROM ")[2]

    assert set(re.findall(r"--from=(\w+)", DOCKERFILE)) <= stages
    assert re.search(r"^USER (?!root)\w+$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last


def test_modules_that_the_containers_run_exist():
    texts = DOCKERFILE + (place.ROOT / "docker-compose.yml").read_text()
    modules = re.findall(r'-m"?,? "?(tools[\w.]*)', texts)

    assert {"tools.docker.healthy", "tools.frontend", "tools.environment"} <= set(modules)
    for module in modules:
        assert (place.ROOT / f"{module.replace('.', '/')}.py").exists(), module


def test_every_variable_of_the_compose_file_is_explained_in_the_example():
    used = set(re.findall(r"\$\{(\w+)", (place.ROOT / "docker-compose.yml").read_text()))

    assert {"OWNER_PASSWORD", "WEB_PASSWORD", "PORT"} <= used
    for name in used | set(re.findall(r"\$\{(\w+)", (place.ROOT / "Procfile").read_text())) - {
        "BIND",
        "BEAT_SCHEDULE",
    }:
        assert re.search(rf"\b{name}\b", EXAMPLE), name


def test_every_setting_is_in_the_operators_table():
    table = (place.ROOT / "docs/operations.md").read_text()

    assert {"SECRET_KEY", "FIELD_KEYS", "REDIS_URL"} <= settings_read()
    missing = {name for name in settings_read() if f"`{name}`" not in table}
    assert missing == set()


def test_the_made_keys_are_every_secret_that_the_example_leaves_out():
    made = subprocess.run(
        ["python3", "-m", "tools.environment"], cwd=place.ROOT, capture_output=True, text=True, check=True
    ).stdout
    names = {line.split("=")[0] for line in made.splitlines()}

    assert names == set(re.findall(r"[A-Z_]+", EXAMPLE.splitlines()[-1]))


def test_the_database_image_ends_up_with_roles_passwords_and_an_owned_database(tmp_path: Path):
    with postgres.temporary() as cluster:  # roles.sql has run; now what the image runs after it
        environment = {
            "PATH": f"/usr/lib/postgresql/15/bin:{os.environ['PATH']}",
            "PGHOST": str(cluster.sockets),
            "OWNER_PASSWORD": "it's one",
            "WEB_PASSWORD": "another",
        }
        script = str(place.ROOT / "tools/docker/passwords.sh")
        subprocess.run(["bash", script], env=environment, check=True, capture_output=True)

        owner = cluster.query("select datdba::regrole from pg_database where datname = 'portal'")
        assert owner == "portal_owner"
        assert cluster.query("select count(*) from pg_authid where rolpassword is not null") == "2"


@pytest.mark.skipif(
    subprocess.run(["docker", "compose", "version"], capture_output=True).returncode != 0
    if shutil.which("docker")
    else True,
    reason="no docker compose on this machine",
)
def test_docker_compose_itself_accepts_it(tmp_path: Path):
    shutil.copy(place.ROOT / "docker-compose.yml", tmp_path)
    shutil.copy(place.ROOT / ".env.example", tmp_path / ".env")

    done = subprocess.run(
        ["docker", "compose", "config", "--quiet"], cwd=tmp_path, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr.count("error")) == (0, 0)
