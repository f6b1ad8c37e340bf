"""Reminders of what is missing: to whom, with which words, and what stays of them; the weekly table (R24)."""

from datetime import date, timedelta
from io import BytesIO

import frappe
import pytest
from freezegun import freeze_time
from pypdf import PdfReader

from concerto_education.activities.incomplete import api as page_api
from concerto_education.activities.incomplete import table, weekly
from concerto_education.activities.incomplete.table import Filters
from concerto_education.families.documents import api, errors, letters, missing, reminders, rules
from tests import builders as make
from tests.builders import queries

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def november(monkeypatch):
	monkeypatch.setattr(frappe.flags, "mute_emails", False)
	# A site that only writes its e-mails: they are queued, and nothing leaves.
	monkeypatch.setitem(frappe.conf, "mail_server", "mail.invalid")
	monkeypatch.setitem(frappe.conf, "mail_login", "service@mail.invalid")
	# The job commits family by family; here everything is undone.
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	with freeze_time("2026-11-24 10:00:00.5"):
		yield


def home_with(email: str | None = "claire@famille.example", **values):
	"""A dossier with something missing: nobody knows its QF."""
	mother = make.person(civility="Mme", email=email)
	return make.family(
		make.member(mother, "Representative 1"), make.member(make.child(mother.last_name)), **values
	)


def queued(reminder) -> list[str]:
	names = frappe.get_all(
		"Email Queue",
		filters={"reference_doctype": "Document Reminder", "reference_name": reminder.name},
		pluck="name",
	)
	return names


def messages(reminder) -> str:
	return "".join(
		frappe.db.get_value("Email Queue", name, "message").replace("=\n", "") for name in queued(reminder)
	)


def only_reminder(home):
	return frappe.get_last_doc("Document Reminder", filters={"family": home.name})


# ---------------------------------------------------------------- to whom


def test_r24_representatives_and_the_family_are_written_to_each_once():
	home = home_with("Claire@Famille.example")
	home.email = "claire@famille.example"
	father = make.person(email="jean@famille.example")
	home.append("members", make.member(father, "Representative 2"))
	home.append("members", make.member(make.person(email="tante@famille.example"), "Contact"))
	home.save()
	assert reminders.addresses([home.name])[home.name] == ["Claire@Famille.example", "jean@famille.example"]


def test_r24_one_reminder_is_queued_and_written_down():
	home = home_with()
	kind = make.document_type("Family", required=1, instructions="De moins de trois mois")
	answer = api.remind(home.name)
	reminder = frappe.get_doc("Document Reminder", answer["name"])
	assert (reminder.channel, reminder.state, reminder.recipients) == (
		"E-mail",
		"Queued",
		"claire@famille.example",
	)
	assert kind in [row.label for row in reminder.items]
	assert len(queued(reminder)) == 1


def test_r23_the_family_reads_which_document_and_the_history_does_not_name_it():
	home, kind = home_with(), make.document_type(health=1, required=1)
	reminder = frappe.get_doc("Document Reminder", api.remind(home.name)["name"])
	words = reminders.context(home.name, missing.for_families([home.name], DAY)[home.name])
	assert kind in str(words)
	assert kind not in str(reminder.as_dict())


def test_r24_nothing_is_sent_where_nothing_is_missing_or_nobody_reads_it():
	with pytest.raises(errors.NothingToRemind):
		api.remind(home_with(email=None).name)


def test_r24_without_outgoing_account_the_user_is_told(monkeypatch):
	monkeypatch.setattr("concerto_education.authority.mail.can_send", lambda: False)
	with pytest.raises(errors.NoOutgoingMail):
		api.send_reminders([home_with().name])
	home = home_with()
	frappe.local.lang = "en"  # as in a worker
	reminders.send_all([home.name])
	frappe.local.lang = "fr"
	assert only_reminder(home).state == "Failed"
	assert only_reminder(home).problem.startswith("Aucun e-mail ne peut partir")


# ---------------------------------------------------------------- to many


def test_r24_a_job_that_runs_twice_reminds_once():
	homes = [home_with(), home_with(), home_with(email=None)]
	names = [home.name for home in homes]
	assert reminders.send_all(names) == {"late": 0, "queued": 2, "no_email": 1}
	assert reminders.send_all(names) == {"late": 2, "no_email": 1}
	assert frappe.db.count("Document Reminder", {"family": ("in", names)}) == 2


@pytest.mark.parametrize(
	("pause", "days", "again"), [(7, 6, False), (7, 7, True), (1, 0, False), (0, 0, True)]
)
def test_r24_the_pause_between_two_reminders_is_a_setting(pause, days, again):
	frappe.db.set_single_value("Authority Settings", "reminder_pause_days", pause)
	home = home_with()
	reminders.send_all([home.name])
	with freeze_time(f"{DAY + timedelta(days)} 12:00:00.5"):
		assert ("queued" in reminders.send_all([home.name])) is again


def test_r24_one_family_that_fails_stops_no_other(monkeypatch):
	bad, good = home_with(), home_with()
	send = reminders.send

	def failing(family, *args):
		if family == bad.name:
			raise ValueError("boîte pleine")
		return send(family, *args)

	monkeypatch.setattr(reminders, "send", failing)
	assert reminders.send_all([bad.name, good.name]) == {"late": 0, "failed": 1, "queued": 1}
	assert only_reminder(bad).problem == "boîte pleine"


