"""Prove the books: every invariant, in one snapshot."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from portal.kernel.invariants import all_invariants


class Command(BaseCommand):
    help = "Check every invariant; exit code 1 and the rows that break when one doesn't hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fast",
            action="store_true",
            help="only those cheap enough for every few minutes",
        )
        parser.add_argument("--only", default="", help="codes, separated by commas")
        parser.add_argument("--list", action="store_true")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--max-examples", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        only = set(filter(None, options["only"].split(",")))
        chosen = [
            i for i in all_invariants() if (not only or i.code in only) and (i.fast or not options["fast"])
        ]
        if options["list"]:
            self.stdout.write("\n".join(f"{i.code}  {i.title}" for i in chosen))
            return
        results = self._check(chosen, options["max_examples"])
        if options["json"]:
            self.stdout.write(json.dumps(results, ensure_ascii=False, default=str))
        else:
            for row in results:
                mark = "ok      " if not row["violations"] else "VIOLATED"
                self.stdout.write(f"{mark} {row['code']} {row['title']} {row['examples'] or ''}")
        if any(row["violations"] for row in results):
            raise SystemExit(1)

    def _check(self, chosen: list[Any], limit: int) -> list[dict[str, Any]]:
        """One repeatable-read snapshot, so the answer is exact under live traffic."""
        results = []
        with transaction.atomic():
            if len(connection.savepoint_ids) == 0:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for one in chosen:
                count, examples = one.broken(limit)
                results.append(
                    {
                        "code": one.code,
                        "title": str(one.title),
                        "violations": count,
                        "examples": examples,
                    }
                )
        return results
