"""./dev COMMAND: finds the command and says in one line what went wrong."""

import subprocess
import sys
from collections.abc import Callable

from tools import bare, checks, place, prepare, up, virtualenv
from tools.environment import as_owner, serving
from tools.say import Stop, say

OWNERS = {
    "migrate",
    "flush",
    "dbshell",
    "sqlflush",
    "createcachetable",
    "pgtrigger",
}  # they change or read tables' shapes


def manage(arguments: list[str]) -> int:
    prepare.machine()
    setting = serving(prepare.services(), kind="development")
    if arguments and arguments[0] in OWNERS:
        setting = as_owner(setting)
    return _call(["manage.py", *arguments], setting)


def shell(arguments: list[str]) -> int:
    return manage(["shell", *arguments])


def bench(arguments: list[str]) -> int:
    prepare.machine(development=True)
    services = prepare.services(database="portal_bench")
    setting = serving(services, kind="production", database="portal_bench")
    return _call(["-m", "benchmarks", *arguments], as_owner(setting))  # it makes a database of its own


def _call(command: list[str], setting: dict[str, str]) -> int:
    return subprocess.run([str(virtualenv.PYTHON), *command], cwd=place.ROOT, env=setting).returncode


COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "up": (
        up.up,
        "install what is missing and run the portal  [--empty] [--port N] [--host ADDRESS] [--check]",
    ),
    "down": (up.down, "stop everything this checkout started  [--forget: and remove its data]"),
    "test": (checks.test, "all checks and the whole test suite; with arguments: pytest with these"),
    "lint": (checks.lint, "style, templates, layers and types"),
    "fix": (checks.fix, "mend the style where a tool can"),
    "shell": (shell, "Python with the portal loaded"),
    "manage": (manage, "any management command, for example: ./dev manage check_invariants"),
    "bench": (
        bench,
        "measure, beside bare SQL  (nearby, claims, ledger, members, fanout, paper, desk)",
    ),
    "bare": (bare.bare, "prove up and test on a fresh Debian made in a folder (root only)"),
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        say("Usage: ./dev COMMAND\n")
        say("\n".join(f"  {name:<8}{line}" for name, (_, line) in COMMANDS.items()))
        return 2 if arguments else 0
    try:
        return COMMANDS[arguments[0]][0](arguments[1:])
    except Stop as stop:
        say(f"\n{stop}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
