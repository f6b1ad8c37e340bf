"""Under which type of document the proof of an absence is filed, on new sites and on those that were there before."""

from __future__ import annotations

import frappe

# A type of its own: a certificate of absence is no certificate of fitness, which an activity may ask for.
PROOF = "Justificatif médical d'absence"
PROVED_BY_IT = ("Certificat médical", "Hospitalisation", "Éviction")


def seed() -> None:
	"""Give the medical reasons their type; what an administrator has renamed or chosen stays."""
	if not frappe.db.exists("Document Type", PROOF):
		doc = frappe.new_doc("Document Type")
		doc.update(
			{
				"type_name": PROOF,
				"concerns": "Child",
				"validity": "No End",
				"health": 1,  # read by health roles alone
				"instructions": "Certificat du médecin ou bulletin d'hospitalisation, avec les dates de l'absence",
			}
		)
		doc.insert()
	for reason in PROVED_BY_IT:
		if frappe.db.exists("Absence Reason", {"name": reason, "document_type": ("is", "not set")}):
			frappe.db.set_value("Absence Reason", reason, "document_type", PROOF)
