"""Debian packages are installed only where missing, and start nothing (config/setup/packages.py)."""

import pytest

from config.setup import packages
from config.setup.steps import SetupError


def everything(names):
	return set(names)


def nothing(names):
	return set()


def test_nothing_is_installed_where_all_is_there():
	assert packages.missing(lambda program: True, everything) == []


def test_only_what_is_missing_is_installed_once():
	assert packages.missing(lambda program: program not in ("node", "npm"), everything) == ["nodejs", "npm"]


def test_a_bare_machine_gets_databases_browser_and_pdf():
	names = packages.missing(lambda program: False, nothing)
	assert {"mariadb-server", "redis-server", "chromium", "wkhtmltopdf", "libpango-1.0-0"} <= set(names)
	assert len(names) == len(set(names))


def test_services_are_kept_from_starting_and_the_guard_is_removed(tmp_path, monkeypatch):
	monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
	with packages.no_service_started([]):
		assert "exit 101" in packages.POLICY.read_text()
		assert packages.POLICY.stat().st_mode & 0o111
	assert not packages.POLICY.exists()


def test_an_administrators_own_guard_stays(tmp_path, monkeypatch):
	monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
	packages.POLICY.write_text("theirs")
	with packages.no_service_started([]):
		pass
	assert packages.POLICY.read_text() == "theirs"


def test_without_root_and_sudo_the_reader_is_told(monkeypatch):
	monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
	monkeypatch.setattr(packages.shutil, "which", lambda name: None)
	with pytest.raises(SetupError, match="sudo"):
		packages.as_root()
