"""A note read once by each user, and a custody calendar used by keyboard and by a click (R17, R19): in French."""

from __future__ import annotations

import frappe
import pytest

from tests import builders as make
from tests.browser.test_chain import say
from tests.browser.town import Town

DAY = 'button[data-day="{}"]'


@pytest.fixture
def separated(town: Town):
	"""A dossier of separated parents with a note; its own, committed. (family, calendar, second payer)."""
	mother = make.person("Aubry", "Delphine", civility="Mme")
	father = make.person("Pasquier", "Sebastien", civility="M.")
	kid = make.child("Pasquier", "Nathan")
	family = make.family(
		make.member(mother, "Representative 1"), make.member(father, "Representative 2"), make.member(kid)
	)
	make.opening_note(family, "Appeler la grand-mère d’abord.", social_note="Suivi par le secteur.")
	first, second = make.payer(family, mother), make.payer(family, father)
	calendar = make.custody_calendar(family, kid, first, second)
	frappe.db.commit()
	return family, calendar, second


def test_r17_a_note_is_asked_until_it_is_read(desk, town: Town, separated):
	family, calendar, _second = separated
	page = desk("/app", user=town.coordinator).form("Family", family.name)
	dialog = page.page.locator(".modal.show", has=page.page.locator(".concerto-notes"))
	dialog.wait_for()
	text = page.look()
	assert "Appeler la grand-mère" in text
	assert "Suivi par le secteur" in text
	dialog.get_by_role("button", name=say("I Have Read It")).click()
	page.page.locator(".concerto-tag", has_text=say("Read by You")).wait_for()
	frappe.db.rollback()
	assert frappe.db.exists("Opening Note Acknowledgement", {"user": town.coordinator})

	# Opened again: it stands in the form, and asks no more. The month of the child is on the tab of the payers.
	page.form("Family", family.name)
	page.page.locator(".concerto-tag", has_text=say("Read by You")).wait_for()
	assert not page.page.locator(".concerto-notes").count()
	page.page.get_by_role("tab", name=say("Payers")).first.click()
	page.page.locator(".concerto-custody-table").wait_for()
	assert page.page.locator(f'a[href$="{calendar.name}"]').count()
	page.look()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_r19_a_day_is_given_to_the_other_parent_and_saved(desk, town: Town, separated, screen, request):
	_family, calendar, second = separated
	page = desk("/app", user=town.coordinator, size=request.getfixturevalue(screen))
	page.form("Custody Calendar", calendar.name)
	view = page.page.locator(".concerto-custody")
	view.wait_for()
	page.page.evaluate("cur_frm.custody.go('2026-09-14')")
	page.page.locator(DAY.format("2026-09-14")).wait_for()
	# By keyboard: to the day after, a week up and down again, a month on and back.
	page.page.locator(DAY.format("2026-09-14")).focus()
	for key, day in (
		("ArrowRight", "2026-09-15"),
		("ArrowUp", "2026-09-08"),
		("ArrowDown", "2026-09-15"),
		("PageDown", "2026-10-15"),
		("PageUp", "2026-09-15"),
		("Home", "2026-09-14"),
	):
		page.page.keyboard.press(key)
		page.page.wait_for_function("day => document.activeElement?.dataset?.day === day", arg=day)
	assert page.page.locator(DAY.format("2026-09-14")).inner_text().split() == ["14", "D"]
	page.look()

	page.page.keyboard.press("Enter")
	dialog = page.page.locator(".modal.show")
	dialog.get_by_role("button", name=say("This day to {0}", "Sebastien")).click()
	page.page.locator(f"{DAY.format('2026-09-14')}.is-exception.is-second").wait_for()
	assert page.page.locator(DAY.format("2026-09-14")).inner_text().split() == ["14", "S*"]
	page.look()
	page.page.evaluate("() => { cur_frm.save(); }")
	page.page.wait_for_function("() => !cur_frm.is_dirty()")
	page.settle()
	frappe.db.rollback()
	row = frappe.db.get_value("Custody Exception", {"parent": calendar.name}, ["date", "payer"])
	assert (str(row[0]), row[1]) == ("2026-09-14", second.name)

	# And taken back.
	page.page.locator(DAY.format("2026-09-14")).click()
	dialog.get_by_role("button", name=say("Remove the Exception")).click()
	page.page.locator(f"{DAY.format('2026-09-14')}.is-first:not(.is-exception)").wait_for()
