// A run of reminders: looked at, letters left out, then sent or discarded (R42).
const REMINDERS = "concerto_education.billing.payments.reminders.api.";

frappe.ui.form.on("Reminder Run", {
	async refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		const write = frm.perm[0]?.write;
		if (frm.doc.status === "To Review" && write) {
			frm.add_custom_button(__("Send"), () => confirm_sending(frm)).addClass("btn-primary");
			frm.add_custom_button(__("Discard"), () =>
				frappe.confirm(__("Throw these reminders away? Nothing was sent."), async () => {
					await frappe.xcall(`${REMINDERS}discard`, { run: frm.doc.name });
					frm.reload_doc();
				}),
			);
		}
		if (frm.doc.status === "Sending" && write)
			frm.add_custom_button(__("Go On Sending"), () => send(frm));
		if (frm.doc.status !== "Discarded")
			frm.add_custom_button(__("Letters by Post (PDF)"), () =>
				concerto.payments.open_pdf(`${REMINDERS}run_pdf`, { run: frm.doc.name }),
			);
		draw(frm);
	},
});

async function draw(frm) {
	const name = frm.doc.name;
	const found = await frappe.xcall(`${REMINDERS}run_overview`, { run: name });
	if (frm.doc.name !== name) return;
	frm.found = found;
	const wrapper = frm.get_field("overview").$wrapper;
	wrapper.html(overview(frm, found));
	wrapper.find("[data-leave-out]").on("click", (event) => {
		const reminder = event.currentTarget.dataset.leaveOut;
		concerto.payments.ask_reason(
			__("Leave Out"),
			__("Leave Out"),
			async ({ reason }) => {
				await frappe.xcall(`${REMINDERS}leave_out`, { reminder, reason });
				frm.reload_doc();
			},
			false,
		);
	});
	if (found.status === "Sending") setTimeout(() => cur_frm === frm && frm.reload_doc(), 3000);
}

function confirm_sending(frm) {
	const { mailed, posted } = frm.found || {};
	frappe.confirm(
		__("Send these reminders now? {0} by e-mail, {1} to print and post.", [mailed || 0, posted || 0]),
		() => send(frm),
	);
}

async function send(frm) {
	await frappe.xcall(`${REMINDERS}send`, { run: frm.doc.name });
	frm.reload_doc();
}

function overview(frm, found) {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const cards = found.levels.map(
		(row) => `<div class="concerto-card"><div class="concerto-label">${__("Level {0}", [row.level])}</div>
		<div class="concerto-value">${escape(row.amount)}</div>
		<div class="concerto-detail">${__("{0} letters", [row.count])}</div></div>`,
	);
	const open = frm.doc.status === "To Review" && frm.perm[0]?.write;
	const rows = found.rows.map(
		(row) => `<tr class="${row.status === "Left Out" ? "text-muted" : ""}">
		<td><a href="/app/reminder/${encodeURIComponent(row.name)}">${escape(row.title)}</a>
			<div class="text-muted small">${escape(row.left_out_reason)}</div></td>
		<td>${escape(row.level)}</td><td>${escape(__(row.channel))}</td><td>${escape(row.status_text)}</td>
		<td class="text-right">${escape(row.amount)}</td>
		<td>${
			open && row.status === "To Send"
				? `<button class="btn btn-xs btn-default" data-leave-out="${escape(row.name)}">${__(
						"Leave Out",
					)}</button>`
				: ""
		}</td></tr>`,
	);
	return `<div class="concerto-overview"><div class="concerto-figures">${cards.join("")}</div>
		<div style="overflow-x: auto"><table class="table table-sm"><thead><tr><th>${__("Payer")}</th>
		<th>${__("Level")}</th><th>${__("Sent By")}</th><th>${__("Status")}</th>
		<th class="text-right">${__("Amount")}</th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table></div>
		${found.more ? `<p>${__("and {0} more", [found.more])}</p>` : ""}</div>`;
}
