import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families import resources
from concerto_education.families.errors import ResourcesAreImmutable, ResourcesAreKept


class FamilyResources(Document):
	"""Resources of a household, dated. Added, never changed nor deleted: past prices were computed with them (R36)."""

	def before_validate(self):
		if self.is_new():
			resources.complete(self)

	def validate(self):
		if not self.is_new():
			frappe.throw(
				_("Resources are never changed. Add new ones with their dates: the latest ones hold (R36)"),
				ResourcesAreImmutable,
			)
		self.family_name = frappe.db.get_value("Family", self.family, "family_name")
		resources.check(self)

	def before_rename(self, old, new, merge=False):
		frappe.throw(_("Recorded resources are never renamed (R36)"), ResourcesAreImmutable)

	def on_trash(self):
		frappe.throw(
			_("Resources are never deleted. Add new ones with their dates: the latest ones hold (R36)"),
			ResourcesAreKept,
		)


def on_doctype_update():
	frappe.db.add_index("Family Resources", ["family", "valid_from"])
