"""The Desk opens in French, on its work, without an error in the browser."""


def test_desk_opens_in_french_without_the_setup_wizard(open_page):
	page = open_page("/login")
	errors = []
	page = open_page("/app", user="Administrator")
	page.on("pageerror", lambda error: errors.append(str(error)))
	page.wait_for_selector(".desk-sidebar, .layout-side-section", state="attached")
	assert "setup-wizard" not in page.url
	assert page.evaluate("frappe.boot.lang") == "fr"
	assert page.evaluate("document.documentElement.lang") == "fr"
	assert errors == []
