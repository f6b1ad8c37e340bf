"""Check the files of the app and of set-up; exit 1 if anything was found."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from config.lint import endpoints, keys, rooms, texts
from config.lint.finding import Finding, Source

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "apps" / "concerto_education" / "concerto_education"
SKIPPED = {"__pycache__", "node_modules", "dist", "lib"}
KINDS = {".py", ".js", ".css", ".scss", ".html"}


def check(source: Source) -> Iterator[Finding]:
	"""All findings in one file of the app."""
	yield from texts.check_size(source)
	if source.module.suffix == ".py":
		yield from rooms.check(source)
		yield from endpoints.check(source)
		yield from texts.check_python(source)
		yield from keys.check(source)
	elif source.module.suffix == ".js":
		yield from texts.check_javascript(source)


def sources() -> Iterator[Source]:
	"""The app's files; of set-up and tests only the size is checked, see `main`."""
	for path in sorted(PACKAGE.rglob("*")):
		if path.suffix in KINDS and not SKIPPED & set(path.relative_to(PACKAGE).parts):
			module = PurePosixPath(path.relative_to(PACKAGE))
			yield Source(str(path.relative_to(ROOT)), module, path.read_text())


def other_sources() -> Iterator[Source]:
	"""Set-up, lint and tests."""
	for folder in (ROOT / "config", ROOT / "tests"):
		for path in sorted(folder.rglob("*")):
			if path.suffix in (".py", ".js", ".mjs") and not SKIPPED & set(path.parts):
				relative = PurePosixPath(path.relative_to(ROOT))
				yield Source(str(relative), relative, path.read_text())


def main() -> int:
	"""Print what was found, sorted by file."""
	found = [finding for source in sources() for finding in check(source)]
	found += [finding for source in other_sources() for finding in texts.check_size(source)]
	for finding in sorted(found):
		print(finding)
	return 1 if found else 0


if __name__ == "__main__":
	sys.exit(main())
