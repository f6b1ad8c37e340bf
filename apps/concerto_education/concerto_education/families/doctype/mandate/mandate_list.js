// The payer's name and the end of the account: enough to find a mandate.
frappe.listview_settings["Mandate"] = {
	add_fields: ["state", "family"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = {
			"Awaiting Signature": "orange",
			Active: "green",
			Suspended: "yellow",
			Revoked: "gray",
			Expired: "red",
		};
		return [__(doc.state), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},
};
