"""Tells whether the app has changed since a site was made from it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from config.setup.paths import APP, APPS, CONFIG, FRAMEWORK, LOCK_FILE

APP_FOLDER = APPS / APP / APP
IGNORED = {"__pycache__", "node_modules", "dist"}
# What installing the app reads: definitions and the code that seeds, not the code that only runs later.
INSTALLED_KINDS = {".json", ".csv", ".txt", ".py"}
NOT_INSTALLED = {"engine", "demo"}


def of_framework() -> str:
	"""Changes when an empty site would be made differently."""
	version = FRAMEWORK / "frappe" / "__init__.py"  # changes with each release
	return _digest([FRAMEWORK / ".concerto-source", version, LOCK_FILE, CONFIG / "framework" / "wheel.py"])


def of_app() -> str:
	"""Changes with any file of the app."""
	return _digest(_files(lambda path: True))


def of_installation() -> str:
	"""Changes when a site with the app would be made differently."""
	seeds = [CONFIG / "setup" / "in_site.py"]
	return _digest([*_files(is_read_by_installation), *seeds])


def is_read_by_installation(path: Path) -> bool:
	"""Whether a file of the app (relative to it) shapes a new site."""
	if path.suffix not in INSTALLED_KINDS or path.parts[0] in NOT_INSTALLED:
		return False
	is_controller = "doctype" in path.parts and path.suffix == ".py"
	return not is_controller


def _files(wanted: Callable[[Path], bool]) -> list[Path]:
	found = []
	for folder, subfolders, names in os.walk(APP_FOLDER):
		subfolders[:] = sorted(set(subfolders) - IGNORED)
		found += [Path(folder) / name for name in sorted(names)]
	return [path for path in found if wanted(path.relative_to(APP_FOLDER))]


def _digest(paths: Iterable[Path]) -> str:
	digest = hashlib.sha256()
	for path in paths:
		digest.update(os.fsencode(os.path.relpath(path, APPS)))
		digest.update(path.read_bytes())
	return digest.hexdigest()
