"""The screens of each role, one after the other: drawn without an error, in French, with something on them."""

from __future__ import annotations

import pytest

from tests.browser.town import Town

SCREENS = {
	"coordinator": (
		"/app",
		"/app/family",
		"/app/family/new",
		"/app/person/new",
		"/app/payer/new",
		"/app/quotient",
		"/app/quotient/new",
		"/app/custody-calendar/new",
		"/app/enrolment",
		"/app/enrolment/new",
		"/app/attendance",
		"/app/tariff",
		"/app/activity",
		"/app/site",
		"/app/school-year",
	),
	"agent": ("/app", "/app/day-sheet"),
	"finance": (
		"/app",
		"/app/billing-run",
		"/app/billing-run/new",
		"/app/invoice",
		"/app/charge",
		"/app/payer",
		"/app/imputation",
		"/app/authority-settings",
	),
}

# The page in front has text of its own, and nothing is still loading.
DRAWN = """() => {
	const shown = (element) => element.getClientRects().length > 0;
	const main = [...document.querySelectorAll(".page-container .layout-main-section")].find(shown);
	const busy = [...document.querySelectorAll(".freeze, .skeleton, .ds-loading")].some(shown);
	return !busy && main && main.innerText.trim().length > 30;
}"""


@pytest.mark.parametrize("who", SCREENS)
def test_screens_are_in_french_and_run_without_errors(desk, town: Town, who):
	first, *others = SCREENS[who]
	page = desk(first, user=getattr(town, who))
	for path in (first, *others):
		page.goto(path)
		page.page.wait_for_function(DRAWN)
		screen = page.look()
		assert len(screen) > 100, f"{path} is empty"
		assert "undefined" not in screen and "NaN" not in screen, path
		assert page.page.locator(".modal.show").count() == 0, f"{path} opens with a message: {screen[-300:]}"


def test_user_menu_and_filters_are_in_french(desk, town: Town):
	page = desk("/app/family", user=town.coordinator)
	page.page.locator(".dropdown-navbar-user > [data-toggle], .dropdown-navbar-user > button").first.click()
	page.page.locator(".dropdown-navbar-user .dropdown-menu.show, #toolbar-user.show").first.wait_for()
	page.look()
	page.page.keyboard.press("Escape")
	page.page.locator(".filter-button").first.click()
	page.page.locator(".filter-popover, .filter-box").first.wait_for()
	page.look()
