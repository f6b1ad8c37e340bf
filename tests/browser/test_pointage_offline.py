"""The tablet page with the network really cut, the page reloaded, the server restarted: nothing lost, nothing twice (R32)."""

from __future__ import annotations

import frappe
from frappe.sessions import clear_sessions

from concerto_education.authority import roles
from tests import builders as make


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
	one.wait_state("Tout est envoyé")
	# Without network the device can't hear of the absence before it is touched: what happens then is the question.
	one.context.set_offline(True)
	row = frappe.get_doc("Attendance", world.row("Abricot").name)
	row.update({"status": "Justified", "reason": "Certificat médical"}).save()
	frappe.db.commit()
	one.touch("Abricot")
	one.until(lambda: one.waiting() == 1)
	one.context.set_offline(False)
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


def test_R32_a_better_measured_clock_never_turns_two_touches_around(world, tablet):
	"""The first answer was slow, so the difference was a second wrong: what was undone stays undone."""
	one = tablet(world.agent)
	first, second, after_jump = one.page.evaluate(
		"""async () => {
			const script = document.querySelector("script[type=module]").src;
			const clock = await import(new URL("clock.js", script));
			const measured = (difference) => {
				const now = Date.now();
				clock.measure(now, now, now + difference);
				const { time, offset } = clock.moment();
				return time + offset;
			};
			return [measured(1000), measured(0), measured(-3_600_000)];
		}"""
	)
	assert second > first
	assert after_jump < first  # the clock of the device was set meanwhile: that is no matter of measuring
