"""make test, bench: a site of its own on free ports, the suite, and everything stopped again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from config.setup import databases, fingerprint, ports, site
from config.setup.environment import clean_environment
from config.setup.install import install
from config.setup.paths import PYTHON, ROOT
from config.setup.profiles import TEST
from config.setup.steps import only_one, step

EMPTY = "empty"  # dump of a site with the framework only
FRESH = "fresh"  # dump of a site with the app, as a test run begins with it


def test(*arguments: str) -> int:
	"""Run the tests named by the arguments, or all; the answer is pytest's exit code."""
	return _pytest(arguments)


def bench(*arguments: str) -> int:
	"""Run the benchmarks, with what they print shown."""
	return _pytest(("tests/benchmark", "-s", *arguments))


def needs_site(arguments: Sequence[str]) -> bool:
	"""Whether any of the chosen tests is outside the folders that need no site."""
	chosen = [word for word in arguments if word.startswith("tests/")]
	return not chosen or any(not word.startswith(("tests/engine", "tests/setup")) for word in chosen)


def _pytest(arguments: Sequence[str]) -> int:
	command = [str(PYTHON), "-m", "pytest", *arguments]
	install()
	if not needs_site(arguments):
		return subprocess.call(command, cwd=ROOT, env=clean_environment())
	with only_one(TEST.folder, "make test"):
		try:
			start_databases()
			make_site()
			print(flush=True)
			return subprocess.call(command, cwd=ROOT, env=clean_environment())
		finally:
			databases.stop(TEST)


def start_databases() -> None:
	"""Start MariaDB and Redis of the tests on ports that are free now, so that any number of checkouts can test."""
	with step("MariaDB and Redis of the tests") as remarks:
		databases.stop(TEST)  # left by a run that was killed
		TEST.write_config(ports.pick_free(tuple(ports.DEMO_PORTS)))
		databases.start(TEST)
		remarks.append(f"MariaDB on port {TEST.ports()['mariadb']}")


def make_site() -> None:
	"""Give the test site its first state: from the dump, or anew where app or framework have changed since."""
	with step(f"Site {TEST.site}") as remarks:
		empty, fresh = fingerprint.of_framework(), fingerprint.of_framework() + fingerprint.of_installation()
		if site.mark(TEST, TEST.site, FRESH) == fresh:
			site.restore(TEST, TEST.site, _dump(FRESH))
			remarks.append("as it was fresh")
		else:
			if site.mark(TEST, TEST.site, EMPTY) == empty:
				site.restore(TEST, TEST.site, _dump(EMPTY))
				remarks.append("app installed anew")
			else:
				site.create_empty(TEST, TEST.site, admin_password="admin")
				site.dump(TEST, TEST.site, _dump(EMPTY))
				site.set_mark(TEST, TEST.site, EMPTY, empty)
				remarks.append("made anew")
			site.install_app(TEST, TEST.site)
			site.dump(TEST, TEST.site, _dump(FRESH))
			site.set_mark(TEST, TEST.site, FRESH, fresh)
		# no mail leaves a test, none of its jobs starts by itself, and it makes more accounts than a town hall in an hour
		settings = {
			"allow_tests": True,
			"mute_emails": 1,
			"pause_scheduler": 1,
			"throttle_user_limit": 10_000,
		}
		site.configure(TEST, TEST.site, settings)
		for folder in ("public/files", "private/files"):  # of an earlier run
			shutil.rmtree(TEST.sites / TEST.site / folder, ignore_errors=True)
			(TEST.sites / TEST.site / folder).mkdir(parents=True)


def _dump(name: str) -> Path:
	return TEST.folder / f"{name}.sql"
