"""What Frappe needs to know about the app. Only names that exist in v15 and v16 alike."""

from . import __version__ as app_version  # noqa: F401 (Frappe reads it)

app_name = "concerto_education"
app_title = "Concerto Éducation"
app_publisher = "Concerto Éducation contributors"
app_description = "Children's services of French communautés de communes, from the family file to the invoice"
app_email = "contact@concerto-education.invalid"
app_license = "AGPL-3.0-or-later"
app_logo_url = "/assets/concerto_education/images/concerto.svg"
app_home = "/app"

# Install and uninstall mirror each other.
before_install = "concerto_education.install.before_install"
after_install = "concerto_education.install.after_install"
setup_wizard_complete = "concerto_education.authority.seeds.after_wizard"
before_uninstall = "concerto_education.install.before_uninstall"

# The look: the label of the environment (R11) and the colour of the authority, on every screen.
app_include_js = [
	"/assets/concerto_education/js/desk.js",
	# Persons are also made from links of other forms, so the question about duplicates is everywhere (R12).
	"/assets/concerto_education/js/families/duplicates.js",
	"/assets/concerto_education/js/families/merge.js",
	# "Inscrire" opens from the family, from tasks and from lists (R4).
	"/assets/concerto_education/js/enrol.js",
	# Payments are entered from payers, families, invoices and a page of their own (R42).
	"/assets/concerto_education/js/payments.js",
	"/assets/concerto_education/js/billing/certificates.js",
]
app_include_css = [
	"/assets/concerto_education/css/desk.css",
	"/assets/concerto_education/css/health.css",
	"/assets/concerto_education/css/situations.css",
	"/assets/concerto_education/css/enrolment.css",
]
web_include_css = "/assets/concerto_education/css/web.css"
doctype_list_js = {"Invoice": "public/js/billing/invoice_list_posting.js"}
doctype_js = {
	"Person": [
		"public/js/families/overview.js",
		"public/js/families/authorisations.js",
		"public/js/families/health.js",
		"public/js/families/forbidden.js",
	],
	"Enrolment": [
		"public/js/families/forbidden.js",
		"public/js/activities/stops.js",
		"public/js/activities/places.js",
	],
	"Invoice": [
		"public/js/billing/invoice_payments.js",
		"public/js/billing/invoice_posting.js",
		"public/js/billing/invoice_corrections.js",
	],
	"Billing Run": ["public/js/billing/run_posting.js"],
	"Payer": ["public/js/billing/payer_payments.js", "public/js/billing/payer_adjustments.js"],
	"Family": [
		"public/js/billing/family_payments.js",
		"public/js/families/overview.js",
		"public/js/families/authorisations.js",
		"public/js/families/documents.js",
		"public/js/families/next_step.js",
		"public/js/families/health.js",
		"public/js/families/creation.js",
		"public/js/families/custody_calendar.js",
		"public/js/families/custody_family.js",
		"public/js/families/notes.js",
		"public/js/families/placement.js",
		"public/js/families/api_particulier.js",
	],
	"Custody Calendar": [
		"public/js/families/custody_calendar.js",
		"public/js/families/custody_form.js",
	],
}
extend_bootinfo = "concerto_education.authority.boot.extend_bootinfo"
update_website_context = "concerto_education.authority.boot.update_website_context"
website_context = {
	"favicon": "/assets/concerto_education/images/concerto.svg",
	"splash_image": "/assets/concerto_education/images/concerto.svg",
}

