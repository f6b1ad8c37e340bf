"""Processes run in the background and are stopped again, and only ours (config/setup/processes.py)."""

import os
import time
from pathlib import Path

import pytest

from config.setup import processes, profiles
from config.setup.profiles import Profile
from config.setup.steps import SetupError


@pytest.fixture
def profile(tmp_path, monkeypatch):
	monkeypatch.setattr(profiles, "VAR", tmp_path)
	procfile = tmp_path / "Procfile"
	procfile.write_text(f"one: echo $$ > {tmp_path}/one; exec sleep 60\ntwo: exec sleep 60\nbroken: exit 3\n")
	monkeypatch.setattr(processes, "_procfile", lambda profile: procfile)
	profile = Profile("test", "test.localhost", tmp_path / "sites")
	yield profile
	processes.stop(profile, "group")


def wait_for(condition):
	deadline = time.monotonic() + 20
	while not condition():
		assert time.monotonic() < deadline
		time.sleep(0.05)


def test_a_group_starts_once_and_stops_with_all_its_processes(profile, tmp_path):
	assert not processes.is_running(profile, "group")
	processes.start(profile, "group", ("one", "two"))
	pid_file = (profile.folder / "group.pid").read_text()
	wait_for(lambda: (tmp_path / "one").exists() and (tmp_path / "one").read_text())
	child = int((tmp_path / "one").read_text())
	processes.start(profile, "group", ("one", "two"))
	assert (profile.folder / "group.pid").read_text() == pid_file

	assert processes.stop(profile, "group")
	wait_for(lambda: not Path(f"/proc/{child}").exists())
	assert not processes.is_running(profile, "group")
	assert not processes.stop(profile, "group")


def test_one_that_ends_ends_the_group_and_its_log_is_shown(profile):
	processes.start(profile, "group", ("two", "broken"))
	wait_for(lambda: not processes.is_running(profile, "group"))
	with pytest.raises(SetupError, match="broken"):
		processes.require_running(profile, "group")


def test_a_number_given_to_another_process_since_is_left_alone(profile):
	profile.folder.mkdir(parents=True)
	(profile.folder / "group.pid").write_text(f"{os.getpid()} 1\n")
	assert not processes.is_running(profile, "group")
	assert not processes.stop(profile, "group")
