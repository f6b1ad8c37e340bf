// A statement is read, printed, then claimed (R21, R29).

const STATEMENT_API = "concerto_education.billing.funders.api.";

frappe.ui.form.on("Funder Statement", {
	async refresh(frm) {
		frm.disable_save();
		if (frm.is_new()) return;
		frm.page.set_title(frappe.utils.get_link_title("Organisation", frm.doc.funder) || frm.doc.funder);
		const file = (method) =>
			open_url_post(`/api/method/${STATEMENT_API}${method}`, { statement: frm.doc.name }, true);
		frm.add_custom_button(__("PDF"), () => file("statement_pdf"));
		frm.add_custom_button(__("Excel"), () => file("statement_xlsx"));
		if (frm.doc.status === "Draft" && frm.perm[0]?.write) {
			frm.add_custom_button(__("Claim from the Funder"), () =>
				frappe.confirm(
					__("An invoice of {0} to the funder is issued with its number. Go on?", [
						format_currency(frm.doc.total, "EUR"),
					]),
					() =>
						frappe
							.call({
								method: `${STATEMENT_API}claim_statement`,
								args: { statement: frm.doc.name },
								freeze: true,
							})
							.then(({ message }) => {
								frappe.show_alert({ message: __("Invoice issued"), indicator: "green" });
								frappe.set_route("Form", "Invoice", message.invoice);
							}),
				),
			).addClass("btn-primary");
		}
		const { message } = await frappe.call(`${STATEMENT_API}statement_overview`, {
			statement: frm.doc.name,
		});
		const esc = (text) => frappe.utils.escape_html(String(text));
		frm.get_field("overview").$wrapper.html(`
			<h4 style="margin-top: 0">${esc(message.title)}</h4>
			<table class="table table-bordered" style="max-width: 620px"><thead><tr>
				<th>${__("Structure")}</th><th class="text-right">${__("Lines")}</th>
				<th class="text-right">${__("Days")}</th><th class="text-right">${__("Total")}</th></tr></thead><tbody>
			${message.sites
				.map(
					(row) => `<tr><td>${esc(row.site)}</td><td class="text-right">${row.lines}</td>
					<td class="text-right">${row.days}</td><td class="text-right">${esc(row.total)}</td></tr>`,
				)
				.join("")}
			<tr><th>${__("Total")}</th><th></th><th></th><th class="text-right">${esc(message.total)}</th></tr></tbody></table>`);
	},
});
