"""Every text that the sources mark for translation is there in every language but the source's own."""

import re
import shutil
import subprocess
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import chdir
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

ROOT = Path(settings.ROOT)
SOURCE_LANGUAGE = "en"
NOT_SOURCES = shutil.ignore_patterns("static", "migrations", "__pycache__", "*.mo")


class Command(BaseCommand):
    help = (
        "Lists the texts that are missing or unsure (fuzzy) in a language; ends with code 1 if there is one."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--app", action="append", help="only this top-level folder (may be repeated)")

    def handle(self, **options: object) -> None:
        wanted = options["app"]
        gaps = [
            f"{folder.name} ({locale}): {text}"
            for folder in source_folders(ROOT)
            if not wanted or folder.name in wanted  # type: ignore[operator]
            for locale, text in gaps_in(folder)
        ]
        for gap in gaps:
            self.stdout.write(gap)
        if gaps:
            raise CommandError(f"{len(gaps)} texts are not translated.")
        self.stdout.write("Every text is translated.")


def source_folders(root: Path) -> list[Path]:
    """The top-level folders of our own apps."""
    paths = [Path(config.path) for config in apps.get_app_configs()]
    return sorted({root / path.relative_to(root).parts[0] for path in paths if _within(path, root)})


def gaps_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Language and text of what a fresh extraction from the sources finds without a sure translation.

    The extraction runs on a copy: the committed files are only read. The shared templates belong to `portal`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, folder.name)
        shutil.copytree(folder, copy, ignore=NOT_SOURCES)
        if folder.name == "portal":
            shutil.copytree(folder.parent / "templates", copy / "shared-templates")
        locales = [to_locale(code) for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE]
        (copy / "locale").mkdir(exist_ok=True)
        with chdir(copy):
            quiet = {"no_location": True, "no_obsolete": True, "verbosity": 0, "stdout": StringIO()}
            call_command("makemessages", locale=locales, **quiet)
        for locale in locales:
            for catalogue in copy.glob(f"**/locale/{locale}/LC_MESSAGES/*.po"):
                yield from ((locale, text) for text in unsure(catalogue))


def unsure(catalogue: Path) -> list[str]:
    """The source texts of a catalogue that have no translation, or a fuzzy one."""
    found = []
    for kind in ("--untranslated", "--only-fuzzy"):
        command = ["msgattrib", kind, "--no-obsolete", "--no-wrap", str(catalogue)]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        entries = listed.split("\n\n")
        found += [text for entry in entries if (text := _source_text(entry))]
    return found


def _source_text(entry: str) -> str:
    """The text after `msgid` in one entry, whatever number of lines it takes; empty for a header."""
    start = re.search(r"^msgid ((?:\".*\"\n?)+)", entry, re.MULTILINE)
    return "".join(line.strip('"') for line in start[1].splitlines()) if start else ""


def _within(path: Path, root: Path) -> bool:
    # A virtual environment inside the checkout holds other people's apps.
    return path.is_relative_to(root) and "site-packages" not in path.parts
