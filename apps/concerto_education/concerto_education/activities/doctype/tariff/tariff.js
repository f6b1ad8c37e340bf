frappe.ui.form.on("Tariff", {
	setup(frm) {
		frm.set_query("activity", () => ({ filters: { active: 1 } }));
		frm.set_query("category", () => among(frm.offer?.categories, "category"));
		frm.set_query("site", () => among(frm.offer?.sites, "site"));
	},
	refresh(frm) {
		load_offer(frm);
		frm.add_custom_button(__("Simulate"), () => simulate(frm)).addClass("btn-primary");
	},
	activity(frm) {
		frm.set_value({ category: null, site: null });
		load_offer(frm);
	},
});

function among(rows, field) {
	const names = (rows || []).map((row) => row[field]);
	return names.length ? { filters: { name: ["in", names] } } : {};
}

function load_offer(frm) {
	frm.offer = null;
	if (frm.doc.activity) {
		frappe.db.get_doc("Activity", frm.doc.activity).then((activity) => (frm.offer = activity));
	}
}

function simulate(frm) {
	if (!frm.doc.activity || !frm.doc.valid_from) {
		frappe.msgprint(__("Choose the activity and the first day of the tariff first."));
		return;
	}
	const dialog = new frappe.ui.Dialog({
		title: __("What would this cost?"),
		fields: [
			{ fieldname: "day", fieldtype: "Date", label: __("Date"), reqd: 1, default: default_day(frm) },
			{ fieldtype: "Column Break" },
			{
				fieldname: "quotient",
				fieldtype: "Float",
				label: __("Quotient (QF)"),
				precision: 2,
				description: __("9999 if it is unknown"),
			},
			{ fieldtype: "Section Break" },
			{ fieldname: "answer", fieldtype: "HTML" },
		],
		primary_action_label: __("Simulate"),
		primary_action({ day, quotient }) {
			// An empty field is "no quotient"; 0 is a quotient.
			const typed = dialog.get_field("quotient").$input.val();
			frm.call("simulate", { day, quotient: typed === "" ? null : quotient }).then(({ message }) =>
				dialog.get_field("answer").$wrapper.html(answer_html(message)),
			);
		},
	});
	dialog.show();
}

function default_day(frm) {
	const today = frappe.datetime.get_today();
	return frm.doc.valid_from > today ? frm.doc.valid_from : today;
}

function answer_html(answer) {
	const esc = frappe.utils.escape_html;
	if (answer.problem) return `<div class="alert alert-warning">${esc(answer.problem)}</div>`;
	const lines = answer.lines
		.map((line) => `<tr><td>${esc(line.text)}</td><td class="text-right">${esc(line.amount)}</td></tr>`)
		.join("");
	return `<table class="table"><tbody>${lines}
		<tr><th>${__("Price of one unit")}</th><th class="text-right">${esc(answer.amount)}</th></tr>
		</tbody></table>`;
}
