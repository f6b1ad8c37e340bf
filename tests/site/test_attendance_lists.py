"""Lists on screen, on paper and as files; bus stops; a paper list keyed in by its numbers (R22, R23, R28, R31, R32, R43)."""

from datetime import date
from io import BytesIO

import frappe
import pytest
from freezegun import freeze_time
from openpyxl import load_workbook
from pypdf import PdfReader

from concerto_education.activities import errors as activity_errors
from concerto_education.attendance import day_sheet, errors, key_in, order
from concerto_education.attendance.lists import api, build, bus, contacts
from concerto_education.authority import roles
from tests import builders as make

DAY = date(2026, 9, 15)  # a Tuesday


@pytest.fixture
def tuesday(site, monkeypatch):
	monkeypatch.setattr(frappe.utils.data, "get_system_timezone", lambda: "UTC")
	with freeze_time("2026-09-15 10:00:00.5"):
		yield


class School:
	"""A canteen with children of three classes."""

	def __init__(self, **values):
		make.school_year()
		self.activity = make.activity(**values)
		self.site = self.activity.sites[0].site
		self.unit = self.activity.units[0].unit

	def child(self, last_name, school_class="CP", *others, **values):
		kid = make.child(last_name, school_class=school_class)
		mother = make.person(last_name, "Claire", phone="+33-612345678")
		members = [make.member(mother, "Representative 1", relation="mère"), make.member(kid), *others]
		return make.enrolment(make.family(*members), self.activity, pattern="2", **values)

	def args(self, **values):
		place = {"site": self.site, "activity": self.activity.name, "unit": self.unit}
		return {**place, "day": DAY, **values}

	def sheet(self):
		return day_sheet.load(self.site, self.activity.name, self.unit, DAY)

	def names(self):
		return [row["last_name"] for row in self.sheet()["rows"]]


@pytest.fixture
def school(tuesday):
	return School()


def as_user(school, *held):
	user = make.user(*held, sites=(school.site,))
	frappe.set_user(user)
	return user


def text_of(content: bytes) -> str:
	return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def answer() -> bytes:
	return frappe.local.response.filecontent


# ---------------------------------------------------------------- one order


def test_R32_paper_and_screen_have_one_order_and_one_numbering(school):
	for name, school_class in (
		("Zola", "PS"),
		("Aron", "CM2"),
		("Bloy", "CM2"),
		("Mauriac", "CE1-CE2"),
		("Sand", ""),
	):
		school.child(name, school_class)
	found = api.load(**school.args())
	listed = [(row["number"], row["last_name"]) for _name, rows in found["groups"] for row in rows]
	assert listed == list(enumerate(school.names(), 1))
	assert [name for _number, name in listed] == ["ZOLA", "MAURIAC", "ARON", "BLOY", "SAND"]
	assert found["check"] == school.sheet()["check"]
	by_group = api.load(**school.args(grouping="group"))
	assert sorted(row["number"] for _n, rows in by_group["groups"] for row in rows) == [1, 2, 3, 4, 5]


def test_R32_the_mark_of_a_list_changes_with_the_people_on_it():
	assert order.check_word(["a", "b"]) == order.check_word(["a", "b"])
	assert len({order.check_word(keys) for keys in (["a", "b"], ["b", "a"], ["a"], ["a", "b", "c"])}) == 4


def test_R32_the_paper_has_names_numbers_the_mark_and_blank_lines(school):
	school.child("Colette", "CE2")
	as_user(school, roles.ATTENDANCE_AGENT)
	api.list_pdf(**school.args())
	text = text_of(answer())
	for word in (
		"COLETTE",
		"CE2",
		school.site,
		"Mardi 15 septembre 2026",
		school.sheet()["check"],
		"page 1 / 1",
	):
		assert word in text, (word, text)
	assert "Présents hors liste" in text


def test_R36_where_hours_count_the_paper_has_columns_for_them(tuesday):
	nursery = School(clock_mode=1, units=("jour",))
	nursery.child("Colette")
	api.list_pdf(**nursery.args())
	assert "Arrivée" in text_of(answer())
	assert "Départ" in text_of(answer())


def test_R32_a_week_on_one_list(school):
	school.child("Colette")
	found = api.load(**school.args(what="Week List"))
	assert [str(day) for day in found["days"]] == ["2026-09-14", "2026-09-15", "2026-09-17", "2026-09-18"]
	assert found["groups"][0][1][0]["days"] == ["", "Planned", "", ""]
	assert found["totals"] == [0, 1, 0, 0]
	api.list_pdf(**school.args(what="Week List"))
	assert "COLETTE" in text_of(answer())


