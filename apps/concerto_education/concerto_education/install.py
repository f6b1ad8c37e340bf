"""Installing and removing the app. Everything seeded here is seeded once and then belongs to the administrator."""

from __future__ import annotations

import frappe

from concerto_education.activities.capacity import seeds as waiting_list
from concerto_education.activities.models import seed as activity_models
from concerto_education.activities.nursery import scale as nursery_scale
from concerto_education.attendance.absences import seeds as absence_proofs
from concerto_education.attendance.closing import letters as closing_letters
from concerto_education.attendance.meals import mail as meal_letters
from concerto_education.authority import desk, mail, roles, seeds
from concerto_education.authority.accounts import letters as account_letters
from concerto_education.authority.coherence import settings as coherence_settings
from concerto_education.authority.coherence import weekly as coherence_letters
from concerto_education.billing import scheduled as scheduled_billing
from concerto_education.billing.payments import seed as payments
from concerto_education.billing.posting import emails
from concerto_education.families.documents import texts as reminder_letters
from concerto_education.families.placement import letters


def before_install() -> None:
	roles.seed_roles()


def after_install() -> None:
	seeds.seed_system_settings()
	seeds.seed_tables()
	seeds.seed_authority_settings()
	absence_proofs.seed()
	activity_models.seed()
	waiting_list.seed()
	nursery_scale.seed()
	letters.seed()
	closing_letters.seed()
	meal_letters.seed_template()
	coherence_settings.seed()
	coherence_letters.seed()
	scheduled_billing.seed()
	reminder_letters.seed()
	account_letters.seed()
	payments.seed()
	emails.seed()
	roles.seed_role_profiles()
	desk.seed_module_profiles()
	desk.translate_names()
	frappe.clear_cache()


def before_uninstall() -> None:
	"""Undo what Frappe doesn't: it drops our DocTypes and workspaces, not the records we made in its own.

	Accounts are kept, without our roles. The language and formats of the site are kept too: they belong to
	the site by now.
	"""
	mail.forget_administrators()
	desk.remove_names()
	desk.remove_module_profiles()
	roles.remove()
