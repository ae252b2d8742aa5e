"""Every route, the methods it answers and who may use each."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.kernel.access import routes


class Command(BaseCommand):
    help = "List every route with its methods and policies."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {
                "path": route.path,
                "name": route.name,
                "access": {m: p.name for m, p in sorted((route.access or {}).items())},
            }
            for route in routes()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for row in rows:
            told = ", ".join(f"{method}: {name}" for method, name in row["access"].items())  # type: ignore[attr-defined]
            self.stdout.write(f"{row['path']}\n    {told or 'UNDECLARED'}")
