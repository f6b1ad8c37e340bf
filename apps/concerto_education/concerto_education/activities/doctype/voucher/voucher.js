// How much of a voucher is used, as the ledger says (R21).

frappe.ui.form.on("Voucher", {
	setup(frm) {
		frm.set_query("funder", () => ({ filters: { kind: ["in", ["MSA", "CAF", "Other"]] } }));
		frm.set_query("person", () =>
			frm.children ? { filters: { name: ["in", frm.children.length ? frm.children : [""]] } } : {},
		);
	},

	async family(frm) {
		if (!frm.doc.family) return;
		const family = await frappe.db.get_doc("Family", frm.doc.family);
		frm.children = family.members.filter((row) => row.role === "Child").map((row) => row.person);
		if (frm.is_new() && frm.children.length === 1) frm.set_value("person", frm.children[0]);
	},

	async refresh(frm) {
		if (frm.is_new()) {
			if (frm.doc.family) frm.trigger("family");
			return;
		}
		const { message } = await frappe.call("concerto_education.billing.funders.used.voucher_use", {
			voucher: frm.doc.name,
		});
		const colour = message.full ? "#a61b1b" : "#14713d";
		frm.get_field("use_view").$wrapper.html(`<div style="max-width: 420px">
			<div style="height: 10px; border-radius: 5px; background: var(--control-bg); overflow: hidden">
				<div style="height: 100%; width: ${Math.min(100, message.percent)}%; background: ${colour}"></div></div>
			<p style="margin-top: 6px">${frappe.utils.escape_html(message.text)}</p></div>`);
	},
});
