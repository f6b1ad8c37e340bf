"""Pictures for docs/ from a running demo: ``make screenshots``, or

    env/bin/python -m tests.browser.screenshots --url http://concerto.localhost:8000

Reads only: nothing of the demo is changed. Families are found by their odd case (``bench concerto-demo-cases``).
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from PIL import Image

from config.setup.paths import ROOT
from tests.support.browser import DESKTOP, FLAGS, PHONE

IMAGES = ROOT / "docs" / "images"
LARGEST = 250_000  # bytes

COORDINATOR = "mrobin@concerto.example"
ADMINISTRATOR = "hmarchand@concerto.example"
AGENT = "orenard@concerto.example"
FINANCE = "bmercier@concerto.example"
OTHER_COORDINATOR = "jpicard@concerto.example"  # of the school where somebody was fetched late
NURSERY_DIRECTOR = "sgarnier@concerto.example"
KITCHEN = "gperrot@concerto.example"
TABLET = {"width": 1024, "height": 768}
CANTEEN = "Restauration scolaire"
NURSERY = "Accueil collectif Les Petits Pas"
TO_DECIDE = "start=2026-11-01&end=2026-11-23"  # a month that is being ticked

QUIET = (
	"() => window.frappe?.boot && !frappe.request.ajax_count && !document.querySelector('.ds-loading, .skeleton')"
	" && ![...document.querySelectorAll('.number-card-loading, .widget-loading')].some((e) => e.offsetHeight)"
)


def odd_cases(site: str) -> dict[str, str]:
	"""Dossiers of the odd cases of the demo, by name of the case, as ``bench concerto-demo-cases`` lists them."""
	answer = subprocess.run(
		[ROOT / "config" / "bench", "--site", site, "concerto-demo-cases"], capture_output=True, text=True
	)
	if answer.returncode:
		sys.exit(f"{site} does not tell its odd cases: is the demo loaded?\n{answer.stderr}")
	return {case: family for family, case in re.findall(r"(DOS-\d+) +(\w+)", answer.stdout)}


class Camera:
	def __init__(self, browser: Any, url: str, password: str):
		self.browser, self.url, self.password = browser, url, password
		self.families = odd_cases(urlsplit(url).hostname)

	def family(self, scenario: str) -> str:
		"""The dossier of an odd case: its number depends on what was loaded before it."""
		return self.families[scenario]

	@contextmanager
	def session(self, user: str, size: dict[str, int] = DESKTOP) -> Iterator[Any]:
		"""A page of a user who is logged in."""
		context = self.browser.new_context(
			base_url=self.url, viewport=size, locale="fr-FR", timezone_id="Europe/Paris"
		)
		page = context.new_page()
		page.goto("/login")
		status = page.evaluate(
			"([usr, pwd]) => fetch('/api/method/login', {method: 'POST', headers: {'Content-Type':"
			" 'application/json'}, body: JSON.stringify({usr, pwd})}).then((answer) => answer.status)",
			[user, self.password],
		)
		if status != 200:
			sys.exit(
				f"{user} cannot log in at {self.url} ({status}): is the demo loaded, is the password right?"
			)
		yield page
		context.close()

	def shoot(self, page: Any, name: str, path: str, ready: str, before: Callable | None = None) -> None:
		"""Open a page, wait until ``ready`` is drawn and the server is quiet, and keep the picture."""
		page.goto(path)
		page.locator(ready).first.wait_for()
		if before:
			before(page)
		page.wait_for_function(QUIET)
		page.wait_for_load_state("networkidle")
		page.evaluate("document.fonts.ready")
		keep(page.screenshot(animations="disabled", caret="hide"), name)


def keep(picture: bytes, name: str) -> None:
	"""Write a PNG of 256 colours, smaller if it is still too large."""
	image = Image.open(io.BytesIO(picture)).convert("RGB")
	for width in (image.width, 1200, 1000, 800):
		if width < image.width:
			image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
		file = io.BytesIO()
		image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
			file, "PNG", optimize=True
		)
		if file.tell() <= LARGEST:
			break
	IMAGES.mkdir(parents=True, exist_ok=True)
	(IMAGES / f"{name}.png").write_bytes(file.getvalue())
	print(f"{name}.png  {file.tell() // 1000} kB")


def one(page: Any, doctype: str, filters: dict, order: str = "creation asc") -> str:
	"""Name of the first document that the user sees."""
	return page.evaluate(
		"([doctype, filters, order]) => frappe.db.get_list(doctype, {filters, order_by: order, limit: 1})"
		".then((rows) => rows[0]?.name)",
		[doctype, filters, order],
	)


def tab(label: str) -> Callable:
	def open_tab(page: Any) -> None:
		page.locator(".form-tabs .nav-link", has_text=label).click()

	return open_tab


def pdf_page(page: Any, invoice: str, name: str) -> None:
	"""First page of the PDF of an invoice."""
	if not shutil.which("pdftoppm"):
		print("pdftoppm (poppler-utils) is not installed: the picture of the PDF stays as it is")
		return
	pdf_picture(page, f"/api/method/concerto_education.billing.pdf.invoice_pdf?name={invoice}", name)


def pdf_picture(page: Any, path: str, name: str) -> None:
	"""First page of a PDF that the user may open."""
	content = page.evaluate(
		"(path) => fetch(path).then((answer) => answer.arrayBuffer()).then((b) => [...new Uint8Array(b)])",
		path,
	)
	picture = subprocess.run(
		["pdftoppm", "-png", "-r", "90", "-f", "1", "-l", "1", "-"],
		input=bytes(content),
		capture_output=True,
		check=True,
	).stdout
	keep(picture, name)


def take_families(camera: Camera) -> None:
	"""A family that was entered twice, a placed child's payers, authorisations of a child, and what is missing."""
	with camera.session(ADMINISTRATOR) as page:
		report = "/app/query-report/Likely%20Duplicates?kind=Family"
		camera.shoot(page, "duplicates", report, ".dt-row .dt-cell--col-1", compare_first)
		placed = f"/app/family/{camera.family('placed_since_october')}"
		camera.shoot(page, "placed-payers", placed, ".modal.show .btn-primary", past_the_note)
	with camera.session(COORDINATOR) as page:
		child = page.evaluate(
			"(family) => frappe.xcall('frappe.client.get', {doctype: 'Family', name: family})"
			".then((doc) => doc.members.find((row) => row.role === 'Child').person)",
			camera.family("four_siblings"),
		)
		answers = '[data-fieldname="authorisations_section"]'
		camera.shoot(
			page,
			"authorisations",
			f"/app/person/{child}",
			f"{answers} .concerto-answers li",
			lambda shown: shown.locator(answers).scroll_into_view_if_needed(),
		)
		camera.shoot(page, "incomplete-dossiers", "/app/incomplete-dossiers", ".inc-row")
		camera.shoot(
			page,
			"incomplete-weeks",
			"/app/incomplete-dossiers",
			".inc-weeks tbody tr",
			lambda shown: shown.locator(".inc-weeks").scroll_into_view_if_needed(),
		)


