"""Tablets of the browser tests, and a web server of their own, because they stop it (R32)."""

from __future__ import annotations

from typing import Any

import pytest

# The helpers need frappe: they are imported when they are used, because tests of the engine run without it.


@pytest.fixture(scope="session")
def server(connection, profile, site_name):
	from tests.browser.tablet import Server

	one = Server(profile, site_name)
	one.start()
	yield one
	one.stop()


@pytest.fixture
def world(connection):
	import frappe

	from tests.browser.tablet import World

	frappe.set_user("Administrator")
	return World()


@pytest.fixture
def tablet(browser, server):
	"""tablet(user, size=…) gives a device of its own, logged in; no error in its console when the test ends."""
	from tests.browser.tablet import TABLET, Tablet

	contexts, tablets = [], []
	if not server.is_up():
		server.start()

	def open_tablet(user: str, size: dict | None = None, script: str | None = None) -> Any:
		context = browser.new_context(
			base_url=server.url,
			viewport=size or TABLET,
			locale="fr-FR",
			timezone_id="Europe/Paris",
			has_touch=True,
		)
		context.set_default_timeout(20_000)
		context.add_cookies(server.cookies(user))
		if script:
			context.add_init_script(script)
		contexts.append(context)
		one = Tablet(context.new_page(), context, server)
		tablets.append(one)
		return one.open()

	yield open_tablet
	for context in contexts:
		context.close()
	assert not [error for one in tablets for error in one.errors]