# ---------------------------------------------------------------- who sees what


def test_R22_R23_health_numbers_and_forbidden_contacts_are_for_those_who_receive_the_child(school):
	enemy = make.person("Barbe", "Bleue")
	school.child("Colette", "CP", make.member(enemy, "Contact", forbidden=1, may_collect=0, emergency=0))
	as_user(school, roles.ATTENDANCE_AGENT)
	(row,) = api.load(**school.args())["groups"][0][1]
	assert "BARBE Bleue" in row["forbidden"][0]
	(row,) = api.load(**school.args(what="Contacts"))["groups"][0][1]
	assert [(one["name"], one["phones"]) for one in row["contacts"]] == [
		("COLETTE Claire", ["06 12 34 56 78"])
	]
	as_user(school, roles.SEASONAL_CLERK)
	(row,) = api.load(**school.args())["groups"][0][1]
	assert (row["last_name"], row["forbidden"], row["marks"], row["contacts"]) == ("COLETTE", [], [], [])
	with pytest.raises(frappe.PermissionError):
		api.load(**school.args(what="Contacts"))
	with pytest.raises(frappe.PermissionError):
		api.list_pdf(**school.args(what="Contacts"))


@pytest.mark.parametrize("role", [roles.KITCHEN, roles.FAMILY])
def test_R41_no_names_for_the_kitchen_nor_for_families(school, role):
	school.child("Colette")
	as_user(school, role)
	for call in (api.load, api.list_pdf, api.table):
		with pytest.raises(frappe.PermissionError):
			call(**school.args())


def test_R9_another_site_gets_nothing(school):
	school.child("Colette")
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	for call in (api.load, api.list_pdf, api.table):
		with pytest.raises(frappe.PermissionError):
			call(**school.args())


def test_R22_whom_to_call_in_order_and_with_the_number_of_the_dossier(school):
	mother, uncle, far = (
		make.person("Colette", "Sidonie"),
		make.person("Colette", "Achille", phone="+33-712345678", phone_2="+33-549010203"),
		make.person("Colette", "Jules", phone="+32-470123456"),
	)
	kid = make.child("Colette")
	home = make.family(
		make.member(uncle, "Contact", relation="oncle", emergency=1),
		make.member(far, "Contact", emergency=0),
		make.member(mother, "Representative 1"),
		make.member(kid),
		phone="+33-549000000",
	)
	found = contacts.contacts_of([home.name])[home.name]
	assert [(one["name"], one["phones"]) for one in found] == [
		("COLETTE Sidonie", ["05 49 00 00 00"]),
		("COLETTE Achille", ["07 12 34 56 78", "05 49 01 02 03"]),
	]
	assert contacts.phone_text("+32-470123456") == "+32-470123456"


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("file_format", ["XLSX", "CSV"])
def test_R43_each_file_that_leaves_is_recorded(school, file_format):
	school.child("Colette")
	user = as_user(school, roles.SCHOOL_COORDINATOR)
	api.table(**school.args(file_format=file_format))
	if file_format == "XLSX":
		rows = list(load_workbook(BytesIO(answer())).active.iter_rows(values_only=True))
		assert rows[1][:4] == (1, "COLETTE", "Lea", "CP")
	else:
		assert "1;COLETTE;Lea;CP" in answer().decode("utf-8-sig")
	frappe.set_user("Administrator")
	(log,) = frappe.get_all(
		"List Export", {"site": school.site}, ["user", "what", "file_format", "persons", "with_health"]
	)
	assert (log.user, log.what, log.file_format, log.persons, log.with_health) == (
		user,
		"Day List",
		file_format,
		1,
		1,
	)
	doc = frappe.get_doc("List Export", {"site": school.site})
	doc.persons = 0
	with pytest.raises(errors.RecordIsFixed):
		doc.save()


def test_R43_only_colleagues_of_the_site_see_its_exports(school):
	school.child("Colette")
	elsewhere = make.site().name
	api.list_pdf(**school.args())
	as_user(school, roles.SCHOOL_COORDINATOR)
	assert len(frappe.get_list("List Export", filters={"site": school.site})) == 1
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(elsewhere,)))
	assert frappe.get_list("List Export", filters={"site": school.site}) == []


# ---------------------------------------------------------------- buses


@pytest.fixture
def line(tuesday):
	stops = [
		{"stop_name": "Mairie", "time_out": "7h45", "time_return": "18:10"},
		{"stop_name": "Lavoir", "time_out": "08:00"},
		{"stop_name": "École", "time_out": "8:05"},
	]
	return School(kind="Transport, Wednesday", billing_rule="Not Billed", units=("aller",), stops=stops)


