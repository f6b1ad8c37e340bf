// Each step of a funding is a button; the next one stands out (R29).

const FUNDING_API = "concerto_education.billing.funders.api.";

frappe.ui.form.on("Funding", {
	setup(frm) {
		frm.set_query("enrolment", () => ({ filters: { status: ["!=", "Cancelled"] } }));
	},

	async enrolment(frm) {
		if (!frm.doc.enrolment) return;
		const fields = ["person", "family", "activity", "site", "valid_from", "valid_to"];
		const { message } = await frappe.db.get_value("Enrolment", frm.doc.enrolment, fields);
		for (const field of fields) {
			if (field.startsWith("valid") && frm.doc[field]) continue;
			frm.set_value(field, message[field]);
		}
	},

	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(
				__(
					"A request. Save it, then make the quote; the funder’s notification and its activation follow.",
				),
			);
			if (frm.doc.enrolment && !frm.doc.person) frm.trigger("enrolment");
			return;
		}
		frm.page.set_title(frappe.utils.get_link_title("Person", frm.doc.person) || frm.doc.person);
		frm.page.set_indicator(__(frm.doc.status), COLOURS[frm.doc.status]);
		if (frm.doc.quote_number) {
			frm.add_custom_button(__("Quote (PDF)"), () =>
				open_url_post(`/api/method/${FUNDING_API}quote_pdf`, { funding: frm.doc.name }, true),
			);
		}
		if (!frm.perm[0]?.write) return;
		for (const step of STEPS[frm.doc.status] || []) step(frm);
	},
});

const COLOURS = {
	Requested: "orange",
	Quoted: "yellow",
	Notified: "blue",
	Active: "green",
	Refused: "red",
	Cancelled: "gray",
};

function call(frm, method, args, text) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the form first."));
		return;
	}
	frappe
		.call({ method: FUNDING_API + method, args: { funding: frm.doc.name, ...args }, freeze: true })
		.then(() => {
			frappe.show_alert({ message: text, indicator: "green" });
			frm.reload_doc();
		});
}

const quote = (label, primary) => (frm) => {
	const button = frm.add_custom_button(label, () =>
		call(frm, "make_quote", {}, __("Quote made and attached")),
	);
	if (primary) button.addClass("btn-primary");
};

const notified = (primary) => (frm) => {
	const button = frm.add_custom_button(__("Notification Received"), () => {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save the form first."));
			return;
		}
		frappe.prompt(
			[
				{
					fieldname: "reference",
					fieldtype: "Data",
					label: __("Reference of the Funder"),
					reqd: 1,
					default: frm.doc.reference,
				},
				{
					fieldname: "notified_on",
					fieldtype: "Date",
					label: __("Notified On"),
					reqd: 1,
					default: frm.doc.notified_on || frappe.datetime.get_today(),
				},
				{ fieldname: "notification", fieldtype: "Attach", label: __("Notification") },
			],
			async (values) => {
				await frm.set_value(values);
				await frm.save();
				call(frm, "move_funding", { status: "Notified" }, __("Notification recorded"));
			},
			__("Notification Received"),
			__("Record"),
		);
	});
	if (primary) button.addClass("btn-primary");
};

const activate = (frm) =>
	frm
		.add_custom_button(__("Activate"), () =>
			frappe.confirm(
				__(
					"From {0} on, the funder pays its part. Months that are invoiced already are corrected on the next invoice. Go on?",
					[frappe.datetime.str_to_user(frm.doc.valid_from)],
				),
				() => call(frm, "move_funding", { status: "Active" }, __("Funding active")),
			),
		)
		.addClass("btn-primary");

const ended = (status, label) => (frm) =>
	frm.add_custom_button(label, () =>
		frappe.prompt(
			{ fieldname: "note", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			({ note }) => call(frm, "move_funding", { status, note }, __("Recorded")),
			label,
			__("Record"),
		),
	);

const STEPS = {
	Requested: [
		quote(__("Make the Quote"), true),
		notified(false),
		ended("Refused", __("Refused by the Funder")),
		ended("Cancelled", __("Cancel the Request")),
	],
	Quoted: [
		notified(true),
		quote(__("Make the Quote Again"), false),
		ended("Refused", __("Refused by the Funder")),
		ended("Cancelled", __("Cancel the Request")),
	],
	Notified: [
		activate,
		ended("Refused", __("Refused by the Funder")),
		ended("Cancelled", __("Cancel the Request")),
	],
	Active: [ended("Cancelled", __("Take Back"))],
};
