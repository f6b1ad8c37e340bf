"""The database is restarted in the middle of a run: its state is clear, nothing is lost, and it goes on (issue 6).

On a MariaDB of its own, with a copy of the site, below var/fault: nobody else's server is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest

from config.setup import databases, ports, processes
from config.setup import site as sites
from config.setup.environment import clean_environment
from config.setup.paths import ROOT, VAR
from config.setup.profiles import Profile, secret_file

FAMILIES = 7
PROCESS = ROOT / "tests" / "billing_process.py"
WORLD = ROOT / "tests" / "billing_world.py"
SITE = "fault.localhost"
OWN = Profile("fault", SITE, VAR / "fault" / "sites")


class Fault:
	"""A copy of the test's site on a server that may be killed."""

	def __init__(self, profile: Profile, site: str):
		databases.stop(OWN)  # left by a run that was killed
		shutil.rmtree(OWN.folder, ignore_errors=True)
		OWN.write_config(ports.pick_free(tuple(ports.DEMO_PORTS)))
		databases.start(OWN)
		config = json.loads((profile.sites / site / "site_config.json").read_text())
		name, password = config["db_name"], config["db_password"]
		(OWN.sites / SITE).mkdir(parents=True)
		for folder in ("logs", "public/files", "private/files"):
			(OWN.sites / SITE / folder).mkdir(parents=True)
		secret_file(OWN.sites / SITE / "site_config.json", json.dumps(config))
		databases.execute(
			OWN,
			f"CREATE DATABASE `{name}`; CREATE USER '{name}'@'%' IDENTIFIED BY '{password}';"
			f"GRANT ALL ON `{name}`.* TO '{name}'@'%';",
		)
		dump = OWN.folder / "copy.sql"
		sites.dump(profile, site, dump)
		databases.execute(OWN, f"USE `{name}`; SOURCE {dump};")

	def program(self, *words: str, **options) -> subprocess.Popen:
		return subprocess.Popen(
			[sys.executable, *map(str, words)],
			cwd=OWN.sites,
			env=clean_environment() | {"PYTHONPATH": str(ROOT)},
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			text=True,
			**options,
		)

	def ask(self, question: str, *words: str):
		"""An answer of ``billing_world.py``."""
		said, errors = (process := self.program(WORLD, SITE, question, *words)).communicate(timeout=180)
		assert process.returncode == 0, errors[-3000:]
		return json.loads(said.splitlines()[-1])

	def job(self, run: str, job: str) -> None:
		"""Do a job to its end."""
		errors = (process := self.program(PROCESS, SITE, run, job, "checkpoint", "1000000")).communicate()[1]
		assert process.returncode == 0, errors[-3000:]

	def job_with_a_crash(self, run: str, job: str, at: int, *, back: bool) -> str:
		"""The server is killed while the job waits at a checkpoint; ``back``: it is there again when the job goes on.

		Returns what the job said of its end.
		"""
		process = self.program(PROCESS, SITE, run, job, "pause", str(at))
		assert process.stdout.readline().strip() == "paused", process.communicate()[1][-3000:]
		self.kill()
		if back:
			databases.start(OWN)
		errors = process.communicate("go on\n", timeout=120)[1]
		assert process.returncode == 1, "it can't have come to its end"
		if not back:
			databases.start(OWN)
		return errors

	@staticmethod
	def kill() -> None:
		"""As by a power cut. Its supervisor ends the two Redis with it."""
		pid = databases.server_pid(OWN, "mariadb")
		os.kill(pid, signal.SIGKILL)
		deadline = time.monotonic() + 60
		while processes.is_running(OWN, "databases") or Path(f"/proc/{pid}").exists():
			assert time.monotonic() < deadline, "the server did not end"
			time.sleep(0.1)


@pytest.fixture
def fault(profile: Profile, site_name: str) -> Iterator[Fault]:
	frappe.db.rollback()
	try:
		yield Fault(profile, site_name)
	finally:
		databases.stop(OWN)
		shutil.rmtree(OWN.folder, ignore_errors=True)


def test_the_database_is_restarted_in_the_middle_of_a_run(fault: Fault):
	run = fault.ask("make", str(FAMILIES))
	fault.ask("start", run)
	fault.job(run, "compute")
	undisturbed = fault.ask("invoices", run)
	assert len(undisturbed) == FAMILIES - 1, "one has no QF"

	# While it computes: the server is back before the job notices, and the job writes that it stopped …
	fault.ask("start", run)
	assert "OperationalError" in fault.job_with_a_crash(run, "compute", 3, back=True)
	assert fault.ask("state", run) == ["Interrupted", "Interrupted"]
	# … or it is not, and nothing can be written: then who asks hears the same.
	fault.ask("start", run)
	assert "OperationalError" in fault.job_with_a_crash(run, "compute", 3, back=False)
	assert fault.ask("state", run) == ["Computing", "Interrupted"]
	fault.ask("start", run)
	fault.job(run, "compute")
	assert fault.ask("invoices", run) == undisturbed

	# While it issues.
	fault.ask("issue", run)
	fault.job_with_a_crash(run, "issue_drafts", 1, back=False)
	assert fault.ask("state", run) == ["Issuing", "Interrupted"]
	fault.ask("issue", run)
	fault.job(run, "issue_drafts")
	assert fault.ask("state", run) == ["Issued", "Issued"]
	assert fault.ask("invoices", run) == undisturbed
	numbers = fault.ask("numbers", run)
	assert numbers == [f"2061-{number:06d}" for number in range(1, FAMILIES)]
