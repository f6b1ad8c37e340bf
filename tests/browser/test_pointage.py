"""The tablet page in a real browser, with the network really cut: nothing lost, nothing twice (R31, R32).

The server of these tests is their own, because they stop it.
"""

from __future__ import annotations

import random
import re
import string

import frappe
import pytest
from frappe.sessions import clear_sessions

from concerto_education.attendance import regularisation
from concerto_education.authority import roles
from concerto_education.authority.users import create_user
from tests import builders as make
from tests.browser.tablet import PHONE, TABLET, Server, Tablet, World

SMALLEST = 48  # pixels of whatever is touched


@pytest.fixture(scope="module")
def server(connection, profile, site_name):
	one = Server(profile, site_name)
	one.start()
	yield one
	one.stop()


@pytest.fixture
def world(connection):
	frappe.set_user("Administrator")
	return World()


@pytest.fixture
def tablet(browser, server):
	"""tablet(user, size=…) gives a device of its own, logged in; no error in its console when the test ends."""
	contexts, tablets = [], []
	if not server.is_up():
		server.start()

	def open_tablet(user: str, size=TABLET, script: str | None = None) -> Tablet:
		context = browser.new_context(
			base_url=server.url, viewport=size, locale="fr-FR", timezone_id="Europe/Paris", has_touch=True
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
	box = one.card("Cerise").locator(".touch").bounding_box()
	one.page.mouse.move(box["x"] + 60, box["y"] + 30)
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
	one = tablet(world.agent)
	slowest = one.page.evaluate(
		"""async () => {
			const list = document.querySelector(".children");
			const card = list.querySelector(".child");
			for (let i = 0; i < 100; i++) list.append(card.cloneNode(true));
			let slowest = 0;
			for (const touch of [...document.querySelectorAll(".child:nth-child(-n+6) .touch")].slice(0, 6)) {
				const began = performance.now();
				touch.click();
				document.body.offsetHeight;
				slowest = Math.max(slowest, performance.now() - began);
				await new Promise(requestAnimationFrame);
			}
			return slowest;
		}"""
	)
	assert slowest < 100, f"{slowest} ms"


# ---------------------------------------------------------------- without network


def test_R32_the_network_is_cut_the_page_reloaded_the_server_restarted(world, tablet):
	one = tablet(world.agent).ready_for_no_network()
	one.touch("Abricot")
	one.wait_state("Tout est envoyé")
	one.cut()
	one.touch("Banane", "Cerise", "Datte", "Datte", "Abricot")
	one.wait_state("5 en attente")
	one.page.reload()
	one.page.locator(".child").first.wait_for()
	assert one.present() == {"Banane", "Cerise"}
	assert one.waiting() == 5
	one.touch("Figue")
	one.page.get_by_role("button", name="Ajouter un enfant").click()
	one.dialog().get_by_role("searchbox").fill("Zoé Kiwi")
	one.dialog().get_by_text("Introuvable").wait_for()
	one.dialog().get_by_label("Classe").fill("CE1")
	one.dialog().get_by_role("button", name="Ajouter et pointer présent").click()
	one.page.locator(".child.is-task", has_text="Zoé Kiwi").wait_for()
	one.page.reload()
	one.page.locator(".child").first.wait_for()
	assert one.waiting() == 7
	assert one.page.locator(".child.is-task").count() == 1
	one.connect()
	one.wait_state("Tout est envoyé")
	assert one.waiting() == 0
	expected = {"Abricot": "Planned", "Banane": "Present", "Cerise": "Present", "Datte": "Planned"}
	assert world.statuses() == {**expected, "Figue": "Present", "Grenade": "Planned"}
	assert world.events() == 8  # one, five and two touches: nothing lost, nothing twice
	assert world.events(result="Applied") == 8
	tasks = frappe.get_all("Attendance Task", {"site": world.site}, ["child_name", "child_class", "status"])
	assert tasks == [{"child_name": "Zoé Kiwi", "child_class": "CE1", "status": "To Regularise"}]


def test_R32_a_tick_whose_answer_was_lost_counts_once(world, tablet):
	one = tablet(world.agent)
	one.page.evaluate(
		"""() => {
			const honest = window.fetch;
			let losses = 2;
			window.fetch = async (...request) => {
				const answer = await honest(...request);
				if (String(request[0]).endsWith("pointage.send") && losses-- > 0) throw new TypeError("lost");
				return answer;
			};
		}"""
	)
	one.touch("Abricot", "Banane")
	one.wait_state("en attente")
	one.wait_state("Tout est envoyé")
	assert {world.row(name).status for name in ("Abricot", "Banane")} == {"Present"}
	assert world.events() == 2


def test_R32_two_tablets_show_the_same_and_the_later_touch_wins(world, tablet):
	first, second = tablet(world.agent), tablet(make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)))
	first.context.set_offline(True)
	first.touch("Abricot", "Banane")
	first.wait_state("2 en attente")
	second.touch(
		"Banane", "Banane", "Cerise"
	)  # Banane: there, and gone again, later than on the first tablet
	second.wait_state("Tout est envoyé")
	first.context.set_offline(False)
	first.wait_state("Tout est envoyé")
	first.until(lambda: first.present() == {"Abricot", "Cerise"})
	second.until(lambda: second.present() == {"Abricot", "Cerise"})
	assert (world.events(), world.events(result="Superseded")) == (5, 1)


