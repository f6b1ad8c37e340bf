"""Settings and letters that every site starts with. Seeded once, then an administrator's own."""

from __future__ import annotations

import frappe

from concerto_education.authority import mail

LETTERS = (
	{
		"level": 1,
		"title": "Rappel amiable",
		"days": 15,
		"template": "Relance 1 : rappel amiable",
		"text": "Sauf erreur de notre part, nous n'avons pas reçu le règlement des factures ci-dessous. Il s'agit "
		"sans doute d'un oubli : nous vous remercions de bien vouloir régler {{ amount }} avant le {{ pay_before }}.",
		"closing": "Si vous avez réglé entre-temps, veuillez ne pas tenir compte de ce courrier.",
	},
	{
		"level": 2,
		"title": "Deuxième relance",
		"days": 30,
		"template": "Relance 2 : deuxième relance",
		"text": "Malgré notre premier rappel, les factures ci-dessous restent impayées. Nous vous demandons de régler "
		"{{ amount }} avant le {{ pay_before }}.",
		"closing": "En cas de difficulté, contactez-nous : un échéancier peut être convenu avec vous.",
	},
	{
		"level": 3,
		"title": "Dernier avis avant recouvrement",
		"days": 30,
		"template": "Relance 3 : dernier avis",
		"text": "Nos deux relances sont restées sans réponse. À défaut de règlement de {{ amount }} avant le "
		"{{ pay_before }}, la créance sera transmise au comptable public, chargé de son recouvrement.",
		"closing": "Si votre situation ne vous permet pas de régler en une fois, prenez contact avec nous sans attendre.",
	},
)
MAIL = """<p>{{ recipient }},</p>
<p>{{ text }}</p>
<table>{% for invoice in invoices %}<tr><td>Facture {{ invoice.number }}</td><td>{{ invoice.month }}</td>
<td style="text-align:right">{{ invoice.outstanding }}</td></tr>{% endfor %}
<tr><td colspan="2"><b>Total à régler</b></td><td style="text-align:right"><b>{{ amount }}</b></td></tr></table>
<p>{{ closing }}</p><p>{{ how_to_pay }}</p><p>{{ authority }}</p>"""


def seed() -> None:
	for letter in LETTERS:
		mail.seed_template(letter["template"], f"{letter['title']} – {{{{ authority }}}}", MAIL)
	settings = frappe.get_single("Payment Settings")
	if settings.levels:
		return
	for letter in LETTERS:
		settings.append(
			"levels",
			{
				"level": letter["level"],
				"title": letter["title"],
				"days": letter["days"],
				"email_template": letter["template"],
				"letter_text": letter["text"],
				"closing_text": letter["closing"],
			},
		)
	settings.save()
