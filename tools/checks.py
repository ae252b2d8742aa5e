"""`./dev lint`, `./dev fix` and `./dev test`: what must hold before a change is delivered."""

import shlex
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tools import locks, place, portal, prepare, virtualenv
from tools.environment import Services, as_owner, plain, serving
from tools.footing import forget_abandoned
from tools.say import say

PUBLIC = {
    "SITE_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_DEMO": "0",
}


@dataclass(frozen=True)
class Check:
    """One thing that is looked at; it passes when the command ends with 0."""

    name: str
    command: str
    kind: str = "test"  # PORTAL_ENV
    more: dict[str, str] = field(default_factory=dict)

    def run(self, setting: dict[str, str]) -> "Finding":
        began = time.monotonic()
        done = subprocess.run(
            shlex.split(self.command),
            cwd=place.ROOT,
            env=setting | {"PORTAL_ENV": self.kind} | self.more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        return Finding(self.name, done.returncode == 0, done.stdout, time.monotonic() - began)


@dataclass(frozen=True)
class Finding:
    name: str
    passed: bool
    output: str
    seconds: float

    def tell(self) -> None:
        say(f"  {'ok    ' if self.passed else 'FAILED'} {self.name} ({self.seconds:.1f} s)")
        if not self.passed:
            say("\n".join(f"         {line}" for line in self.output.strip().splitlines()))


LINT = [
    Check("style (ruff)", "ruff check ."),
    Check("format (ruff)", "ruff format --check ."),
    Check("templates (djlint)", "djlint --lint --quiet ."),
    Check("layers (import-linter)", "lint-imports"),
    Check("types (mypy)", "mypy"),
]
SETTLED = [  # these ask the database
    Check("migrations are complete", "python manage.py makemigrations --check --dry-run"),
    Check("translations are complete", "python manage.py check_translations"),
    Check(
        "fit for production",
        "python manage.py check --deploy --fail-level WARNING",
        "production",
        PUBLIC,
    ),
]
FIX = ["ruff check --fix .", "ruff format ."]


def lint(arguments: list[str]) -> int:
    prepare.machine(development=True)
    return _report(_look(LINT, plain("test")))


def fix(arguments: list[str]) -> int:
    prepare.machine(development=True)
    codes = [
        subprocess.run(shlex.split(command), cwd=place.ROOT, env=plain("test")).returncode for command in FIX
    ]
    return max(codes)


def test(arguments: list[str]) -> int:
    """All checks, then the whole suite; with arguments, only what they say to pytest.

    The tests have servers of their own, so that none of them can hurt what `./dev up` keeps.
    """
    prepare.machine(development=True, browser=True)
    with locks.alone("test", otherwise="Another ./dev test runs in this checkout; waiting for it ..."):
        forget_abandoned()
        services = Services.for_tests()
        services.start()
        try:
            return _test(services, arguments)
        finally:
            services.stop()


def _test(services: Services, arguments: list[str]) -> int:
    with ThreadPoolExecutor(1) as aside:  # migrating from nothing keeps one core busy for a while
        looked = aside.submit(_look, [] if arguments else LINT, plain("test"), at_once=1)
        portal.prepare_database(services, disposable=True)
    # Test databases are clones of the migrated one: migrating takes a while, cloning a fraction of a second.
    setting = as_owner(serving(services, kind="test")) | {"TEST_TEMPLATE": "portal"}
    # Their tables are emptied some hundred times, quickly: see tests/emptying.py.
    services.cluster.query("grant set on parameter session_replication_role to portal_owner")
    failed = 0
    if not arguments:
        failed = _report([*looked.result(), *_look(SETTLED, setting)])
        portal.collect_static(plain("production") | {"STATIC_ROOT": str(place.VAR / "test" / "static")})
        arguments = ["-n", "3", "--dist", "loadgroup"]
    command = [str(virtualenv.PYTHON), "-m", "pytest", *arguments]
    suite = subprocess.run(command, cwd=place.ROOT, env=setting).returncode
    sys.stdout.flush()
    if failed:
        say("Some of the checks before the tests FAILED; see above.")
    return suite or failed


def _look(checks: Iterable[Check], setting: dict[str, str], at_once: int = 2) -> list[Finding]:
    """Run them; each is told as it ends, and none is skipped because another failed."""
    with ThreadPoolExecutor(at_once) as pool:
        findings = []
        for finding in pool.map(lambda check: check.run(setting), checks):
            finding.tell()
            findings.append(finding)
        return findings


def _report(findings: list[Finding]) -> int:
    failed = [finding.name for finding in findings if not finding.passed]
    say(f"FAILED: {', '.join(failed)}" if failed else f"All {len(findings)} checks hold.")
    return 1 if failed else 0
