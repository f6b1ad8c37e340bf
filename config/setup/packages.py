"""Debian packages: what is missing is installed, and no service is started by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.setup.paths import SYSTEM_PATH
from config.setup.steps import SetupError, run

# What must be there -> the packages that bring it. A program is looked for on PATH, a library by its package.
PROGRAMS = {
	"mariadbd": ("mariadb-server", "mariadb-client"),
	"redis-server": ("redis-server",),
	"git": ("git",),
	"node": ("nodejs", "npm"),
	"npm": ("nodejs", "npm"),
	"chromium": ("chromium",),  # the browser tests
	"wkhtmltopdf": ("wkhtmltopdf",),  # Frappe's own PDF of a print format
	"gcc": ("build-essential",),
}
LIBRARIES = (
	"fonts-dejavu-core",
	"libpango-1.0-0",  # WeasyPrint draws with Pango
	"libpangoft2-1.0-0",
	"libharfbuzz-subset0",
)
# Only for the Python that Debian brings; another one (pyenv, a container's) has its own headers.
DEBIAN_PYTHON = ("python3-venv", "python3-dev")
POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_TEXT = "#!/bin/sh\n# Set by the set-up of Concerto Éducation while it installs packages: start no service.\nexit 101\n"


def missing(has_program: Callable[[str], bool], installed: Callable[[Iterable[str]], set[str]]) -> list[str]:
	"""The packages to install, in a fixed order."""
	wanted = [name for program, names in PROGRAMS.items() if not has_program(program) for name in names]
	by_package = list(LIBRARIES)
	if sys.base_prefix == "/usr":
		by_package += DEBIAN_PYTHON
	have = installed(by_package)
	wanted += [name for name in by_package if name not in have]
	return list(dict.fromkeys(wanted))


def ensure() -> list[str]:
	"""Install what is missing; return its names."""
	names = missing(has_program, installed)
	if not names:
		return []
	if not shutil.which("apt-get"):
		raise SetupError(
			f"these are missing: {', '.join(names)} (names of Debian's packages), and there is no apt-get here",
			"install them the way this system does it, then try again",
		)
	root = as_root()
	remedy = f"install them by hand: {' '.join([*root, 'apt-get', 'install', *names])}"
	install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--quiet"]
	with no_service_started(root):
		run([*root, "apt-get", "update", "--quiet"], remedy=remedy)
		run([*root, *install, "--no-install-recommends", *names], remedy=remedy)
	return names


def has_program(name: str) -> bool:
	"""Whether a program is there, also in the folders that a normal user's PATH lacks."""
	return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}") is not None


def installed(names: Iterable[str]) -> set[str]:
	"""Which of these packages dpkg has installed."""
	if not shutil.which("dpkg-query"):
		return set(names)  # not Debian: libraries cannot be checked by package; WeasyPrint will say so
	command = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\\n", *names]
	lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
	return {line.split()[0] for line in lines if line.endswith(" installed")}


def as_root() -> list[str]:
	"""The words that make a command run as root."""
	if os.geteuid() == 0:
		return []
	if shutil.which("sudo"):
		return ["sudo"]
	raise SetupError(
		"packages are missing, and neither this user is root nor is there sudo",
		"ask an administrator to install them, or run this as root",
	)


@contextmanager
def no_service_started(root: list[str]) -> Iterator[None]:
	"""While the block runs, no installed package starts its service: Debian asks policy-rc.d first.

	A policy that is there already is the administrator's and stays as it is.
	"""
	if POLICY.exists():
		yield
		return
	run([*root, "tee", POLICY], stdin=POLICY_TEXT)
	run([*root, "chmod", "755", POLICY])
	try:
		yield
	finally:
		run([*root, "rm", "-f", POLICY])
