"""env/: the Python of this bench with every dependency, from the lock file."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys

from config.setup.paths import APP, APPS, CONFIG, ENV, FRAMEWORK, LOCK_FILE, PYTHON
from config.setup.steps import SetupError, run

VERSION = "3.11"  # the PyPI copy imports distutils, which 3.12 no longer has; the lock file is for this one
OLDEST_PYTHON = "3.11.2"  # Debian 12's
TOOLS = CONFIG / "requirements" / "tools.in"
STAMP = ENV / ".concerto-stamp"
NETWORK = "check that this machine reaches a Python package index (pip config list), then try again"


def clean_environment() -> dict[str, str]:
	"""The environment without what would slow Python down or point it at another project's packages."""
	unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
	return {name: value for name, value in os.environ.items() if name not in unwanted}


def interpreter() -> str:
	"""A Python that the framework and the lock file are for."""
	if f"{sys.version_info.major}.{sys.version_info.minor}" == VERSION:
		return sys.executable
	if found := shutil.which(f"python{VERSION}"):
		return found
	raise SetupError(
		f"Python {VERSION} is needed, this is {sys.version.split()[0]}",
		f"install Debian 12's python3, or put a python{VERSION} on PATH",
	)


def fingerprint(source: str) -> str:
	"""Changes whenever the environment has to be made again."""
	inputs = [LOCK_FILE, TOOLS, APPS / APP / "pyproject.toml"]
	if source == "official":
		inputs.append(FRAMEWORK / "pyproject.toml")
	digest = hashlib.sha256(source.encode())
	for path in inputs:
		digest.update(path.read_bytes())
	return digest.hexdigest()


def ensure_python() -> None:
	"""Make env/ with pip alone. Debian's own Python has none, and the framework is fetched with it."""
	if not PYTHON.exists():
		run([interpreter(), "-m", "venv", "--clear", ENV], remedy="install Debian's package python3-venv")


def ensure(source: str) -> bool:
	"""Make or complete env/; tells whether there was anything to do."""
	stamp = fingerprint(source)
	if STAMP.exists() and STAMP.read_text() == stamp and PYTHON.exists():
		return False
	ensure_python()
	install = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
	if source == "official":  # its own pins hold; ours are for the PyPI copy
		run(
			[*install, "-e", FRAMEWORK, "-e", APPS / APP, "-r", TOOLS],
			env=clean_environment(),
			remedy=NETWORK,
		)
	else:
		run([*install, "--require-hashes", "-r", LOCK_FILE], env=clean_environment(), remedy=NETWORK)
		editable = [*install, "--no-deps", "--no-build-isolation", "-e", FRAMEWORK, "-e", APPS / APP]
		run(editable, env=clean_environment())
	STAMP.write_text(stamp)
	return True


def lock() -> None:
	"""Write the lock file anew, with the newest versions that the inputs allow (`make lock`).

	For the oldest Python that may read it, whatever Python this is: Debian 12 has 3.11.2, and some packages
	want a later 3.11. No index is named: its address belongs to the machine, not to the project.
	"""
	inputs = [CONFIG / "framework" / "files" / "pyproject.toml", APPS / APP / "pyproject.toml", TOOLS]
	command = [ENV / "bin" / "uv", "pip", "compile", "--quiet", "--upgrade", "--generate-hashes"]
	command += [
		"--python-version",
		OLDEST_PYTHON,
		"--no-strip-markers",
		"--strip-extras",
		"--no-header",
		"--no-annotate",
	]
	run([*command, "--output-file", LOCK_FILE, *inputs], env=clean_environment(), remedy=NETWORK)
