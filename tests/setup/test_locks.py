"""Lock files: exact versions with hashes, and no address of a registry, which would belong to one machine."""

import json
import re

import pytest
import tomllib

from config.setup.environment import TOOLS
from config.setup.paths import APP, APPS, CONFIG, LOCK_FILE

NODE_LOCKS = [CONFIG / "node" / "package-lock.json", CONFIG / "framework" / "files" / "package-lock.json"]
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def locked() -> dict[str, str]:
	blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK_FILE.read_text())
	return {block.split("==")[0].lower().replace("_", "-"): block for block in blocks if "==" in block}


def asked_for() -> set[str]:
	wanted = [line for line in TOOLS.read_text().splitlines() if line and not line.startswith("#")]
	for project in (APPS / APP / "pyproject.toml", CONFIG / "framework" / "files" / "pyproject.toml"):
		wanted += tomllib.loads(project.read_text())["project"]["dependencies"]
	return {NAME.match(line).group().lower().replace("_", "-") for line in wanted}


def test_everything_asked_for_is_locked():
	assert asked_for() - set(locked()) == set()


def test_every_locked_package_has_a_hash():
	assert [name for name, block in locked().items() if "--hash=sha256:" not in block] == []


def test_python_lock_has_no_address():
	assert not re.search(r"https?:|file:/|--index-url|--find-links|@ ", LOCK_FILE.read_text())


@pytest.mark.parametrize("path", NODE_LOCKS, ids=lambda path: path.parent.name)
def test_node_lock_has_checksums_and_no_address(path):
	packages = json.loads(path.read_text())["packages"]
	real = {name: package for name, package in packages.items() if name}
	assert [name for name, package in real.items() if "resolved" in package] == []
	assert [name for name, package in real.items() if not package.get("integrity")] == []


@pytest.mark.parametrize("path", NODE_LOCKS, ids=lambda path: path.parent.name)
def test_npm_is_told_to_leave_addresses_out(path):
	assert "omit-lockfile-registry-resolved=true" in (path.parent / ".npmrc").read_text()
