"""make lint, format: ruff for Python, prettier for JavaScript and styles, and our own rules (config/lint)."""

from __future__ import annotations

import subprocess

from config.setup import assets, environment, framework
from config.setup.paths import APP, APPS, CONFIG, ENV, PYTHON, ROOT
from config.setup.steps import step

PRETTIER = CONFIG / "node" / "node_modules" / ".bin" / "prettier"
PRETTIER_FILES = f"{APPS.name}/{APP}/**/*.{{js,css,scss}}"
PYTHON_FILES = ("apps/concerto_education", "config", "tests", "conftest.py")


def lint() -> int:
	"""Check everything and report all that is found; 0 if nothing is."""
	_tools()
	return _all(
		(ENV / "bin" / "ruff", "check", *PYTHON_FILES),
		(ENV / "bin" / "ruff", "format", "--check", *PYTHON_FILES),
		(PYTHON, "-m", "config.lint"),
		(PRETTIER, "--check", "--log-level", "warn", "--no-error-on-unmatched-pattern", PRETTIER_FILES),
	)


def format_files() -> int:
	"""Mend what the tools can mend themselves."""
	_tools()
	return _all(
		(ENV / "bin" / "ruff", "check", "--fix", *PYTHON_FILES),
		(ENV / "bin" / "ruff", "format", *PYTHON_FILES),
		(PRETTIER, "--write", "--log-level", "warn", "--no-error-on-unmatched-pattern", PRETTIER_FILES),
	)


def _tools() -> None:
	with step("Framework and tools") as remarks:
		source = framework.ensure()
		changed = environment.ensure(source)
		changed = assets.ensure_tools() or changed
		remarks.append("" if changed else "up to date")


def _all(*commands: tuple) -> int:
	worst = 0
	for command in commands:
		words = [str(word) for word in command]
		code = subprocess.call(words, cwd=ROOT)
		print(
			f"  {'ok    ' if code == 0 else 'FAILED'}  {' '.join(words).replace(f'{ROOT}/', '')}", flush=True
		)
		worst = worst or code
	return worst