def compare_first(page: Any) -> None:
	"""The two dossiers of the first pair, side by side."""
	page.get_by_role("button", name="Comparer").first.click()
	page.locator(".modal.show .modal-body").wait_for()


def past_the_note(page: Any) -> None:
	"""The note of a placement is left for the next time, then the payers are shown."""
	page.locator(".modal.show").get_by_role("button", name="Me la montrer à nouveau").click()
	page.locator(".modal.show").wait_for(state="hidden")
	tab("Payeurs")(page)
	page.locator(".concerto-placed").first.wait_for()


def take_meals(camera: Camera) -> None:
	"""Lists and meal orders of a school day of the demo."""
	day = "2026-11-19"
	list_of = f"activity={quote('Restauration scolaire')}&day={day}"
	with camera.session(COORDINATOR) as page:
		camera.shoot(page, "lists", f"/app/attendance-lists?{list_of}", ".lists-body td")
	with camera.session(KITCHEN) as page:
		camera.shoot(page, "meals", f"/app/meals?day={day}", ".meals-site .number")
		if shutil.which("pdftoppm"):
			query = f"kitchen={quote('Cuisine centrale')}&day={day}"
			pdf_picture(
				page, f"/api/method/concerto_education.attendance.meals.api.day_pdf?{query}", "meals-pdf"
			)


