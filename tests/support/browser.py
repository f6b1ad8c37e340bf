"""Headless Chromium, driven by Playwright: pages in French, desktop and phone, a picture of every failure."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.setup.paths import ROOT, VAR

FLAGS = (
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)
DESKTOP = {"width": 1366, "height": 850}
PHONE = {"width": 390, "height": 844}
BROWSER_TESTS = ROOT / "tests" / "browser"
PICTURES = VAR / "test" / "pictures"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""On a shared CI machine a browser test that ran out of time is tried once more; the report counts it as a rerun.

	Only those, and only a wait that ended: an assertion that fails once has failed.
	"""
	if not os.environ.get("CI"):
		return
	for item in items:
		if BROWSER_TESTS in item.path.parents:
			item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError"]))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
	"""Remember on the test whether it failed, for the picture."""
	outcome = yield
	if call.when == "call":
		item.failed_call = outcome.get_result().failed


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
	"""One Chromium for the whole run, with an empty profile of its own."""
	from playwright.sync_api import sync_playwright

	program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	assert program, "Chromium is not installed: `make setup` installs it"
	with sync_playwright() as playwright:
		chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
		yield chromium
		chromium.close()


@pytest.fixture
def open_page(browser, base_url: str, login, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
	"""open_page("/app/site", user="agent@example.org", size=PHONE) gives a Playwright page."""
	contexts = []

	def open_as(path: str = "/", user: str | None = None, size: dict[str, int] = DESKTOP) -> Any:
		context = browser.new_context(
			base_url=base_url,
			viewport=size,
			locale="fr-FR",
			timezone_id="Europe/Paris",
			has_touch=size["width"] < 800,
		)
		context.set_default_timeout(20_000)
		contexts.append(context)
		if user:
			cookies = login(user).cookies.get_dict()
			context.add_cookies([{"name": k, "value": v, "url": base_url} for k, v in cookies.items() if v])
		page = context.new_page()
		page.goto(path)
		return page

	yield open_as
	failed = getattr(request.node, "failed_call", False)
	for number, context in enumerate(contexts):
		for page in context.pages if failed else ():
			PICTURES.mkdir(parents=True, exist_ok=True)
			name = re.sub(r"\W+", "-", request.node.name)
			page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
		context.close()


@pytest.fixture
def desktop() -> dict[str, int]:
	return DESKTOP


@pytest.fixture
def phone() -> dict[str, int]:
	return PHONE
