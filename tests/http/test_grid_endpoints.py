"""The endpoints of the month grid and of "Inscrire": agent, coordinator, another site, a family, nobody (R9, R10)."""

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

GRID = "concerto_education.attendance.grid_api."
ENROL = "concerto_education.activities.enrol_api."
REASON = "Certificat médical"


class World:
	"""One child planned on Mondays and Tuesdays, one sibling who is not enrolled; committed for the server."""

	def __init__(self):
		make.school_year()
		self.site = make.site().name
		self.activity = make.activity(self.site).name
		parent = make.person(None, "Claire")
		self.kids = [make.child(parent.last_name, name) for name in ("Lea", "Tom")]
		self.family = make.family(
			make.member(parent, "Representative 1"), *(make.member(kid) for kid in self.kids)
		)
		self.payer = make.payer(self.family, parent)
		self.enrolment = make.enrolment(
			self.family, frappe.get_doc("Activity", self.activity), self.payer, pattern="12"
		)
		self.past, self.ahead = (
			frappe.get_all(
				"Attendance",
				filters={"enrolment": self.enrolment.name, "attendance_date": condition},
				pluck="attendance_date",
				order_by=f"attendance_date {order}",
				limit=1,
			)
			for condition, order in (
				(("<=", frappe.utils.today()), "desc"),
				((">", frappe.utils.today()), "asc"),
			)
		)
		frappe.db.commit()

	def row(self, day) -> str:
		frappe.db.rollback()
		return frappe.db.get_value(
			"Attendance", {"enrolment": self.enrolment.name, "attendance_date": day}, "status"
		)

	def enrolled(self) -> int:
		frappe.db.rollback()
		return frappe.db.count("Enrolment", {"family": self.family.name})

	def change(self, wanted: str, **values) -> dict:
		change = {
			"enrolment": self.enrolment.name,
			"day": str(self.past[0]),
			"unit": "midi",
			"wanted": wanted,
		}
		return {"site": self.site, "activity": self.activity, "changes": [{**change, **values}]}

	def period(self, **values) -> dict:
		return {
			"site": self.site,
			"activity": self.activity,
			"enrolments": [self.enrolment.name],
			"start": str(self.ahead[0]),
			"end": str(self.ahead[0]),
			"weekdays": [1, 2],
			"units": ["midi"],
			"wanted": "Cancelled",
			**values,
		}

	def enrol(self, **values) -> dict:
		return {
			"family": self.family.name,
			"start": "2026-09-01",
			"end": "2027-08-31",
			"lines": [
				{
					"person": self.kids[1].name,
					"activity": self.activity,
					"site": self.site,
					"category": "Enfant",
					"pattern": [{"unit": "midi", "weeks": "Every Week", **make.days("12")}],
				}
			],
			"payers": [{"payer": self.payer.name, "share": 100}],
			**values,
		}

	def calls(self) -> dict:
		month = {"site": self.site, "activity": self.activity, "month": str(self.past[0])}
		return {
			f"{GRID}load_month": month,
			f"{GRID}save_changes": self.change("Present"),
			f"{GRID}plan_period": self.period(),
			f"{ENROL}choices": {"family": self.family.name},
			f"{ENROL}preview": self.enrol(),
			f"{ENROL}create": self.enrol(),
		}


@pytest.fixture(scope="module")
def world(connection):
	return World()


def post(session, path, arguments):
	return session.post(f"/api/method/{path}", json=arguments)


def state(response) -> str:
	return (
		response.json()["message"]["results"][0]["rule"] or response.json()["message"]["results"][0]["state"]
	)


def test_R10_an_agent_ticks_in_the_grid_and_neither_judges_plans_nor_enrols(world, login):
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	assert post(session, f"{GRID}load_month", world.calls()[f"{GRID}load_month"]).ok
	assert state(post(session, f"{GRID}save_changes", world.change("Present"))) == "ok"
	assert world.row(world.past[0]) == "Present"
	assert state(post(session, f"{GRID}save_changes", world.change("Reset"))) == "ok"
	for wanted in ("Absent", "Justified", "Cancelled", "Planned", "Pattern"):
		answer = post(session, f"{GRID}save_changes", world.change(wanted, reason=REASON))
		assert state(answer) == "NotJudging", wanted
	assert world.row(world.past[0]) == "Planned"
	assert post(session, f"{GRID}plan_period", world.period(confirmed=True)).status_code == 403
	for name in ("choices", "preview", "create"):
		assert post(session, f"{ENROL}{name}", world.calls()[f"{ENROL}{name}"]).status_code == 403, name
	assert world.row(world.ahead[0]) == "Planned"
	assert world.enrolled() == 1


