"""A worker process for tests that kill it: ``python -m tests.kernel.worker deliver|run``."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


def main() -> None:
    django.setup()
    from portal.kernel import events, jobs
    from tests.kernel import told

    assert told
    {"deliver": events.deliver_due, "run": jobs.run_due}[sys.argv[1]]()


if __name__ == "__main__":
    main()
