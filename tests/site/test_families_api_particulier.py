"""Asking the CAF and MSA (R39), against recorded answers of a server on this machine. Nothing leaves it."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import frappe
import pytest
from frappe.utils import add_months, now_datetime

from concerto_education.authority import roles
from concerto_education.families import errors
from concerto_education.families.api_particulier import answers, api, client, identity, service, settings
from tests.builders import child, family, member, person, user

ANSWERS = json.loads((Path(__file__).parent / "answers" / "api_particulier.json").read_text())
TOKEN = "jeton-de-test-tres-secret"
SIRET = "13002526500013"
BORN_IN = {"town": "Poitiers", "department": "86"}


class Provider(ThreadingHTTPServer):
	"""Answers with what was recorded, and remembers what it was asked."""

	def __init__(self):
		super().__init__(("127.0.0.1", 0), _Handler)
		self.say, self.asked, self.wait = "200-caf", [], 0
		self.raw: tuple[int, bytes] | None = None

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
	def do_GET(self):
		parts = urlsplit(self.path)
		self.server.asked.append((parts.path, parse_qsl(parts.query), dict(self.headers)))
		time.sleep(self.server.wait)
		recorded = ANSWERS[self.server.say]
		status, body = self.server.raw or (recorded["status"], json.dumps(recorded["body"]).encode())
		self.send_response(status)
		for name, value in recorded["headers"].items():
			self.send_header(name, value)
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *args):
		"""Quiet."""


@pytest.fixture
def provider(site, monkeypatch):
	server = Provider()
	threading.Thread(target=server.serve_forever, daemon=True).start()
	monkeypatch.setitem(frappe.conf, "api_particulier_url", server.url)
	yield server
	server.shutdown()
	server.server_close()


@pytest.fixture
def turned_on(provider):
	doc = frappe.get_doc(settings.DOCTYPE)
	doc.update({"enabled": 1, "token": TOKEN, "siret": SIRET, "timeout": 2, "environment": "Staging"})
	doc.save()
	return provider


@pytest.fixture
def home():
	"""A dossier and its representative, known well enough to ask about."""
	mother = person("Exemple", "Camille Marie", civility="Mme", birth_date="1988-03-14", usage_name="Martin")
	return family(member(mother, "Representative 1"), member(child("Exemple"))), mother


def ask(home, **values):
	doc, mother = home
	return api.look_up(doc.name, mother.name, **{**BORN_IN, **values})


def logged(home):
	return frappe.get_last_doc(service.LOG, {"family": home[0].name})


def test_r39_nothing_is_asked_unless_it_is_turned_on(provider, home):
	with pytest.raises(errors.LookupIsOff):
		ask(home)
	assert provider.asked == []
	assert not frappe.db.exists(service.LOG, {"family": home[0].name})
	assert not api.is_enabled()


def test_r39_the_quotient_of_the_month_is_shown_and_then_added(turned_on, home):
	found = ask(home)
	assert (found["value"], found["source"], str(found["month"])) == (642, "CDAP (CAF)", "2026-11-01")
	assert (str(found["valid_from"]), str(found["valid_to"])) == ("2026-11-01", "2027-08-31")
	assert found["current"]["unknown"]
	assert frappe.db.count("Quotient", {"family": home[0].name}) == 1, "only the 9999 it began with"
	name = api.add(found["log"], "2026-11-01", "2027-08-31")
	row = frappe.get_doc("Quotient", name)
	assert (row.family, row.value, row.source) == (home[0].name, 642, "CDAP (CAF)")
	assert "API Particulier" in row.note
	assert logged(home).quotient == name
	with pytest.raises(errors.LookupNotUsable):
		api.add(found["log"], "2026-11-01", None)


def test_r39_a_quotient_of_zero_from_the_msa_is_one(turned_on, home):
	turned_on.say = "200-msa"
	found = ask(home)
	assert (found["value"], found["source"]) == (0, "MSA")
	assert frappe.get_doc("Quotient", api.add(found["log"], "2026-10-01", None)).source == "MSA"


def test_the_question_is_that_of_the_third_version(turned_on, home):
	ask(home, month="2026-11-15")
	((path, query, headers),) = turned_on.asked
	assert path == "/v3/dss/quotient_familial/identite"
	assert headers["Authorization"] == f"Bearer {TOKEN}"
	assert query == [
		("recipient", SIRET),
		("nomNaissance", "EXEMPLE"),
		("nomUsage", "MARTIN"),
		("prenoms[]", "Camille"),
		("prenoms[]", "Marie"),
		("anneeDateNaissance", "1988"),
		("moisDateNaissance", "3"),
		("jourDateNaissance", "14"),
		("sexeEtatCivil", "F"),
		("codeCogInseePaysNaissance", "99100"),
		("nomCommuneNaissance", "Poitiers"),
		("codeCogInseeDepartementNaissance", "86"),
		("annee", "2026"),
		("mois", "11"),
	]


@pytest.mark.parametrize(
	("place", "expected"),
	[
		(
			{"town_code": "86194"},
			[("codeCogInseePaysNaissance", "99100"), ("codeCogInseeCommuneNaissance", "86194")],
		),
		(
			{"town_code": "2a004"},
			[("codeCogInseePaysNaissance", "99100"), ("codeCogInseeCommuneNaissance", "2A004")],
		),
		({"country_code": "99350"}, [("codeCogInseePaysNaissance", "99350")]),
	],
)
def test_birth_places(place, expected, home):
	query = identity.parameters(home[1], identity.Birthplace(**place), SIRET)
	assert query[-len(expected) :] == expected


@pytest.mark.parametrize(
	"place",
	[
		{},
		{"town": "Poitiers"},
		{"town": "Poitiers", "department": "Vienne"},
		{"town_code": "8619"},
		{"country_code": "350"},
	],
)
def test_what_the_caf_would_refuse_is_refused_here(turned_on, place, home):
	with pytest.raises(errors.IncompleteIdentity):
		api.look_up(home[0].name, home[1].name, **place)
	assert turned_on.asked == []


def test_an_identity_without_birth_date_is_not_sent(turned_on):
	mother = person("Exemple", "Camille", civility="Mme")
	doc = family(member(mother, "Representative 1"))
	with pytest.raises(errors.IncompleteIdentity) as caught:
		api.look_up(doc.name, mother.name, **BORN_IN)
	assert "Date de naissance" in str(caught.value)


def test_only_representatives_are_asked_about(turned_on):
	grandmother, stranger, kid = person(), person(), child()
	doc = family(member(kid), member(grandmother, "Contact"))
	for who in (grandmother, stranger, kid):
		with pytest.raises(errors.PersonNotAsked):
			api.look_up(doc.name, who.name, **BORN_IN)
	assert turned_on.asked == []


@pytest.mark.parametrize(
	("recorded", "outcome", "words"),
	[
		("400", answers.REFUSED_PARAMETERS, "La requête est mal formée"),
		("401", answers.REFUSED_TOKEN, "jeton a été refusé"),
		("403", answers.NO_RIGHT, "ne donne pas droit"),
		("404", answers.NOT_FOUND, "n’a été trouvé"),
		("409", answers.CONFLICT, "Plusieurs dossiers"),
		("422", answers.REFUSED_PARAMETERS, "commune de naissance"),
		("429", answers.TOO_MANY, "30 secondes"),
		("502", answers.PROVIDER_DOWN, "502"),
		("503", answers.PROVIDER_DOWN, "300 secondes"),
		("504", answers.PROVIDER_DOWN, "504"),
	],
)
def test_each_error_is_told_in_french_and_logged(turned_on, home, recorded, outcome, words):
	turned_on.say = recorded
	found = ask(home)
	assert found["outcome"] == outcome
	assert words in found["message"]
	assert "value" not in found
	row = logged(home)
	assert (row.outcome, row.http_status) == (outcome, int(recorded))
	assert row.code == ANSWERS[recorded]["body"]["errors"][0]["code"]
	with pytest.raises(errors.LookupNotUsable):
		api.add(found["log"], "2026-11-01", None)


def test_no_answer_in_time(turned_on, home, monkeypatch):
	turned_on.wait = 1
	monkeypatch.setattr(
		settings, "access", lambda: settings.Access(turned_on.url, TOKEN, SIRET, 0.2, "Staging", "")
	)
	found = ask(home)
	assert (found["outcome"], logged(home).http_status) == (answers.NO_ANSWER, 0)
	assert "Pas de réponse" in found["message"]


def test_no_server_at_all(home):
	access = settings.Access("http://127.0.0.1:1", TOKEN, SIRET, 1, "Staging", "")
	assert client.ask(access, []).outcome == answers.NO_ANSWER


@pytest.mark.parametrize(
	("status", "body"),
	[
		(200, b"<html>maintenance</html>"),
		(200, b"[]"),
		(200, b'{"data": null}'),
		(
			200,
			b'{"data": {"quotient_familial": {"fournisseur": "AUTRE", "valeur": 1, "annee": 2026, "mois": 1}}}',
		),
		(
			200,
			b'{"data": {"quotient_familial": {"fournisseur": "CNAF", "valeur": -1, "annee": 2026, "mois": 1}}}',
		),
		(
			200,
			b'{"data": {"quotient_familial": {"fournisseur": "CNAF", "valeur": "NaN", "annee": 1, "mois": 1}}}',
		),
		(302, b""),
		(418, b"{}"),
	],
)
def test_an_answer_that_is_not_understood_adds_nothing(turned_on, home, status, body):
	turned_on.raw = (status, body)
	found = ask(home)
	assert found["outcome"] == answers.UNKNOWN
	assert "Rien n’a été ajouté" in found["message"]


def test_r39_who_asked_about_whom_when_and_why_is_traced(turned_on, home):
	frappe.set_user(asker := user(roles.SCHOOL_COORDINATOR))
	ask(home)
	frappe.set_user("Administrator")
	row = logged(home)
	assert (row.user, row.person, row.outcome) == (asker, home[1].name, "Found")
	assert row.purpose and row.asked_at
	text = json.dumps(row.as_dict(), default=str)
	assert "Poitiers" not in text and "CHEF-LIEU" not in text, "neither birth place nor address is kept"
	row.outcome = "Nobody Found"
	with pytest.raises(errors.LookupLogIsKept):
		row.save()
	with pytest.raises(errors.LookupLogIsKept):
		row.delete()


def test_the_log_is_kept_as_long_as_the_settings_say(turned_on, home):
	ask(home)
	old, new = logged(home), frappe.get_doc(service.LOG, ask(home)["log"])
	old.db_set("asked_at", add_months(now_datetime(), -14), update_modified=False)
	service.forget_old()
	assert not frappe.db.exists(service.LOG, old.name)
	assert frappe.db.exists(service.LOG, new.name)


def test_nobody_adds_from_the_look_up_of_another(turned_on, home):
	found = ask(home)
	frappe.set_user(user(roles.SCHOOL_COORDINATOR))
	with pytest.raises(errors.LookupNotUsable):
		api.add(found["log"], "2026-11-01", None)


@pytest.mark.parametrize(
	"role", [roles.SERVICE_REFERENT, roles.FINANCE_CLERK, roles.ATTENDANCE_AGENT, roles.FAMILY]
)
def test_who_adds_no_quotients_asks_nothing(turned_on, home, role):
	frappe.set_user(user(role))
	for call in (api.is_enabled, lambda: ask(home)):
		with pytest.raises(frappe.PermissionError):
			call()
	assert turned_on.asked == []


def test_the_token_is_never_shown(turned_on):
	doc = frappe.get_doc(settings.DOCTYPE)
	assert TOKEN not in json.dumps(doc.as_dict(), default=str)
	assert TOKEN not in repr(settings.access())
	for role in (roles.SCHOOL_ADMINISTRATOR, roles.SCHOOL_COORDINATOR):
		assert not frappe.has_permission(settings.DOCTYPE, "read", user=user(role))


def test_a_token_of_the_site_configuration_is_enough(provider, monkeypatch):
	monkeypatch.setitem(frappe.conf, "api_particulier_token", "de-la-configuration")
	doc = frappe.get_doc(settings.DOCTYPE)
	doc.update({"enabled": 1, "siret": SIRET})
	doc.save()
	assert settings.access().token == "de-la-configuration"


@pytest.mark.parametrize("values", [{"siret": "13002526500014", "token": TOKEN}, {"siret": SIRET}])
def test_it_is_not_turned_on_half(values):
	doc = frappe.get_doc(settings.DOCTYPE)
	doc.update({"enabled": 1, **values})
	with pytest.raises(errors.LookupSettingsIncomplete):
		doc.save()