def test_R32_a_session_that_ended_keeps_the_ticks_and_asks_to_log_in(world, tablet, server):
	one = tablet(world.agent)
	frappe.db.rollback()  # the session began after this transaction
	# A request that is still under way would write its session back.
	one.page.wait_for_load_state("networkidle")
	clear_sessions(user=world.agent, force=True)
	one.touch("Abricot")
	one.page.get_by_role("button", name="Se reconnecter").wait_for()
	assert one.waiting() == 1
	assert world.row("Abricot").status == "Planned"
	one.page.get_by_role("button", name="Se reconnecter").click()
	one.page.wait_for_url("**/login?redirect-to=/pointage**")
	one.context.add_cookies(server.cookies(world.agent))
	one.open().wait_state("Tout est envoyé")
	assert world.row("Abricot").status == "Present"
	assert world.events() == 1


def test_R32_leaving_with_unsent_ticks_warns(world, tablet):
	one = tablet(world.agent)
	warned = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
	assert one.page.evaluate(warned) is False
	one.context.set_offline(True)
	one.touch("Abricot", "Banane")
	one.wait_state("2 en attente")
	assert one.page.evaluate(warned) is True
	one.page.get_by_label("Menu").click()
	one.page.get_by_role("button", name="Se déconnecter", exact=True).click()
	assert "2 pointages ne sont pas encore envoyés" in one.dialog().inner_text()
	one.context.set_offline(False)
	one.dialog().get_by_role("button", name="Envoyer d’abord").click()
	one.page.wait_for_url("**/login**")
	assert {world.row(name).status for name in ("Abricot", "Banane")} == {"Present"}


def test_the_ticks_of_a_colleague_wait_for_the_colleague(world, tablet, server):
	one = tablet(world.agent).ready_for_no_network()
	one.context.set_offline(True)
	one.touch("Abricot")
	one.wait_state("1 en attente")
	other = make.user(roles.ATTENDANCE_AGENT, sites=(world.site,))
	one.context.clear_cookies()
	one.context.set_offline(False)
	one.context.add_cookies(server.cookies(other))
	one.open()
	one.page.get_by_text("d’un collègue").wait_for()
	assert world.row("Abricot").status == "Planned"
	one.page.get_by_role("button", name="Les envoyer à mon nom").click()
	one.wait_state("Tout est envoyé")
	assert world.row("Abricot").status == "Present"
	assert world.events(user=other) == 1


# ---------------------------------------------------------------- refused, wrong clock


def test_R31_a_refused_tick_is_kept_on_the_device_with_its_reason(world, tablet):
	one = tablet(world.agent)
	row = frappe.get_doc("Attendance", world.row("Abricot").name)
	row.update({"status": "Justified", "reason": "Certificat médical"}).save()
	frappe.db.commit()
	one.touch("Abricot")
	one.wait_state("1 refusé")
	one.page.reload()
	one.wait_state("1 refusé")
	one.page.locator(".state").click()
	text = one.dialog().inner_text()
	assert "ABRICOT Lea" in text
	assert "absence justifiée" in text
	assert one.card("Abricot").get_attribute("data-status") == "Justified"
	one.dialog().get_by_role("button", name="La coordinatrice est prévenue").click()
	one.wait_state("Tout est envoyé")
	assert world.events(result="Refused", handled=0) == 1


def test_R32_a_wrong_clock_is_noticed_and_corrected(world, tablet):
	fast = "{ const now = Date.now; Date.now = () => now() + 7 * 60000; }"
	one = tablet(world.agent, script=fast)
	one.page.get_by_text("avance de 7 min").wait_for()
	one.touch("Abricot")
	one.wait_state("Tout est envoyé")
	frappe.db.rollback()
	event = frappe.get_last_doc("Attendance Event", {"site": world.site})
	assert abs(event.clock_offset + 420) <= 2
	assert abs((event.happened_at - event.received_at).total_seconds()) < 10


def test_R32_a_touch_while_the_device_is_read_keeps_waiting(world, tablet):
	"""The disk answers what it held when it was asked; a tick made since then must not vanish from the screen."""
	one = tablet(world.agent)
	one.wait_state("Tout est envoyé")
	seen = one.page.evaluate(
		"""async () => {
			const scripts = "/assets/concerto_education/js/pointage/";
			const { Sync } = await import(scripts + "sync.js");
			const { queue } = await import(scripts + "store.js");
			const sync = new Sync("test", { state() {} });
			sync.user = "nobody"; // so that the page itself does not send it
			const read = sync.reload();
			const kept = sync.add({ action: "Present" });
			await read;
			const during = sync.waiting.length;
			await kept;
			await sync.reload();
			const after = sync.waiting.length;
			clearTimeout(sync.timer);
			await queue.settle(sync.waiting, []);
			return [during, after];
		}"""
	)
	assert seen == [1, 1]


# ---------------------------------------------------------------- clock mode (R36), not enrolled (R31)


def test_R36_the_first_touch_notes_the_arrival_and_the_times_give_half_hours(connection, tablet):
	frappe.set_user("Administrator")
	world = World(clock_mode=1, units=("jour",), kind="Nursery, Occasional")
	one = tablet(world.agent)
	one.touch("Abricot")
	one.page.locator("#notice", has_text="arrivée à").wait_for()
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