# Who may see what: both hooks of a DocType share one criterion (permissions.py).
permission_query_conditions = {
	"Site": "concerto_education.permissions.site_conditions",
	"Enrolment": "concerto_education.permissions.enrolment_conditions",
	"Nursery Contract": "concerto_education.permissions.nursery_contract_conditions",
	"Attendance": "concerto_education.permissions.attendance_conditions",
	"Attendance Event": "concerto_education.permissions.attendance_event_conditions",
	"Attendance Task": "concerto_education.permissions.attendance_task_conditions",
	"Late Pickup": "concerto_education.permissions.late_pickup_conditions",
	"Meal Order": "concerto_education.permissions.meal_order_conditions",
	"Meal Adults": "concerto_education.permissions.meal_adults_conditions",
	"List Export": "concerto_education.permissions.list_export_conditions",
	"Monthly Close": "concerto_education.permissions.monthly_close_conditions",
	"Closed Month Change": "concerto_education.permissions.closed_month_change_conditions",
	"Coherence Count": "concerto_education.permissions.coherence_count_conditions",
	# Health (R23): whose, and never through lists; rows of the record's tables are not read by themselves.
	"Health Record": "concerto_education.families.health.scope.conditions",
	"Health Allergy": "concerto_education.families.health.list_guard.deny",
	"Health Diet": "concerto_education.families.health.list_guard.deny",
	"Health Plan": "concerto_education.families.health.list_guard.deny",
	"Health Vaccination": "concerto_education.families.health.list_guard.deny",
	"Health Medicine": "concerto_education.families.health.list_guard.deny",
	"File": [
		"concerto_education.families.health.scope.file_conditions",
		"concerto_education.families.documents.files.file_conditions",
	],
	"Family Document": "concerto_education.families.documents.scope.conditions",
	"Funding": "concerto_education.permissions.funding_conditions",
	"Waiting List Entry": "concerto_education.permissions.waiting_list_entry_conditions",
	"Incomplete Week": "concerto_education.permissions.incomplete_week_conditions",
	"Capacity Period": "concerto_education.permissions.capacity_period_conditions",
	"Capacity Override": "concerto_education.permissions.capacity_override_conditions",
}
has_permission = {
	"Site": "concerto_education.permissions.has_permission",
	"Enrolment": "concerto_education.permissions.has_permission",
	"Nursery Contract": "concerto_education.permissions.has_permission",
	"Attendance": "concerto_education.permissions.has_permission",
	"Attendance Event": "concerto_education.permissions.has_permission",
	"Attendance Task": "concerto_education.permissions.has_permission",
	"Late Pickup": "concerto_education.permissions.has_permission",
	"Meal Order": "concerto_education.permissions.has_permission",
	"Meal Adults": "concerto_education.permissions.has_permission",
	"List Export": "concerto_education.permissions.has_permission",
	"Monthly Close": "concerto_education.permissions.has_permission",
	"Funding": "concerto_education.permissions.has_permission",
	"Waiting List Entry": "concerto_education.permissions.has_permission",
	"Incomplete Week": "concerto_education.permissions.has_permission",
	"Capacity Period": "concerto_education.permissions.has_permission",
	"Capacity Override": "concerto_education.permissions.has_permission",
	"Closed Month Change": "concerto_education.permissions.has_permission",
	"Coherence Count": "concerto_education.permissions.has_permission",
	"Quotient": "concerto_education.permissions.quotient_permission",
	"Health Record": "concerto_education.families.health.scope.record_permission",
	"File": "concerto_education.families.files.file_permission",
	"Family Document": "concerto_education.families.documents.scope.has_permission",
}

