"""The e-mails of the monthly close, as they are first; an administrator rewrites them in the Desk (R33, R45)."""

from __future__ import annotations

from concerto_education.attendance.closing import close, reminders
from concerto_education.authority import mail

CONFIRMED = """<p>Bonjour,</p>
<p>{{ who }} a confirmé les présences de {{ month }} pour le site <b>{{ site }}</b> :
{{ present }} présences, {{ absent }} absences (A), {{ justified }} absences justifiées (AJ).</p>
{% if remark %}<p>Remarque : {{ remark }}</p>{% endif %}
<p><a href="{{ link }}">Voir la clôture</a></p>"""

REMINDER = """<p>Bonjour,</p>
<p>Les présences de {{ month }} pour le site <b>{{ site }}</b>
{% if late %}devaient être confirmées avant le {{ deadline }}.{% else %}sont à confirmer avant le {{ deadline }}.{% endif %}
La facturation attend cette confirmation.</p>
{% if todo %}<p>Il reste :</p><ul>{% for line in todo %}<li>{{ line.label }} : {{ line.count }}</li>{% endfor %}</ul>
{% else %}<p>Tout est pointé : il ne reste qu’à clôturer le mois.</p>{% endif %}
<p><a href="{{ link }}">Ouvrir le calendrier du mois</a></p>"""


def seed() -> None:
	mail.seed_template(close.TEMPLATE, "{{ site }} : présences de {{ month }} confirmées", CONFIRMED)
	mail.seed_template(reminders.TEMPLATE, "{{ site }} : présences de {{ month }} à confirmer", REMINDER)
