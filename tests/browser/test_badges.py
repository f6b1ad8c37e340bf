"""Badges in a real browser: the camera and its reader are played, everything behind them is real (R31, R32)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.attendance.badges import service
from tests import builders as make
from tests.browser.tablet import PHONE, TABLET

# A camera that shows noise, and a reader that sees what the test holds in front of it.
CAMERA = """
globalThis.BarcodeDetector = class {
	static async getSupportedFormats() { return ["qr_code"]; }
	async detect() {
		const text = globalThis.held;
		globalThis.held = null;
		return text ? [{ rawValue: text }] : [];
	}
};
Object.defineProperty(navigator, "mediaDevices", {
	value: {
		getUserMedia: async () => {
			const canvas = document.createElement("canvas");
			canvas.width = canvas.height = 64;
			const context = canvas.getContext("2d");
			setInterval(() => context.fillRect(0, 0, Math.random() * 64, 64), 40);
			return canvas.captureStream(25);
		},
	},
});
"""
NO_READER = "delete globalThis.BarcodeDetector;"


@pytest.fixture
def codes(world):
	"""The code on the badge of each child of the list, by name."""
	frappe.db.set_single_value("Authority Settings", "use_badges", 1)
	persons = {
		name: frappe.db.get_value("Enrolment", enrolment, "person")
		for name, enrolment in world.enrolments.items()
	}
	tokens = service.issue(persons.values())
	frappe.db.commit()
	frappe.clear_cache()
	yield {name: service.PREFIX + tokens[person] for name, person in persons.items()}
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Authority Settings", "use_badges", 0)
	frappe.db.commit()
	frappe.clear_cache()


def open_camera(one):
	one.page.get_by_role("button", name="Scanner les badges").click()
	one.dialog().get_by_text("Présentez un badge").wait_for()


def hold(one, code: str, answer: str):
	"""Hold a badge in front of the camera until the page answers."""
	one.page.evaluate("(text) => { globalThis.held = text; }", code)
	one.dialog().locator(".scanned", has_text=answer).wait_for()


@pytest.mark.parametrize("size", [TABLET, PHONE])
def test_R32_a_badge_ticks_its_child_once(world, codes, tablet, size):
	one = tablet(world.agent, size=size, script=CAMERA)
	for label in ("Scanner les badges", "Ajouter un enfant"):
		box = one.page.get_by_role("button", name=label).bounding_box()
		assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"], label
	open_camera(one)
	hold(one, codes["Cerise"], "CERISE Lea est présent")
	hold(one, codes["Figue"], "FIGUE Lea est présent")
	one.page.wait_for_timeout(4100)  # the same badge is not read twice within four seconds
	hold(one, codes["Cerise"], "déjà pointé")
	one.dialog().get_by_role("button", name="Terminer").click()
	assert one.present() == {"Cerise", "Figue"}
	one.all_sent()
	assert [name for name, status in world.statuses().items() if status == "Present"] == ["Cerise", "Figue"]
	assert world.events(action="Present") == 2


def test_R32_badges_are_read_without_network(world, codes, tablet):
	one = tablet(world.agent, script=CAMERA).ready_for_no_network()
	one.cut()
	open_camera(one)
	hold(one, codes["Banane"], "BANANE Lea est présent")
	hold(one, service.PREFIX + "x" * 22, "pas de réseau")
	one.dialog().get_by_role("button", name="Terminer").click()
	assert one.present() == {"Banane"}
	one.connect()
	one.wait_state("Tout est envoyé")
	assert world.row("Banane").status == "Present"


def test_R32_a_badge_taken_back_meanwhile_is_refused_when_the_network_is_back(world, codes, tablet):
	"""The device can't know; it keeps the refusal with its reason, and what it shows is the truth again."""
	one = tablet(world.agent, script=CAMERA).ready_for_no_network()
	one.cut()
	person = frappe.db.get_value("Enrolment", world.enrolments["Cerise"], "person")
	service.take_back(person, "perdu")
	frappe.db.commit()
	open_camera(one)
	hold(one, codes["Banane"], "BANANE Lea est présent")
	hold(one, codes["Cerise"], "CERISE Lea est présent")
	one.dialog().get_by_role("button", name="Terminer").click()
	assert one.present() == {"Banane", "Cerise"}
	one.connect()
	one.until(lambda: one.waiting() == 0)
	one.until(lambda: one.present() == {"Banane"})
	assert (world.row("Banane").status, world.row("Cerise").status) == ("Present", "Planned")
	one.page.locator(".state.is-refused").click()
	said = one.dialog().locator(".refusals li")
	said.get_by_text("Le badge a été retiré").wait_for()
	assert "CERISE" in said.inner_text()
	assert world.events(result="Refused", rule="BadgeNotActive", handled=0) == 1
	# The new lists no longer know the badge: the server says why, at once.
	one.dialog().get_by_role("button", name="Fermer").last.click()
	open_camera(one)
	hold(one, codes["Cerise"], "retiré")


def test_R31_a_badge_of_another_site_leads_to_the_coordinator(world, codes, tablet):
	stranger = make.enrolment(pattern=None).person
	token = service.issue([stranger])[stranger]
	name = frappe.db.get_value("Person", stranger, "full_name")
	lost = (
		service.PREFIX
		+ service.issue([frappe.db.get_value("Enrolment", world.enrolments["Datte"], "person")]).popitem()[1]
	)
	service.renew(frappe.db.get_value("Enrolment", world.enrolments["Datte"], "person"), "perdu")
	frappe.db.commit()
	one = tablet(world.agent, script=CAMERA)
	open_camera(one)
	hold(one, "https://example.org/", "pas un de nos badges")
	hold(one, lost, "retiré")
	hold(one, service.PREFIX + token, "n’est pas inscrit sur ce site")
	one.dialog().get_by_role("button", name="Ajouter à cette liste").click()
	one.dialog().get_by_text("Ajouté.").wait_for()
	one.dialog().get_by_role("button", name="Terminer").click()
	one.all_sent()
	frappe.db.rollback()
	task = frappe.get_doc("Attendance Task", {"site": world.site, "person": stranger})
	assert (task.child_name, task.status, task.activity) == (name, "To Regularise", world.activity.name)


def test_R32_a_browser_without_a_reader_says_so(world, codes, tablet):
	one = tablet(world.agent, script=NO_READER)
	one.page.get_by_role("button", name="Scanner les badges").click()
	one.dialog().get_by_text("Ce navigateur ne sait pas lire les badges").wait_for()


def test_R32_without_the_setting_there_is_no_camera(world, tablet):
	one = tablet(world.agent, script=CAMERA)
	one.page.get_by_role("button", name="Ajouter un enfant").wait_for()
	assert one.page.get_by_role("button", name="Scanner les badges").count() == 0
