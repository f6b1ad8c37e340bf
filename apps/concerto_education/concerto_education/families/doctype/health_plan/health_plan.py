from frappe.model.document import Document


class HealthPlan(Document):
	"""One PAI, *projet d'accueil individualisé*: signed, to be reviewed, ended (R23)."""
