"""A connected Frappe site for every test outside tests/engine and tests/setup; what a test writes is rolled back.

`make test` prepares a site of its own and runs pytest. `pytest --site NAME` takes a developer's site instead
(`make site NAME=…`), without preparing anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.setup.paths import ROOT
from config.setup.profiles import DEMO, TEST, Profile

WITHOUT_SITE = ("engine", "setup", "support")
BENCHMARKS = "benchmark"


def pytest_addoption(parser: pytest.Parser) -> None:
	parser.addoption("--site", default=None, help="use this developer's site, not the one make test prepares")
	parser.addoption(
		"--write-matrix", action="store_true", help="write docs/permissions.md anew (make matrix)"
	)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
	"""Quick tests first. Benchmarks only where their folder was asked for."""
	asked = any(BENCHMARKS in argument for argument in config.args)
	if not asked:
		items[:] = [item for item in items if folder_of(item) != BENCHMARKS]
	order = {
		name: place for place, name in enumerate(("engine", "setup", "site", "security", "http", "browser"))
	}
	items.sort(key=lambda item: order.get(folder_of(item), len(order)))
	for item in items:
		if folder_of(item) not in WITHOUT_SITE:
			# A usefixtures mark would come too late: pytest has already worked out what each test needs.
			item.fixturenames.insert(0, "site")


def folder_of(item: pytest.Item) -> str:
	"""The folder below tests/ that a test is in."""
	try:
		return item.path.relative_to(ROOT / "tests").parts[0]
	except ValueError:
		return ""


@pytest.fixture(scope="session")
def profile(request: pytest.FixtureRequest) -> Profile:
	"""The set of servers that the tests use."""
	return DEMO if request.config.getoption("--site") else TEST


@pytest.fixture(scope="session")
def site_name(request: pytest.FixtureRequest, profile: Profile) -> str:
	"""Name of the site that the tests use."""
	return request.config.getoption("--site") or profile.site


@pytest.fixture(scope="session")
def connection(profile: Profile, site_name: str) -> Iterator[None]:
	"""Frappe, connected to the site for the whole run."""
	from config.setup import databases

	if not (profile.sites / site_name / "site_config.json").exists() or not databases.are_running(profile):
		pytest.exit(
			f"the site {site_name} or its databases are not up: use `make test`, or --site NAME", returncode=2
		)
	import frappe

	before = Path.cwd()
	os.chdir(profile.sites)  # Frappe resolves many paths from here
	frappe.init(site=site_name, sites_path=".")
	frappe.connect()
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	yield
	frappe.db.rollback()
	frappe.destroy()
	os.chdir(before)


@pytest.fixture
def site(connection: None, request: pytest.FixtureRequest) -> Iterator[None]:
	"""The site for one test: Administrator is logged in, and everything written is rolled back afterwards.

	Frappe's own test classes roll back once per class and share what setUpClass wrote: they are left alone.
	What a test commits (a web server or worker has to see it) stays until `make test` restores the site.
	"""
	import frappe

	frappe.set_user("Administrator")
	frappe.local.lang = "fr"
	yield
	if _rolls_back_by_class(request):
		return
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.clear_messages()
	frappe.local.document_cache = {}
	for name in ("in_import", "in_migrate", "in_patch", "in_install", "in_demo"):
		frappe.flags[name] = False


def _rolls_back_by_class(request: pytest.FixtureRequest) -> bool:
	try:
		from frappe.tests import IntegrationTestCase as FrappeTest  # v16
	except ImportError:
		from frappe.tests.utils import FrappeTestCase as FrappeTest
	return isinstance(request.instance, FrappeTest)
