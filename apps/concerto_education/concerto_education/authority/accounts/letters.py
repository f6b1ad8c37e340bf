"""The message that a new account gets: in French, an Email Template that administrators change (R45)."""

from concerto_education.authority import mail
from concerto_education.authority.accounts.service import TEMPLATE

SUBJECT = "Votre compte Concerto Éducation – {{ authority }}"
TEXT = """<p>Bonjour {{ first_name }},</p>
<p>Un compte vient d’être créé pour vous dans Concerto Éducation.</p>
<p>Votre identifiant : <b>{{ login }}</b> (majuscules ou minuscules, votre adresse électronique convient aussi).</p>
<p><a href="{{ link }}">Choisir mon mot de passe</a></p>
<p>Ce lien est personnel et ne sert qu’une fois. S’il ne fonctionne plus, demandez-en un nouveau à votre
administrateur ou par « Mot de passe oublié ».</p>
<p>{{ authority }}</p>"""


def seed() -> None:
	mail.seed_template(TEMPLATE, SUBJECT, TEXT)
