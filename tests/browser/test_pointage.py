"""The tablet page in a real browser: ticks, children who are not enrolled, times (R31, R32, R36)."""

from __future__ import annotations

import random
import re
import string

import frappe
import pytest

from concerto_education.attendance import regularisation
from concerto_education.authority import roles
from concerto_education.authority.users import create_user
from tests import builders as make
from tests.browser.tablet import PHONE, TABLET, World

SMALLEST = 48  # pixels of whatever is touched


# ---------------------------------------------------------------- ticking


def test_R31_one_touch_is_present_and_another_undoes_it(world, tablet):
	one = tablet(world.agent)
	one.touch("Abricot", "Banane")
	assert one.present() == {"Abricot", "Banane"}  # at once, whatever the network does
	one.wait_state("Tout est envoyé")
	assert [world.row(name).status for name in ("Abricot", "Banane", "Cerise")] == [
		"Present",
		"Present",
		"Planned",
	]
	one.touch("Abricot")
	assert one.present() == {"Banane"}
	one.all_sent()
	assert world.row("Abricot").status == "Planned"


def test_a_long_touch_and_the_button_tell_more(world, tablet):
	one = tablet(world.agent)
	one.card("Cerise").locator(".touch").hover()  # waits until the list is no longer drawn anew
	one.page.mouse.down()
	one.dialog().wait_for()
	one.page.mouse.up()
	assert one.present() == set()
	one.dialog().locator("textarea").fill("Part avec sa grand-mère")
	one.dialog().get_by_role("button", name="Pointer présent").click()
	one.until(lambda: one.present() == {"Cerise"})
	one.card("Cerise").get_by_role("button", name=re.compile("^Plus sur")).click()
	assert one.dialog().locator("textarea").input_value() == "Part avec sa grand-mère"
	one.dialog().get_by_role("button", name="Annuler la présence").click()
	one.until(lambda: one.present() == set())
	one.all_sent()
	assert (world.row("Cerise").status, world.row("Cerise").note) == ("Planned", "Part avec sa grand-mère")


@pytest.mark.parametrize("size", [TABLET, PHONE])
def test_what_is_touched_is_large_enough_and_nothing_overflows(world, tablet, size):
	one = tablet(world.agent, size)
	one.card("Abricot").locator(".more").click()
	too_small = one.page.evaluate(
		"""(smallest) => [...document.querySelectorAll("button, select, summary, input, textarea")]
			.filter((e) => e.getClientRects().length && !e.closest("[hidden]") && !e.matches(".is-alone"))
			.map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
			.filter(([, box]) => box.width < smallest || box.height < smallest)
			.map(([html, box]) => `${html} ${box.width}×${box.height}`)""",
		SMALLEST,
	)
	assert not too_small
	assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_hundred_children_answer_a_touch_at_once(world, tablet):
	"""Before the touch is over: no promise, no network and no drawing of the other cards is waited for."""
	one = tablet(world.agent)
	touched, others_drawn = one.page.evaluate(
		"""async () => {
			const list = document.querySelector(".children");
			const cards = [...list.querySelectorAll(".child")];
			for (let i = 0; i < 100; i++) list.append(cards[0].cloneNode(true));
			let drawn = 0;
			const seen = new MutationObserver((changes) => (drawn += changes.length));
			for (const card of [...list.children].slice(cards.length)) {
				seen.observe(card, { subtree: true, childList: true, attributes: true });
			}
			const touched = cards.map((card) => {
				card.querySelector(".touch").click();
				return card.classList.contains("is-present");
			});
			await new Promise(requestAnimationFrame);
			return [touched, drawn];
		}"""
	)
	assert touched == [True] * len(world.NAMES)
	assert others_drawn == 0


# ---------------------------------------------------------------- clock mode (R36), not enrolled (R31)


def test_R36_the_first_touch_notes_the_arrival_and_the_times_give_half_hours(connection, tablet):
	frappe.set_user("Administrator")
	world = World(clock_mode=1, units=("jour",), kind="Nursery, Occasional")
	one = tablet(world.agent)
	one.touch("Abricot")
	one.page.locator("#notice", has_text=re.compile(r"ABRICOT Lea.*arrivée à \d\d:\d\d")).wait_for()
	one.wait_state("Tout est envoyé")
	row = world.row("Abricot")
	assert (row.status, row.departure) == ("Present", None)
	assert re.fullmatch(r"\d\d:\d\d", row.arrival)
	one.touch("Abricot")  # so soon, that is no departure: the dialog asks
	one.dialog().get_by_label("Arrivée").fill("00:00")
	one.dialog().get_by_label("Départ").fill("01:31")
	one.dialog().get_by_role("button", name="Enregistrer").click()
	one.until(lambda: "00:00 – 01:31 (2 h 00)" in one.card("Abricot").inner_text())
	one.all_sent()
	row = world.row("Abricot")
	assert (row.arrival, row.departure, row.minutes) == ("00:00", "01:31", 120)


def test_R31_from_the_tablet_to_the_coordinators_steps(world, tablet, desk):
	kid = make.child("Kiwi" + "".join(random.choices(string.ascii_lowercase, k=8)), "Zoe", school_class="CE2")
	family = make.family(make.member(make.person(kid.last_name), "Representative 1"), make.member(kid))
	payer = make.payer(family)
	frappe.db.commit()
	one = tablet(world.agent)
	one.page.get_by_role("button", name="Ajouter un enfant").click()
	one.dialog().get_by_role("searchbox").fill(kid.last_name)
	one.dialog().get_by_role(
		"button", name=re.compile(f"{kid.last_name} Zoe.*pas inscrit ici", re.S)
	).first.click()
	one.page.locator(".child.is-task", has_text=kid.last_name).wait_for()
	one.wait_state("Tout est envoyé")
	frappe.db.rollback()
	task = frappe.get_last_doc("Attendance Task", {"site": world.site})
	assert task.person == kid.name
	# An account that the Desk opens for: the builder's is too bare.
	login = f"camille{frappe.generate_hash(length=8)}"
	coordinator = create_user(
		login,
		"Camille Coordination",
		roles.SCHOOL_COORDINATOR,
		email=f"{login}@concerto.example",
		sites=(world.site,),
	).name
	form = desk("/app/attendance-task", user=coordinator)
	form.form("Attendance Task", task.name)
	assert "Compléter le dossier" in form.look()
	form.button("Inscrire l’enfant").wait_for()
	frappe.set_user("Administrator")
	enrolled = frappe.get_doc("Enrolment", world.enrolments["Abricot"])
	make.enrolment(
		family,
		world.activity,
		payer,
		pattern=None,
		valid_from=enrolled.valid_from,
		valid_to=enrolled.valid_to,
	)
	frappe.db.commit()
	form.form("Attendance Task", task.name)
	form.button("Reprendre la présence").click()
	form.page.get_by_text("Régularisée").first.wait_for()
	frappe.db.rollback()
	task.reload()
	assert task.status == regularisation.DONE
	assert frappe.db.get_value("Attendance", task.attendance, ["status", "person"]) == ("Present", kid.name)
