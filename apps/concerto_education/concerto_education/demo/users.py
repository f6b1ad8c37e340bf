"""Logins of the demo: one for each role of R6–R10, initial + surname, all with the same known password.

A known password is a hole: `make` refuses on a site that isn't the demo, and the password is written nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from concerto_education.authority import roles
from concerto_education.authority.users import create_user
from concerto_education.demo import state, world
from concerto_education.demo.names import letters

PASSWORD = "concerto-demo"


@dataclass(frozen=True, slots=True)
class Login:
	first_name: str
	last_name: str
	role: str
	role_fr: str
	sites: tuple[str, ...]
	try_this: str

	@property
	def login(self) -> str:
		return letters(self.first_name)[0] + letters(self.last_name)

	@property
	def email(self) -> str:
		return f"{self.login}@{world.MAIL_DOMAIN}"

	@property
	def full_name(self) -> str:
		return f"{self.first_name} {self.last_name}"


LOGINS = (
	Login(
		"Olivia",
		"Renard",
		roles.ATTENDANCE_AGENT,
		"Agent de pointage",
		(world.SCHOOL_1,),
		"Pointer le midi à l'école des Tilleuls ; aucun autre site n'est visible.",
	),
	Login(
		"Martine",
		"Robin",
		roles.SCHOOL_COORDINATOR,
		"Coordinatrice scolaire",
		(world.SCHOOL_1,),
		"Ouvrir un dossier, choisir A ou AJ, compléter le pointage de novembre.",
	),
	Login(
		"Julien",
		"Picard",
		roles.SCHOOL_COORDINATOR,
		"Coordinateur scolaire",
		(world.SCHOOL_2,),
		"Pointer la dernière semaine, restée vide à l'école du Gué.",
	),
	Login(
		"Karim",
		"Benali",
		roles.LEISURE_DIRECTOR,
		"Directeur ACM",
		(world.LEISURE_CENTRE,),
		"Pointer un mercredi, inscrire un enfant à l'accueil de loisirs.",
	),
	Login(
		"Sophie",
		"Garnier",
		roles.NURSERY_DIRECTOR,
		"Directrice de halte-garderie",
		(world.NURSERY,),
		"Créer le dossier d'une famille ; sur la tablette, noter l'arrivée et le départ d'un enfant.",
	),
	Login(
		"Gilles",
		"Perrot",
		roles.KITCHEN,
		"Cuisine",
		(world.KITCHEN,),
		"Imprimer la commande du jour, regarder une rectification ; aucun nom d'enfant n'est visible.",
	),
	Login(
		"Bruno",
		"Mercier",
		roles.FINANCE_CLERK,
		"Agent des finances",
		(),
		"Calculer octobre, regarder les anomalies et les régularisations, émettre, ouvrir un PDF.",
	),
	Login(
		"Emma",
		"Leroux",
		roles.SEASONAL_CLERK,
		"Saisonnière",
		(),
		"Chercher une famille, saisir une inscription.",
	),
	Login(
		"Patrick",
		"Lucas",
		roles.AREA_MANAGER,
		"Responsable de secteur",
		(),
		"Suivre tous les sites, créer un dossier.",
	),
	Login(
		"Nathalie",
		"Besson",
		roles.SERVICE_REFERENT,
		"Référente de service",
		(),
		"Faire une modification demandée par un administrateur.",
	),
	Login(
		"Hélène",
		"Marchand",
		roles.SCHOOL_ADMINISTRATOR,
		"Administratrice péri/extrascolaire",
		(),
		"Activités, tarifs datés, calendrier scolaire.",
	),
	Login(
		"Claire",
		"Delorme",
		roles.EARLY_CHILDHOOD_ADMINISTRATOR,
		"Administratrice petite enfance",
		(),
		"Quotients, sites, suppression de dossiers.",
	),
	Login(
		"Thierry",
		"Vasseur",
		roles.SUPER_ADMINISTRATOR,
		"Super administrateur",
		(),
		"Tout, y compris les comptes, les sites et les imputations.",
	),
)


def who_ticks(site: str) -> str:
	"""E-mail of whoever keeps the lists of a site: its agent, coordinator or director, else the area manager."""
	keepers = (
		roles.ATTENDANCE_AGENT,
		roles.SCHOOL_COORDINATOR,
		roles.LEISURE_DIRECTOR,
		roles.NURSERY_DIRECTOR,
	)
	for login in LOGINS:
		if login.role in keepers and site in login.sites:
			return login.email
	return next(login.email for login in LOGINS if login.role == roles.AREA_MANAGER)


def make() -> None:
	"""Create the logins. Throws DemoRefused on a site that isn't marked as the demo."""
	if not state.is_demo():
		frappe.throw(
			"Demo logins have a known password: they are only made on a site that holds the demo.",
			state.DemoRefused,
		)
	for login in LOGINS:
		create_user(
			login.login,
			login.full_name,
			login.role,
			sites=login.sites,
			email=login.email,
			password=PASSWORD,
		)


def table() -> str:
	"""Role, login, password and what to try, for the terminal."""
	rows = [("RÔLE", "IDENTIFIANT", "SITES", "À ESSAYER")]
	rows += [
		(login.role_fr, login.email, ", ".join(login.sites) or "tous", login.try_this) for login in LOGINS
	]
	widths = [max(len(row[column]) for row in rows) for column in range(3)]
	lines = [
		"  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
		for row in rows
	]
	lines.insert(1, "-" * (sum(widths) + 30))
	return "\n".join(
		[
			*lines,
			"",
			f"Mot de passe de tous : {PASSWORD}",
			"Il est connu de tous : ne mettez jamais de vraies données sur ce site, et ne l'exposez pas sur Internet.",
		]
	)