def take_closing(camera: Camera) -> None:
	"""Who was expected and not ticked, who was fetched late, and the month of the sites."""
	for name, size in (("absences", DESKTOP), ("absences-phone", PHONE)):
		with camera.session(COORDINATOR, size) as page:
			camera.shoot(page, name, f"/app/absences?{TO_DECIDE}", ".ab-row", choose_a_class)
	with camera.session(OTHER_COORDINATOR) as page:
		camera.shoot(page, "late-pickup", "/app/absences?start=2026-10-01&end=2026-10-31", ".ab-bar", late)
	with camera.session(ADMINISTRATOR) as page:
		camera.shoot(page, "month-board", "/app/month-board?month=2026-10", ".mb-site")
	with camera.session(COORDINATOR, PHONE) as page:
		camera.shoot(page, "month-board-phone", "/app/month-board?month=2026-11", ".mb-site")


def take_payments(camera: Camera) -> None:
	"""Money that came in, what is unpaid, the reminders that wait, and a letter."""
	with camera.session(FINANCE) as page:
		camera.shoot(page, "payments-workspace", "/app/payments-desk", ".number-widget-box .number")
		camera.shoot(page, "payment-entry", "/app/payment-entry", ".pe input[name=payer]", look_up_a_payer)
		bounced = one(page, "Payment", {"status": "Cancelled"})
		payer = page.evaluate(
			"(name) => frappe.xcall('frappe.client.get_value', {doctype: 'Payment',"
			" filters: {name}, fieldname: 'payer'}).then((found) => found.payer)",
			bounced,
		)
		camera.shoot(page, "account-statement", f"/app/account-statement?payer={payer}", "td.text-right")
		camera.shoot(page, "unpaid", "/app/query-report/Unpaid Invoices", ".dt-row .dt-cell")
		run = one(page, "Reminder Run", {"status": "To Review"})
		camera.shoot(page, "reminder-run", f"/app/reminder-run/{run}", "[data-leave-out]")
		if shutil.which("pdftoppm"):
			papers = "/api/method/concerto_education.billing.payments"
			pdf_picture(page, f"{papers}.reminders.api.run_pdf?run={run}", "reminder-pdf")


def look_up_a_payer(page: Any) -> None:
	page.locator(".pe input[name=payer]").fill("thi")
	page.locator(".pe-found button").first.wait_for()


def choose_a_class(page: Any) -> None:
	"""A class of the first list is chosen: what can be done with it shows."""
	page.locator(".ab-class").first.click()
	page.locator(".ab-do:visible").wait_for()


def late(page: Any) -> None:
	page.locator("[name=status]").select_option("Late")
	page.locator(".ab-late").first.click()
	page.locator(".modal.show .late-about").wait_for()


def take_all(camera: Camera) -> None:
	take_families(camera)
	take_meals(camera)
	take_closing(camera)
	take_payments(camera)
	siblings = camera.family("four_siblings")
	with camera.session(COORDINATOR) as page:
		camera.shoot(page, "workspace", "/app", ".number-widget-box .number")
		camera.shoot(page, "families", "/app/family", ".list-row .level-item.bold")
		camera.shoot(page, "family", f"/app/family/{siblings}", ".concerto-overview .concerto-card")
		camera.shoot(
			page,
			"quotient",
			f"/app/family/{camera.family('quotient_recorded_late')}",
			".concerto-overview .concerto-card",
			tab("Quotient familial"),
		)
		health = one(page, "Health Record", {}, "name asc")
		camera.shoot(
			page,
			"health",
			f"/app/person/{person_of(page, health)}",
			".form-layout .form-section:visible",
			health_tab,
		)
		custody = one(page, "Custody Calendar", {"family": camera.family("two_payers_alternate_weeks")})
		camera.shoot(
			page, "custody", f"/app/custody-calendar/{custody}", ".form-layout .form-section:visible"
		)
		enrolment = one(page, "Enrolment", {"family": siblings, "activity": CANTEEN})
		camera.shoot(page, "enrolment", f"/app/enrolment/{enrolment}", ".form-grid .grid-row[data-idx]")
		sheet = f"/app/day-sheet?activity={quote(CANTEEN)}&day={last_absence(page)}"
		camera.shoot(page, "day-sheet", sheet, ".ds-row")
	with camera.session(AGENT, PHONE) as page:
		camera.shoot(page, "day-sheet-phone", sheet, ".ds-row")
	for name, size in (("pointage", TABLET), ("pointage-phone", PHONE)):
		with camera.session(AGENT, size) as page:
			tick_without_network(page, name, CANTEEN, (0, 1, 3, 4, 6))
	with camera.session(NURSERY_DIRECTOR, TABLET) as page:
		tick_without_network(page, "pointage-clock", NURSERY, (0, 1))
	with camera.session(FINANCE) as page:
		camera.shoot(page, "billing-workspace", "/app", ".number-widget-box .number")
		run = one(page, "Billing Run", {"status": "Issued"})
		camera.shoot(page, "billing-run", f"/app/billing-run/{run}", ".concerto-figures .concerto-card")
		camera.shoot(page, "posting", f"/app/billing-run/{run}", ".concerto-posting .concerto-card")
		invoice = one(page, "Invoice", {"family": siblings, "billing_run": run})
		camera.shoot(page, "invoice", f"/app/invoice/{invoice}", ".concerto-figures .concerto-card")
		pdf_page(page, invoice, "invoice-pdf")
		take_corrections(camera, page)


