"""The words of reminders, as they are first; an administrator rewrites them in the Desk (R24, R45)."""

from __future__ import annotations

from concerto_education.authority import mail

REMINDER = "Incomplete Dossier"
LETTER = "Incomplete Dossier, Letter"
WEEKLY = "Incomplete Dossiers of the Week"

_LIST = """{% for group in groups %}
<p style="margin-bottom: 2px"><b>{{ group.title | e }}</b></p>
<ul style="margin-top: 2px">
{% for item in group.rows %}<li>{{ item.label | e }}{% if item.reason %} ({{ item.reason | e }}){% endif %}
{%- if item.instructions %}<br><small>{{ item.instructions | e }}</small>{% endif %}</li>
{% endfor %}</ul>
{% endfor %}"""

_REMINDER = (
	"""<p>Bonjour,</p>
<p>Pour l’accueil de vos enfants, il manque dans votre dossier ({{ family }}) :</p>
"""
	+ _LIST
	+ """
<p>Merci de nous les transmettre en répondant à ce message, ou de les déposer à l’accueil. Si vous venez de le faire,
ne tenez pas compte de ce rappel.</p>
<p>{{ authority }}{% if phone %}<br>Tél. {{ phone }}{% endif %}</p>"""
)

_LETTER = (
	"""<p>Madame, Monsieur,</p>
<p>Pour l’accueil de vos enfants, il manque dans votre dossier ({{ family }}) :</p>
"""
	+ _LIST
	+ """
<p>Merci de nous les transmettre par courrier, ou de les déposer à l’accueil. Si vous venez de le faire, ne tenez pas
compte de ce rappel.</p>
<p>Nous restons à votre disposition pour toute question.</p>"""
)

_WEEKLY = """<p>Bonjour,</p>
<p><b>{{ site }}</b> : {{ count }} dossiers incomplets cette semaine{% if blocking %}, dont {{ blocking }} auxquels manque
un document exigé pour confirmer l’inscription{% endif %}.</p>
<ul>{% for line in lines %}<li>{{ line.label | e }} : {{ line.count }}</li>
{% endfor %}</ul>
<p><a href="{{ link }}">Ouvrir la liste et envoyer les relances</a></p>"""


def seed() -> None:
	mail.seed_template(REMINDER, "Il manque des documents dans votre dossier ({{ family }})", _REMINDER)
	mail.seed_template(LETTER, "Documents manquants dans votre dossier", _LETTER)
	mail.seed_template(WEEKLY, "{{ site }} : {{ count }} dossiers incomplets", _WEEKLY)
	mail.let_administrators_write()