def test_R31_a_coordinator_plans_judges_and_enrols(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)))
	assert state(post(session, f"{GRID}save_changes", world.change("Justified", reason=REASON))) == "ok"
	assert world.row(world.past[0]) == "Justified"
	assert state(post(session, f"{GRID}save_changes", world.change("Reset"))) == "ok"
	counted = post(session, f"{GRID}plan_period", world.period()).json()["message"]
	assert counted == {"days": 1, "people": 1}
	assert world.row(world.ahead[0]) == "Planned", "counted, not changed"
	assert post(session, f"{GRID}plan_period", world.period(confirmed=True)).json()["message"]["done"] == 1
	assert world.row(world.ahead[0]) == "Cancelled"
	post(session, f"{GRID}plan_period", world.period(confirmed=True, wanted="Pattern"))
	assert world.row(world.ahead[0]) == "Planned"


def test_R4_a_preview_writes_nothing_a_pass_once_and_a_repeat_nothing(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)))
	shown = post(session, f"{ENROL}preview", world.enrol()).json()["message"]
	assert [line["state"] for line in shown] == ["new"]
	assert world.enrolled() == 1
	for expected in ("made", "already", "already"):
		outcome = post(session, f"{ENROL}create", world.enrol(whole=True)).json()["message"]
		assert [line["state"] for line in outcome["results"]] == [expected]
	assert world.enrolled() == 2


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR])
def test_R9_the_grid_of_another_site_is_closed(world, login, role):
	session = login(make.user(role, sites=(make.site().name,)))
	before = world.row(world.past[0])
	for path, arguments in world.calls().items():
		if path.startswith(GRID):
			assert post(session, path, arguments).status_code == 403, path
	assert world.row(world.past[0]) == before


def test_R9_an_enrolment_of_another_site_is_not_reached_through_ones_own(world, login):
	own = make.activity()
	site = own.sites[0].site
	frappe.db.commit()
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(site,)))
	arguments = {**world.change("Absent"), "site": site, "activity": own.name}
	assert state(post(session, f"{GRID}save_changes", arguments)) == "UnknownEnrolment"
	period = world.period(site=site, activity=own.name, confirmed=True)
	assert post(session, f"{GRID}plan_period", period).json()["message"]["done"] == 0
	assert world.row(world.past[0]) == "Planned"


@pytest.mark.parametrize("role", [roles.FAMILY, None])
def test_families_and_visitors_reach_no_endpoint(world, login, client, role):
	session = login(make.user(role)) if role else client
	before = (world.row(world.past[0]), world.enrolled())
	for path, arguments in world.calls().items():
		assert post(session, path, arguments).status_code == 403, path
	assert (world.row(world.past[0]), world.enrolled()) == before


@pytest.mark.parametrize(
	"path", [f"{GRID}save_changes", f"{GRID}plan_period", f"{ENROL}create", f"{ENROL}preview"]
)
def test_what_changes_something_is_never_a_get(world, login, path):
	session = login("Administrator")
	response = session.get(f"/api/method/{path}", params={"site": world.site, "activity": world.activity})
	assert response.status_code == 403


def test_wrong_types_are_refused_before_anything_happens(world, login):
	session = login("Administrator")
	for path, arguments in (
		(f"{GRID}load_month", {"site": world.site, "activity": world.activity, "month": "demain"}),
		(f"{GRID}save_changes", {**world.change("Present"), "changes": "x"}),
		(f"{GRID}save_changes", {**world.change("Present"), "changes": ["x"]}),
		(f"{GRID}save_changes", world.change("Present", day="demain")),
		(f"{GRID}plan_period", world.period(start="demain")),
		(f"{ENROL}create", world.enrol(lines=["x"])),
		(f"{ENROL}create", world.enrol(payers=[{"payer": ["x"]}])),
	):
		assert post(session, path, arguments).status_code == 417, (path, arguments)
	assert world.row(world.past[0]) == "Planned"