# A forecast follows what it is made of (hooks, because activities must not know attendance), the index of the
# search follows dossiers and persons, and no duplicate of them slips in (R12).
_INDEX = "concerto_education.families.search_index."
_CAPACITY = "concerto_education.activities.capacity."
_SECURITY = "concerto_education.authority.security."
_HEALTH = "concerto_education.families.health."
_DUPLICATES = {
	"validate": "concerto_education.families.duplicates.check_new",
	"after_insert": "concerto_education.families.duplicates.remember_declared",
}
# Fields that only some readers of a record may see leave the answer to a save, and the history (permlevel 1).
_HIDE = {"on_change": "concerto_education.authority.field_rights.hide_after_save"}
doc_events = {
	"Mandate": _HIDE,
	"Placement": _HIDE,
	"Opening Note": _HIDE,
	"Family Resources": _HIDE,
	"Meal Order": _HIDE,
	"Child Badge": _HIDE,
	"Version": {"before_insert": "concerto_education.authority.field_rights.mask_history"},
	"Person": {
		**_DUPLICATES,
		"on_update": [f"{_INDEX}on_person_change", f"{_HEALTH}service.on_person_change"],
		"on_trash": f"{_HEALTH}service.on_person_trash",
		"after_delete": f"{_INDEX}on_person_change",
	},
	"Family": {
		**_DUPLICATES,
		"on_update": f"{_INDEX}on_family_change",
		"after_delete": f"{_INDEX}on_family_change",
	},
	"Email Template": {"validate": "concerto_education.authority.templates.check_email_template"},
	"System Settings": {"on_update": f"{_SECURITY}ask_marked_roles_only"},
	"User": {
		"before_validate": [
			f"{_SECURITY}keep_address_to_ourselves",
			"concerto_education.authority.users.remember_roles",
		],
		"validate": "concerto_education.authority.users.keep_roles_as_asked",
	},
	"Contact": {"before_validate": f"{_SECURITY}keep_address_to_ourselves"},
	"File": {"validate": f"{_HEALTH}files.check_file"},
	"Payer": {"on_update": f"{_INDEX}on_payer_change", "after_delete": f"{_INDEX}on_payer_change"},
	"Organisation": {"on_update": f"{_INDEX}on_organisation_change"},
	"Enrolment": {
		"validate": [
			"concerto_education.activities.stops.validate_enrolment",
			"concerto_education.activities.requirements.check_confirmation",
			f"{_CAPACITY}enrolments.validate",
		],
		# A place first, then the forecast (R40).
		"on_update": [
			f"{_CAPACITY}enrolments.on_update",
			"concerto_education.attendance.forecast.on_enrolment_update",
		],
	},
	"Activity": {
		"validate": [
			"concerto_education.activities.stops.validate_activity",
			"concerto_education.activities.requirements.check_activity",
		],
		"on_update": f"{_CAPACITY}changes.on_activity_update",
	},
	"Attendance": {
		"validate": f"{_CAPACITY}attendance_row.validate",
		"on_update": f"{_CAPACITY}attendance_row.on_update",
	},
	"Waiting List Entry": {"on_update": "concerto_education.attendance.waiting.on_entry_update"},
	"Site": {
		"on_update": [
			"concerto_education.attendance.forecast.on_closures_update",
			"concerto_education.activities.capacity.changes.on_site_update",
		]
	},
	"School Year": {"on_update": "concerto_education.attendance.forecast.on_school_year_update"},
	"Authority Settings": {
		"validate": [
			"concerto_education.attendance.closing.reminders.check_settings",
			"concerto_education.families.mandates.creditor.check_settings",
			"concerto_education.billing.scheduled.check_settings",
			"concerto_education.billing.paper.settings.check_settings",
		]
	},
}

# What was done stays written down (R43).
for _kept in (
	"Version",
	"Access Log",
	"Activity Log",
	"Deleted Document",
	"Health Access Log",
	"List Export",
	"Merge Log",
	"Attendance Event",
	"Closed Month Change",
	"Capacity Override",
	"Duplicate Decision",
	"Opening Note Acknowledgement",
):
	_events = doc_events.setdefault(_kept, {})
	_events["on_trash"] = "concerto_education.authority.traces.guard.refuse_deletion"

# Steps that rooms above `attendance` add to the board of a month (R33): functions of its first day.
concerto_month_steps = ["concerto_education.billing.month_steps.steps"]
# What finance was told of the month, and who may tell it that the check is done: functions of its first day.
concerto_month_reminders = ["concerto_education.billing.month_steps.reminders"]
concerto_month_may_tell = ["concerto_education.billing.month_steps.may_tell"]

# The coherence check (R7, R33): files with rules, one for each room; who uses which site; who answers for it.
concerto_coherence_rules = [
	"concerto_education.families.coherence",
	"concerto_education.families.placement.coherence",
	"concerto_education.activities.coherence",
	"concerto_education.attendance.coherence",
	"concerto_education.billing.coherence",
]
concerto_coherence_families = ["concerto_education.activities.coherence.families_of"]
concerto_site_responsibles = ["concerto_education.activities.sites.responsible_users"]