def take_corrections(camera: Camera, page: Any) -> None:
	"""The dialog over an invoice, cancelled again; and the history of one that the demo has corrected."""
	found = one(
		page, "Invoice", {"status": ["in", ["Issued", "Sent"]], "kind": "Invoice", "total": [">", 30]}
	)
	ready = ".concerto-figures .concerto-card"
	camera.shoot(page, "correction", f"/app/invoice/{found}", ready, choose_days)
	corrected = page.evaluate(
		"frappe.db.get_value('Invoice Correction', {scope: 'Days'}, 'invoice').then((a) => a.message.invoice)"
	)
	camera.shoot(page, "correction-history", f"/app/invoice/{corrected}", ".concerto-corrections tbody tr")


def choose_days(page: Any) -> None:
	page.get_by_role("button", name="Corriger").click()
	page.locator(".dropdown-menu.show").get_by_text("Annuler ou corriger").click()
	for number in (0, 1):
		page.locator(".concerto-day").nth(number).check()
	page.locator(".concerto-result").wait_for()


def person_of(page: Any, record: str) -> str:
	"""Whose record it is: lists tell that much."""
	return page.evaluate(
		"(name) => frappe.db.get_value('Health Record', name, 'person').then((answer) => answer.message.person)",
		record,
	)


def health_tab(page: Any) -> None:
	tab("Santé")(page)
	page.locator(".concerto-health section").first.wait_for()


def tick_without_network(page: Any, name: str, activity: str, places: tuple[int, ...]) -> None:
	"""The tablet page while the network is away: what is ticked waits on the device, and is then thrown away."""
	page.goto("/pointage")
	page.get_by_label("Liste").select_option(activity)
	page.locator(".child").first.wait_for()
	page.wait_for_load_state("networkidle")
	page.context.set_offline(True)
	for place in places:
		page.locator(".child .touch").nth(place).click()
	page.locator(".state.is-offline").wait_for()
	page.evaluate("scrollTo(0, 0)")
	keep(page.screenshot(animations="disabled", caret="hide"), name)


def last_absence(page: Any) -> str:
	"""The last day on which somebody was absent from the canteen: a sheet that shows every state."""
	return page.evaluate(
		"(activity) => frappe.db.get_list('Attendance', {filters: {status: 'Absent', activity},"
		" fields: ['attendance_date'], order_by: 'attendance_date desc', limit: 1})"
		".then((rows) => rows[0].attendance_date)",
		CANTEEN,
	)


def main() -> None:
	from playwright.sync_api import sync_playwright

	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--url", default="http://concerto.localhost:8000", help="address of the running demo")
	parser.add_argument("--password", default="concerto-demo", help="password of the demo's logins")
	arguments = parser.parse_args()
	program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	if not program:
		sys.exit("Chromium is not installed: `make setup` installs it")
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(
			executable_path=program, args=list(FLAGS), env={**os.environ, "LANGUAGE": "fr_FR"}
		)
		take_all(Camera(browser, arguments.url, arguments.password))
		browser.close()


if __name__ == "__main__":
	main()
