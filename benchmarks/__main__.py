"""`python -m benchmarks NAME [options]`: one measurement, its results appended to docs/benchmarks.md."""

import importlib
import os
import sys

import django

NAMES = ("nearby", "claims", "ledger", "members", "fanout", "desk", "paper")


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        raise SystemExit(f"python -m benchmarks {'|'.join(NAMES)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    importlib.import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