# Figures that rooms above `families` add to the dossier's overview: functions of the family's name.
concerto_family_overview = ["concerto_education.billing.balance.family_figures"]
# Documents and authorisations that rooms above `families` require of a child: functions of (families, day).
concerto_requirements = ["concerto_education.activities.requirements.of_families"]

# The tablet page: an installable web app with a service worker of its own (R32).
page_renderer = [
	"concerto_education.portal.page.TabletPage",
	# What the QR code of an invoice leads to, after the login.
	"concerto_education.portal.invoice_page.InvoicePage",
]
# Marks that rooms add to a child on the tablet (allergies): functions of (persons, day).
concerto_child_marks = ["concerto_education.families.health.lists.child_marks"]

# The log of health readings keeps the number of a person who was deleted.
ignore_links_on_delete = ["Health Access Log"]

# Rooms above `families` that may refuse a merge of two dossiers or persons.
concerto_before_merge = ["concerto_education.billing.guards.before_merge"]

# Rooms above `families` that know until when a child is invoiced: functions of the person (R17).
concerto_invoiced_until = ["concerto_education.billing.guards.invoiced_until"]

scheduler_events = {
	# Early in the morning, before the offices open.
	"cron": {
		# From the 15th: the draft of the month by itself, or what it waits for (R33).
		"15 6-19 * * *": ["concerto_education.billing.scheduled.run"],
		# Mondays, before the week begins: the coherence check (R7).
		"40 5 * * 1": [
			"concerto_education.authority.coherence.weekly.run",
			# What is missing in the dossiers: counted, and told to the sites (R24).
			"concerto_education.activities.incomplete.weekly.run",
		],
		"30 5 * * *": [
			"concerto_education.attendance.closing.reminders.run",
			# Print files that were posted long ago.
			"concerto_education.billing.posting.printing.forget_old_files",
			# What the last issued run made claimable from funders (R21, R29).
			"concerto_education.billing.funders.statements.scheduled",
			# Reminders of what is not paid, for finance to look at (R42).
			"concerto_education.billing.payments.plans.close_kept",
			"concerto_education.billing.payments.reminders.prepare.scheduled",
			# What time has ended: mandates unused for 36 months, documents past their date.
			"concerto_education.families.mandates.service.expire_unused",
			"concerto_education.families.documents.rules.expire",
			"concerto_education.families.api_particulier.service.forget_old",
		],
		# Meal orders at the cut-off, and corrections afterwards (R27, R41).
		"*/5 * * * *": [
			# What the queue of e-mails did with the reminders of what is missing, and with the invoices.
			"concerto_education.families.documents.reminders.follow",
			"concerto_education.billing.posting.results.follow",
			"concerto_education.attendance.meals.cutoff.run_due",
			# Offers of places that nobody answered, and freed places for who is next (R40).
			"concerto_education.activities.capacity.offers.scheduled",
		],
	},
}

# What of the meals of a site is billed: functions of (sites, start, end), for the report of attendance (R41).
concerto_meals_billed = ["concerto_education.billing.meals.billed"]

# Who refuses planned days (full), and who follows them (waiting lists), see attendance/planning.py (R40).
concerto_before_plan = ["concerto_education.activities.capacity.gate.before_plan"]
concerto_planned_changed = ["concerto_education.activities.capacity.offers.on_planned_changed"]
# What the ledger has used of a funding or voucher, and the text of a quote: billing knows (R21, R29).
concerto_funding_used = ["concerto_education.billing.funders.used.of"]
concerto_quote_letter = ["concerto_education.billing.funders.quotes.letter"]

# Downloads keep their names, whatever the version of Werkzeug.
after_request = ["concerto_education.authority.headers.mend"]

# What lists say of a child's authorisations, in the administrator's words: functions of (persons, day).
concerto_person_authorisations = ["concerto_education.families.documents.authorisations.list_texts"]
