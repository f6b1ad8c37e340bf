"""The running web server and worker of the site, and sessions that are logged in.

They see only what is committed: `frappe.db.commit()` before a request, and `frappe.db.rollback()` before looking
at what the request wrote (the test's own transaction shows the state of its beginning).
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pytest
import requests

from config.setup import ports
from config.setup.environment import clean_environment
from config.setup.paths import CONFIG, ENV, ROOT
from config.setup.profiles import Profile

PASSWORD = "Essai-Concerto-2026!"
PATIENCE = 60


class Client(requests.Session):
	"""A requests session whose addresses are relative to the site."""

	def __init__(self, base_url: str):
		super().__init__()
		self.base_url = base_url
		self.headers["Accept"] = "application/json"

	def request(self, method, url, *args, **kwargs):
		kwargs.setdefault("timeout", PATIENCE)
		return super().request(method, urljoin(self.base_url, url), *args, **kwargs)

	def call(self, method: str, **arguments):
		"""POST to a whitelisted method; its message, or an error with what the server said."""
		response = self.post(f"/api/method/{method}", json=arguments)
		response.raise_for_status()
		return response.json().get("message")


@pytest.fixture(scope="session")
def base_url(connection: None, profile: Profile, site_name: str) -> Iterator[str]:
	"""Address of a web server for the site, on a free port; started for this run and stopped after it."""
	port = ports.pick_free(("web",))["web"]
	command = [ENV / "bin" / "gunicorn", "--config", CONFIG / "gunicorn.py", "--pythonpath", ROOT]
	command += ["--bind", f"127.0.0.1:{port}", "config.wsgi:application"]
	with _background(profile, "web", command, {"DEFAULT_SITE": site_name}) as process:
		url = f"http://127.0.0.1:{port}"
		deadline = time.monotonic() + PATIENCE
		while not _is_up(f"{url}/api/method/ping"):
			assert process.poll() is None and time.monotonic() < deadline, (
				f"no web server: see {_log(profile, 'web')}"
			)
			time.sleep(0.2)
		yield url


@pytest.fixture(scope="session")
def worker(connection: None, profile: Profile) -> Iterator[None]:
	"""A worker that runs the background jobs of the site."""
	command = [CONFIG / "bench", "worker", "--queue", "short,default,long", "--quiet"]
	with _background(profile, "worker", command, {}):
		yield


@pytest.fixture
def client(base_url: str) -> Iterator[Client]:
	"""A visitor who is not logged in."""
	with Client(base_url) as visitor:
		yield visitor


@pytest.fixture
def login(base_url: str) -> Iterator[Callable[..., Client]]:
	"""login("agent@example.org") gives a Client with that user's session.

	Without a password the user gets one. Commits, as the server has to see the user.
	"""
	clients = []

	def log_in(user: str, password: str | None = None) -> Client:
		import frappe
		from frappe.utils.password import update_password

		if password is None:
			password = PASSWORD
			update_password(user, password)
		frappe.db.commit()
		session = Client(base_url)
		clients.append(session)
		response = session.post("/api/method/login", json={"usr": user, "pwd": password})
		assert response.status_code == 200, f"{user} cannot log in: {response.text[:500]}"
		return session

	yield log_in
	for session in clients:
		session.close()


class _background:
	"""A program that runs while the block does, with its output in the profile's logs."""

	def __init__(self, profile: Profile, name: str, command: list, variables: dict[str, str]):
		self.log = _log(profile, name).open("ab")
		self.process = subprocess.Popen(
			[str(word) for word in command],
			cwd=profile.sites,
			env=clean_environment() | {"BENCH_SITES": str(profile.sites)} | variables,
			stdin=subprocess.DEVNULL,
			stdout=self.log,
			stderr=self.log,
		)

	def __enter__(self) -> subprocess.Popen:
		return self.process

	def __exit__(self, *error) -> None:
		self.process.terminate()
		try:
			self.process.wait(timeout=20)
		except subprocess.TimeoutExpired:
			self.process.kill()
			self.process.wait()
		self.log.close()


def _log(profile: Profile, name: str):
	return profile.folder / "logs" / f"pytest-{name}-{os.getpid()}.log"


def _is_up(url: str) -> bool:
	try:
		return requests.get(url, timeout=PATIENCE).ok
	except requests.ConnectionError:
		return False