@pytest.mark.parametrize(
	("status", "state"),
	[("Sent", "Sent"), ("Error", "Failed"), ("Not Sent", "Queued"), ("Sending", "Queued")],
)
def test_r24_what_became_of_the_e_mails_is_followed(status, state):
	reminder = frappe.get_doc("Document Reminder", api.remind(home_with().name)["name"])
	(name,) = queued(reminder)
	frappe.db.set_value(
		"Email Queue", name, {"status": status, "error": "x\nBoîte pleine" if status == "Error" else ""}
	)
	reminders.follow()
	reminder.reload()
	assert reminder.state == state
	assert (reminder.problem == "Boîte pleine") is (state == "Failed")


# ---------------------------------------------------------------- letters


def test_r24_a_letter_for_a_family_without_e_mail():
	home, kind = home_with(email=None), make.document_type("Family", required=1)
	content = letters.render(missing.for_families([home.name], DAY), DAY, may_read_health=True)
	(page,) = PdfReader(BytesIO(content)).pages
	text = " ".join(page.extract_text().split())
	assert "Madame" in text and "3 rue des Lilas" in text and "86000 POITIERS" in text
	assert kind in text and home.name in text
	api.print_letters([home.name])
	assert (only_reminder(home).channel, only_reminder(home).state) == ("Letter", "Printed")


def test_r23_a_letter_printed_by_who_may_not_read_health_names_no_such_document():
	home, kind = home_with(email=None), make.document_type(health=1, required=1)
	content = letters.render(missing.for_families([home.name], DAY), DAY, may_read_health=False)
	assert kind not in " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


# ---------------------------------------------------------------- the weekly table


def enrolled(home, *sites, **values):
	return make.enrolment(home, make.activity(*sites, **values), make.payer(home))


def test_r24_the_table_is_of_families_whose_children_come_here():
	here, there = make.site(), make.site()
	mine, other, nobody = home_with(), home_with(), home_with()
	one, _two = enrolled(mine, here), enrolled(other, there)

	def found(**filters):
		return {mine.name, other.name, nobody.name} & set(table.lacking(Filters(**filters), DAY))

	assert found() == {mine.name, other.name}
	assert found(everybody=True) == {mine.name, other.name, nobody.name}
	assert found(site=here.name) == found(activity=one.activity) == {mine.name}
	assert found(site=here.name, kind="Mandate") == set()
	assert found(site=here.name, kind="Data", code="quotient") == {mine.name}


def test_r9_a_coordinator_sees_the_dossiers_of_their_site():
	here, there = make.site(), make.site()
	mine, other = home_with(), home_with()
	enrolled(mine, here)
	enrolled(other, there)
	frappe.set_user(make.user("School Coordinator", sites=(here.name,)))
	assert page_api.page(everybody=True)["families"] == [mine.name]
	assert page_api.page(site=there.name)["families"] == []


def test_r23_the_table_hides_health_from_who_may_not_read_it():
	site, kind = make.site(), make.document_type(health=1, required=1)
	home = home_with()
	enrolled(home, site)
	rules.refuse(make.document(home, kind, received_on="2026-11-20"), "Le vaccin manque")
	frappe.set_user(make.user("Seasonal Clerk"))
	answer = page_api.page(site=site.name)
	assert kind not in str(answer) and "vaccin" not in str(answer)
	# Nor does the filter tell who lacks it.
	assert (
		page_api.page(site=site.name, kind="Document", code=kind)["families"]
		== page_api.page(site=site.name, kind="Document")["families"]
	)


def test_r24_the_table_takes_as_many_queries_for_many():
	site = make.site()
	act = make.activity(site)
	for _number in range(4):
		home = home_with()
		make.enrolment(home, act, make.payer(home))
	found = table.lacking(Filters(site=site.name), DAY)
	assert len(found) == 4
	one = dict(list(found.items())[:1])
	table.rows(one, True)
	assert queries(lambda: table.rows(found, True)) == queries(lambda: table.rows(one, True)) <= 4


def test_r24_each_week_the_responsible_persons_of_a_site_are_told():
	site = make.site()
	enrolled(home_with(), site)
	user = make.user("School Coordinator", sites=(site.name,))
	frappe.db.set_single_value("Authority Settings", "weekly_missing_list", 1)
	assert site.name in weekly.run(DAY)
	assert frappe.db.count("Notification Log", {"for_user": user}) == 1
	frappe.db.set_single_value("Authority Settings", "weekly_missing_list", 0)
	assert weekly.run(DAY) == []


# ---------------------------------------------------------------- week by week


def test_r24_what_runs_every_week_and_what_follows_the_e_mails_is_scheduled():
	jobs = {path for paths in frappe.get_hooks("scheduler_events")["cron"].values() for path in paths}
	assert {
		"concerto_education.activities.incomplete.weekly.run",
		"concerto_education.families.documents.reminders.follow",
		"concerto_education.families.documents.rules.expire",
		"concerto_education.families.mandates.service.expire_unused",
	} <= jobs
	for path in jobs:
		assert callable(frappe.get_attr(path)), path


def test_r24_each_monday_is_counted_once_for_each_site_and_shown_to_its_people():
	here, there = make.site().name, make.site().name
	lacking, other = home_with(), home_with()
	enrolled(lacking, here)
	enrolled(other, there)
	with freeze_time("2026-11-18 10:00:00.5"):
		api.remind(lacking.name)
	weekly.run(DAY)
	weekly.run(DAY)
	(row,) = page_api.history(here)
	assert (row.week, row.dossiers, row.reminded) == (date(2026, 11, 23), 1, 1)
	weekly.run(DAY - timedelta(7))
	assert [row.week.day for row in page_api.history(here)] == [23, 16]
	frappe.set_user(make.user("School Coordinator", sites=(there,)))
	assert {row.site for row in page_api.history()} == {there}
	assert page_api.history(here) == []
	frappe.set_user(make.user("Attendance Agent", sites=(here,)))
	with pytest.raises(frappe.PermissionError):
		page_api.history()
