"""A tablet in the browser, a list of children for it, and a web server that can be stopped."""

from __future__ import annotations

import subprocess
import time

import frappe
import requests
from frappe.utils import getdate
from frappe.utils.password import update_password

from concerto_education.authority import roles
from config.setup import ports
from config.setup.environment import clean_environment
from config.setup.paths import CONFIG, ENV, ROOT
from tests import builders as make
from tests.support.web import PASSWORD

TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
NOT_OURS = ("favicon", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "403", "ERR_FAILED")


class Server:
	"""A web server that can be stopped and started again at the same address."""

	def __init__(self, profile, site_name: str):
		self.profile, self.site_name = profile, site_name
		self.port = ports.pick_free(("web",))["web"]
		self.url = f"http://127.0.0.1:{self.port}"
		self.process = None

	def start(self) -> None:
		command = [ENV / "bin" / "gunicorn", "--config", CONFIG / "gunicorn.py", "--pythonpath", ROOT]
		command += ["--bind", f"127.0.0.1:{self.port}", "config.wsgi:application"]
		self.process = subprocess.Popen(
			[str(word) for word in command],
			cwd=self.profile.sites,
			env=clean_environment()
			| {"BENCH_SITES": str(self.profile.sites), "DEFAULT_SITE": self.site_name},
			stdin=subprocess.DEVNULL,
			stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL,
		)
		deadline = time.monotonic() + 60
		while not self.is_up():
			assert time.monotonic() < deadline, "no web server"
			time.sleep(0.2)

	def is_up(self) -> bool:
		try:
			return requests.get(f"{self.url}/api/method/ping", timeout=30).ok
		except requests.ConnectionError:
			return False

	def stop(self) -> None:
		self.process.terminate()
		try:
			self.process.wait(timeout=20)
		except subprocess.TimeoutExpired:
			self.process.kill()
			self.process.wait()

	def cookies(self, user: str) -> list[dict]:
		update_password(user, PASSWORD)
		frappe.db.commit()
		session = requests.Session()
		answer = session.post(f"{self.url}/api/method/login", json={"usr": user, "pwd": PASSWORD}, timeout=60)
		assert answer.ok, answer.text[:500]
		return [
			{"name": name, "value": value, "url": self.url}
			for name, value in session.cookies.get_dict().items()
			if value
		]


class World:
	"""Six children on the list of today, whatever day it is, and one who has no list."""

	NAMES = ("Abricot", "Banane", "Cerise", "Datte", "Figue", "Grenade")

	def __init__(self, **values):
		self.day = str(getdate())
		year = getdate().year - (getdate().month < 9)
		make.school_year(year)
		self.activity = make.activity(**values)
		self.unit = self.activity.units[0].unit
		self.site = self.activity.sites[0].site
		self.enrolments = {}
		for name in self.NAMES:
			kid = make.child(name, "Lea", school_class="CP")
			family = make.family(make.member(make.person(name), "Representative 1"), make.member(kid))
			enrolment = make.enrolment(
				family,
				self.activity,
				pattern=None,
				valid_from=f"{year}-09-01",
				valid_to=f"{year + 1}-08-31",
			)
			make.attendance(enrolment, self.day, unit=self.unit)
			self.enrolments[name] = enrolment.name
		self.agent = make.user(roles.ATTENDANCE_AGENT, sites=(self.site,))
		frappe.db.commit()

	def row(self, name: str):
		frappe.db.rollback()
		return frappe.db.get_value(
			"Attendance",
			{"enrolment": self.enrolments[name], "attendance_date": self.day, "unit": self.unit},
			["name", "status", "arrival", "departure", "minutes", "note"],
			as_dict=True,
		)

	def statuses(self) -> dict:
		return {name: self.row(name).status for name in self.NAMES}

	def events(self, **filters) -> int:
		frappe.db.rollback()
		return frappe.db.count("Attendance Event", {"site": self.site, **filters})


class Tablet:
	def __init__(self, page, context, server):
		self.page, self.context, self.server = page, context, server
		self.errors: list[str] = []
		page.on("pageerror", lambda error: self.errors.append(str(error)))
		page.on("console", self._heard)
		page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?" has a test of its own

	def _heard(self, message) -> None:
		where = (message.location or {}).get("url", "")
		if message.type == "error" and not any(word in message.text + where for word in NOT_OURS):
			self.errors.append(message.text)

	def open(self) -> Tablet:
		self.page.goto("/pointage")
		self.page.locator(".child").first.wait_for()
		return self

	def ready_for_no_network(self) -> Tablet:
		self.until(lambda: self.page.evaluate("navigator.serviceWorker.controller !== null"))
		return self

	def cut(self) -> None:
		self.server.stop()
		self.context.set_offline(True)

	def connect(self) -> None:
		self.server.start()
		self.context.set_offline(False)

	def card(self, name: str):
		return self.page.locator(".child", has_text=name.upper())

	def touch(self, *names: str) -> Tablet:
		for name in names:
			self.card(name).locator(".touch").click()
		return self

	def present(self) -> set[str]:
		return {
			text.strip().capitalize() for text in self.page.locator(".child.is-present b").all_inner_texts()
		}

	def state(self) -> str:
		return self.page.locator(".state").inner_text()

	def wait_state(self, text: str) -> None:
		self.page.locator(".state", has_text=text).wait_for(timeout=45_000)

	def until(self, condition, seconds: int = 40) -> None:
		"""Wait in Python: the page's policy rightly refuses functions made of strings."""
		deadline = time.monotonic() + seconds
		while not condition():
			assert time.monotonic() < deadline, "that did not happen"
			self.page.wait_for_timeout(50)

	def all_sent(self) -> None:
		self.until(lambda: not self.page.locator(".is-pending").count())

	def waiting(self) -> int:
		return self.page.evaluate(
			"""new Promise((resolve) => {
				const opening = indexedDB.open("pointage");
				opening.onsuccess = () => {
					const count = opening.result.transaction("queue").objectStore("queue").count();
					count.onsuccess = () => { opening.result.close(); resolve(count.result); };
				};
			})"""
		)

	def dialog(self):
		return self.page.locator("dialog[open]")
