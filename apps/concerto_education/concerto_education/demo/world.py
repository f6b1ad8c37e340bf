"""The fictional *communauté de communes* of the demo: who it is, where it works, what it charges.

Its name, communes, schools and people are invented. Telephone numbers are those that ARCEP keeps for fiction
(05 36 49 …), e-mail addresses end in ``.example``, which nobody can register, and the SIRET is all zeros.
Prices are those of R26; like everything here they are ordinary records once loaded, to change at will.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ENVIRONMENT_LABEL = "Démonstration – données fictives"
DEPARTMENT = "86"  # académie de Poitiers: zone A
MAIL_DOMAIN = "concerto.example"
FAMILY_MAIL_DOMAIN = "familles.example"

YEAR_START = date(2026, 9, 1)
YEAR_END = date(2027, 8, 31)
PREVIOUS_YEAR_START = date(2025, 9, 1)
PREVIOUS_YEAR_END = date(2026, 8, 31)
SCHOOL_YEARS = (
	{"title": "2025-2026", "zone": "A", "starts_on": PREVIOUS_YEAR_START, "ends_on": PREVIOUS_YEAR_END},
	{"title": "2026-2027", "zone": "A", "starts_on": YEAR_START, "ends_on": YEAR_END},
)

BILLED_MONTH = date(2026, 9, 1)  # invoiced and issued
READY_MONTH = date(2026, 10, 1)  # ticked to the last row, ready to be billed
OPEN_MONTH = date(2026, 11, 1)  # being ticked


@dataclass(frozen=True, slots=True)
class Town:
	"""A commune. ``former`` are the communes that a *commune nouvelle* was made of (R15)."""

	name: str
	postcode: str
	school: str | None
	weight: int
	former: tuple[str, ...] = ()


SCHOOL_1 = "École des Tilleuls"
SCHOOL_2 = "École du Gué"
SCHOOL_3 = "École des Trois Chênes"
SCHOOLS = (SCHOOL_1, SCHOOL_2, SCHOOL_3)
LEISURE_CENTRE = "Accueil de loisirs Les Libellules"
NURSERY = "Halte-garderie Les Petits Pas"
KITCHEN = "Cuisine centrale"

TOWNS = (
	Town("Verrinay", "86995", SCHOOL_1, 45),
	Town("Poulignay-sur-Aubrelle", "86996", SCHOOL_2, 25),
	Town("Val-de-Brissonnay", "86997", SCHOOL_3, 18, ("Brissonnay", "Saint-Vérin-des-Bois")),
	Town("Vaucelay", "86996", SCHOOL_2, 8),
	Town("Chantemerlay", "86997", SCHOOL_3, 4),
)
# Outside the territory: its children may come, as non-residents.
NEIGHBOUR_TOWN = Town("Roquefontay", "86998", SCHOOL_1, 0)

AUTHORITY = {
	"authority_name": "Communauté de communes du Val d'Aubrelle",
	"short_name": "CCVA",
	"siret": "00000000000000",
	"accent_colour": "#0b5fa5",
	"environment_label": ENVIRONMENT_LABEL,
	"address_line1": "12 place du Marché",
	"postcode": "86995",
	"town": "Verrinay",
	"phone": "05 36 49 10 00",
	"email": f"enfance@{MAIL_DOMAIN}",
	"website": f"https://www.{MAIL_DOMAIN}",
	"school_zone": "A",
	"department": DEPARTMENT,
	# The example of the SEPA rulebook: nobody's identifier.
	"sepa_creditor_id": "FR72ZZZ123456",
	"sepa_creditor_name": "Régie enfance du Val d'Aubrelle",
	"rum_prefix": "CCVA",
	"invoice_introduction": "Services enfance et éducation de la communauté de communes.",
	"invoice_header": "Service enfance et éducation – du lundi au vendredi, 8 h 30 – 12 h et 13 h 30 – 17 h",
	"payment_instructions": (
		"Par virement, avec le QR code ou le compte ci-dessous.\n"
		"Par chèque à l’ordre du Trésor public, avec le numéro de la facture au dos.\n"
		"En espèces ou par carte au guichet du service."
	),
	"invoice_footer": (
		"Une question sur cette facture ? Écrivez-nous dans les deux mois. "
		"Document de démonstration : personnes, communes et montants sont fictifs."
	),
	"treasury_name": "SGC de Verrinay",
	"treasury_address": "3 rue du Trésor, 86995 VERRINAY\nTél. 05 36 49 20 00",
	# The example account of the French banks: nobody's.
	"payment_iban": "FR7630006000011234567890189",
	"payment_account_holder": "SGC de Verrinay",
	"invoice_qr": "Bank Transfer",
}

SITES = (
	{
		"site_name": SCHOOL_1,
		"kind": "School",
		"capacity": 220,
		"address_line1": "3 rue des Écoles",
		"postcode": "86995",
		"town": "Verrinay",
		"phone": "05 36 49 10 11",
		"email": f"tilleuls@{MAIL_DOMAIN}",
	},
	{
		"site_name": SCHOOL_2,
		"kind": "School",
		"capacity": 140,
		"address_line1": "8 rue du Gué",
		"postcode": "86996",
		"town": "Poulignay-sur-Aubrelle",
		"phone": "05 36 49 10 12",
		"email": f"gue@{MAIL_DOMAIN}",
	},
	{
		"site_name": SCHOOL_3,
		"kind": "School",
		"capacity": 110,
		"address_line1": "1 place de l'Église",
		"postcode": "86997",
		"town": "Val-de-Brissonnay",
		"phone": "05 36 49 10 13",
		"email": f"trois-chenes@{MAIL_DOMAIN}",
	},
	{
		"site_name": LEISURE_CENTRE,
		"kind": "Leisure Centre (ACM)",
		"capacity": 90,
		"address_line1": "20 rue du Stade",
		"postcode": "86995",
		"town": "Verrinay",
		"phone": "05 36 49 10 20",
		"email": f"libellules@{MAIL_DOMAIN}",
	},
	{
		"site_name": NURSERY,
		"kind": "Nursery (HG)",
		"capacity": 16,
		"address_line1": "5 allée des Chênes",
		"postcode": "86995",
		"town": "Verrinay",
		"phone": "05 36 49 10 30",
		"email": f"petits-pas@{MAIL_DOMAIN}",
	},
	{
		"site_name": KITCHEN,
		"kind": "Kitchen",
		"address_line1": "22 rue du Stade",
		"postcode": "86995",
		"town": "Verrinay",
		"phone": "05 36 49 10 40",
		"email": f"cuisine@{MAIL_DOMAIN}",
	},
)

CANTEEN = "Restauration scolaire"
CARE = "Garderie périscolaire"
WEDNESDAY = "Accueil de loisirs du mercredi"
NOON, MORNING, EVENING, DAY = "midi", "matin", "soir", "journee"

# Categories of R26, seeded by the app on every site.
CHILD = "Enfant"
CHILD_OWN_MEAL = "Enfant panier repas"
FREE = "Gratuité"
STAFF = "Personnel en fonctionnement sur site"
OTHERS = "Autres"

_SCHOOL_DAYS = {"monday": 1, "tuesday": 1, "wednesday": 0, "thursday": 1, "friday": 1}

ACTIVITIES = (
	{
		"activity_name": CANTEEN,
		"kind": "Canteen",
		# R27, R30: the forecast orders the food, so it is billed unless the absence is justified.
		"billing_rule": "Planned Unless Justified",
		"needs_forecast": 1,
		"imputation": "7067-281",
		**_SCHOOL_DAYS,
		"in_school_time": 1,
		"on_wednesdays": 0,
		"units": [{"unit": NOON, "label": "Midi", "starts_at": "11:45:00", "ends_at": "13:30:00"}],
		"categories": [{"category": name} for name in (CHILD, CHILD_OWN_MEAL, FREE, STAFF, OTHERS)],
		"sites": [
			{"site": SCHOOL_1, "capacity": 200},
			{"site": SCHOOL_2, "capacity": 130},
			{"site": SCHOOL_3, "capacity": 100},
		],
	},
	{
		"activity_name": CARE,
		"kind": "Périscolaire Care",
		"billing_rule": "Present",
		"needs_forecast": 0,
		"imputation": "7067-288",
		**_SCHOOL_DAYS,
		"in_school_time": 1,
		"on_wednesdays": 0,
		"units": [
			{"unit": MORNING, "label": "Matin", "starts_at": "07:30:00", "ends_at": "08:50:00"},
			{"unit": EVENING, "label": "Soir", "starts_at": "16:30:00", "ends_at": "18:30:00"},
		],
		"categories": [{"category": CHILD}],
		"sites": [
			{"site": SCHOOL_1, "capacity": 80},
			{"site": SCHOOL_2, "capacity": 50},
			{"site": SCHOOL_3, "capacity": 40},
		],
	},
	{
		"activity_name": WEDNESDAY,
		"kind": "Leisure Centre, Wednesday",
		"billing_rule": "Planned Unless Justified",
		"needs_forecast": 1,
		"imputation": "7063-331",
		"monday": 0,
		"tuesday": 0,
		"wednesday": 1,
		"thursday": 0,
		"friday": 0,
		"in_school_time": 0,
		"on_wednesdays": 1,
		"units": [{"unit": DAY, "label": "Journée", "starts_at": "07:30:00", "ends_at": "18:30:00"}],
		"categories": [{"category": CHILD}],
		"sites": [{"site": LEISURE_CENTRE, "capacity": 90}],
	},
)


def _flat(label: str, activity: str, category: str | None, previous: str, current: str) -> list[dict]:
	"""Last year's price, closed, and this year's, open (R7: a tariff normally has no end date)."""
	common = {"activity": activity, "category": category, "method": "Flat"}
	return [
		{
			**common,
			"label": f"{label} 2025-2026",
			"valid_from": PREVIOUS_YEAR_START,
			"valid_to": PREVIOUS_YEAR_END,
			"price": previous,
		},
		{**common, "label": label, "valid_from": YEAR_START, "price": current},
	]


def _bands(label: str, activity: str, previous: list[tuple], current: list[tuple]) -> list[dict]:
	"""As above, by QF: each band is (from, below, price)."""

	def rows(bands):
		return [{"quotient_from": low, "quotient_below": high, "price": price} for low, high, price in bands]

	common = {"activity": activity, "category": CHILD, "method": "QF Bands"}
	return [
		{
			**common,
			"label": f"{label} 2025-2026",
			"valid_from": PREVIOUS_YEAR_START,
			"valid_to": PREVIOUS_YEAR_END,
			"bands": rows(previous),
		},
		{**common, "label": label, "valid_from": YEAR_START, "bands": rows(current)},
	]


TARIFFS = (
	# R26: 2.80 €, or 2.20 € if QF < 350; exactly 350 pays the full price.
	*_bands(
		"Repas enfant",
		CANTEEN,
		[("0", "350", "2.15"), ("350", None, "2.75")],
		[("0", "350", "2.20"), ("350", None, "2.80")],
	),
	*_flat("Panier repas", CANTEEN, CHILD_OWN_MEAL, "0", "0"),
	*_flat("Gratuité", CANTEEN, FREE, "0", "0"),
	*_flat("Repas du personnel", CANTEEN, STAFF, "2.75", "2.80"),
	*_flat("Repas autres adultes", CANTEEN, OTHERS, "4.90", "5.00"),
	*_flat("Garderie, la présence", CARE, CHILD, "1.45", "1.50"),
	*_bands(
		"Mercredi, la journée",
		WEDNESDAY,
		[("0", "350", "5.80"), ("350", "700", "8.80"), ("700", "1000", "11.20"), ("1000", None, "13.60")],
		[("0", "350", "6.00"), ("350", "700", "9.00"), ("700", "1000", "11.50"), ("1000", None, "14.00")],
	),
)

CLASSES = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")


def school_class(birth_year: int) -> str | None:
	"""The class of 2026-2027 that a child of that year is in, from *petite section* (2023) to CM2 (2016)."""
	index = 2023 - birth_year
	return CLASSES[index] if 0 <= index < len(CLASSES) else None


def phone(number: int) -> str:
	"""A number of the range kept for fiction, written as Frappe's phone field writes it."""
	return f"+33-53649{number % 10_000:04d}"