def stops_of(line, direction):
	made = build.day_list(
		line.site,
		api._require(line.site, line.activity.name, line.unit, "Bus List"),
		line.unit,
		DAY,
		build.Wanted(),
	)
	return [
		(stop["stop"], stop["time"], [row["last_name"] for row in stop["rows"]])
		for stop in bus.by_stop(made, direction)
	]


def test_R28_a_bus_list_follows_the_way_and_loses_nobody(line):
	line.child("Colette", stop_out="École")
	line.child("Sand", stop_out="Mairie", stop_return="Lavoir")
	line.child("Zola")
	assert stops_of(line, "Out") == [
		("Mairie", "07:45", ["SAND"]),
		("Lavoir", "08:00", []),
		("École", "08:05", ["COLETTE"]),
		("Arrêt non choisi", "", ["ZOLA"]),
	]
	# Without a time at each stop the way back is the opposite one.
	assert [stop[::2] for stop in stops_of(line, "Return")] == [
		("École", ["COLETTE"]),
		("Lavoir", ["SAND"]),
		("Mairie", []),
		("Arrêt non choisi", ["ZOLA"]),
	]
	api.list_pdf(**line.args(what="Bus List"))
	text = text_of(answer())
	assert text.index("Mairie") < text.index("SAND") < text.index("École (1)") < text.index("COLETTE")


def test_R28_a_stop_that_the_line_has_lost_is_told_apart(line):
	enrolment = line.child("Colette", stop_out="Lavoir")
	line.activity.stops = [row for row in line.activity.stops if row.stop_name != "Lavoir"]
	line.activity.save()
	assert ("Lavoir", "", ["COLETTE"]) in stops_of(line, "Out")
	enrolment.reload()
	enrolment.note = "déménage"
	enrolment.save()  # what holds already is no new mistake


def test_R28_bad_stops_are_refused(line):
	with pytest.raises(activity_errors.UnknownStop):
		line.child("Colette", stop_out="Gare")
	line.activity.append("stops", {"stop_name": "mairie"})
	with pytest.raises(activity_errors.InvalidStop):
		line.activity.save()
	line.activity.reload()
	line.activity.stops[0].time_out = "25:00"
	with pytest.raises(activity_errors.InvalidStop):
		line.activity.save()


# ---------------------------------------------------------------- keying in


def key_in_as(school, absent, check=None):
	check = school.sheet()["check"] if check is None else check
	return key_in.key_in(school.site, school.activity.name, school.unit, DAY, absent, check)


def statuses(school):
	return [row["status"] for row in school.sheet()["rows"]]


def test_R32_the_numbers_of_the_absent_tick_everybody_else(school):
	for name in ("Aron", "Bloy", "Colette", "Duras"):
		school.child(name)
	as_user(school, roles.SCHOOL_COORDINATOR)
	assert key_in_as(school, [2, 4]) == {"present": 2, "absent": 2, "left": 0}
	assert statuses(school) == ["Present", "Absent", "Present", "Absent"]
	assert key_in_as(school, [2, 4]) == {"present": 0, "absent": 2, "left": 0}  # twice is no harm


def test_R31_an_agent_leaves_the_absent_for_the_coordinator(school):
	for name in ("Aron", "Bloy"):
		school.child(name)
	as_user(school, roles.ATTENDANCE_AGENT)
	assert key_in_as(school, [2]) == {"present": 1, "absent": 0, "left": 1}
	assert statuses(school) == ["Present", "Planned"]


def test_R30_a_justified_absence_is_not_overwritten(school):
	enrolment = school.child("Aron")
	make.attendance(enrolment, str(DAY), "Justified", reason="Certificat médical")
	key_in_as(school, [1])
	assert statuses(school) == ["Justified"]
	key_in_as(school, [])
	assert statuses(school) == ["Justified"]


def test_R32_a_list_that_is_no_longer_the_printed_one_is_refused_whole(school):
	school.child("Bloy")
	check = school.sheet()["check"]
	school.child("Aron")  # enrolled since the list was printed: Bloy is number 2 now
	with pytest.raises(errors.ListChanged):
		key_in_as(school, [1], check)
	with pytest.raises(errors.ListChanged):
		key_in_as(school, [3])
	assert statuses(school) == ["Planned", "Planned"]


def test_R32_no_list_of_the_future_and_none_of_another_site(school):
	school.child("Aron")
	with freeze_time("2026-09-14 10:00:00.5"), pytest.raises(errors.FutureTick):
		key_in_as(school, [])
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(make.site().name,)))
	with pytest.raises(errors.NotTicking):
		key_in_as(school, [], check="")
