// A list of quotients: look at it line by line, then add the good lines (R14, R39).
const API = "concerto_education.families.quotient_import.api.";
const KIND = {
	New: "is-new",
	Added: "is-good",
	Unchanged: "",
	Repeated: "",
};
const ORDER = [
	"New",
	"Added",
	"Unchanged",
	"Repeated",
	"No Dossier",
	"Ambiguous",
	"Name Differs",
	"Bad Value",
	"Bad Date",
	"Broken Encoding",
	"Wrong Columns",
	"Failed",
];
const TO_CHOOSE = ["No Dossier", "Ambiguous", "Name Differs"];
const esc = (value) => frappe.utils.escape_html(String(value ?? ""));

frappe.ui.form.on("Quotient Import", {
	refresh(frm) {
		frm.add_custom_button(__("Download a Model"), () =>
			window.open(`/api/method/${API}download_template`),
		);
		const done = ["Running", "Applied"].includes(frm.doc.status);
		for (const field of ["file", "source", "valid_from", "valid_to", "columns"]) {
			frm.set_df_property(field, "read_only", done ? 1 : 0);
		}
		const grid = frm.get_field("columns").grid;
		grid.cannot_add_rows = grid.cannot_delete_rows = true;
		grid.refresh();
		if (frm.is_new()) {
			frm.set_intro(
				__(
					"Attach the list of the CAF or MSA and save. Nothing is added before you have seen what each line would do.",
				),
			);
			return;
		}
		if (!frm.is_dirty() && !done) frm.add_custom_button(__("Look at It"), () => look(frm));
		if (["Applied", "Previewed"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Download the Report"), () =>
				window.open(`/api/method/${API}download_report?name=${encodeURIComponent(frm.doc.name)}`),
			);
		}
		if (frm.doc.status === "Refused") frm.set_intro(frm.doc.refusal, "red");
		if (frm.doc.status === "Running") {
			frm.set_intro(__("The quotients are being added. This page follows."), "blue");
			frm.add_custom_button(__("Go On"), () => apply(frm));
		}
		frm.lines_status = null;
		draw(frm, 0);
	},

	after_save(frm) {
		if (frm.doc.status === "Draft" && frm.doc.file) return look(frm);
	},

	onload(frm) {
		frappe.realtime.on("quotient_import_done", ({ name }) => {
			if (name === frm.doc.name) frm.reload_doc();
		});
	},
});

function look(frm) {
	return frappe
		.call({ method: `${API}preview`, args: { name: frm.doc.name }, freeze: true })
		.then(() => frm.reload_doc());
}

function apply(frm) {
	return frappe
		.call({ method: `${API}apply`, args: { name: frm.doc.name }, freeze: true })
		.then(() => frm.reload_doc());
}

function draw(frm, start) {
	const wrapper = frm.get_field("result").$wrapper;
	if (["Draft", "Refused"].includes(frm.doc.status)) {
		wrapper.html(
			`<div class="concerto-empty">${esc(frm.doc.refusal || __("Choose “Look at It”: each line is shown here with what it would do."))}</div>`,
		);
		return;
	}
	const args = { name: frm.doc.name, status: frm.lines_status, start };
	return frappe.xcall(`${API}lines`, args).then((data) => {
		if (frm.doc.name !== args.name) return;
		show(frm, wrapper, data, start);
		if (data.counts.New && frm.doc.status === "Previewed") {
			frm.page.set_primary_action(__("Add {0} Quotients", [data.counts.New]), () =>
				frappe.confirm(
					__("Add {0} quotients? The ones recorded before stay in the history.", [data.counts.New]),
					() => apply(frm),
				),
			);
		}
	});
}

function show(frm, wrapper, { counts, rows, page }, start) {
	const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
	const shown = frm.lines_status ? counts[frm.lines_status] || 0 : total;
	const chip = (status, label, number) =>
		`<button type="button" class="btn btn-xs ${frm.lines_status === status ? "btn-primary" : "btn-default"}"
			data-status="${esc(status || "")}" aria-pressed="${frm.lines_status === status}">${esc(label)} <strong>${number}</strong></button>`;
	const chips = [
		chip(null, __("All Lines"), total),
		...ORDER.filter((status) => counts[status]).map((status) => chip(status, __(status), counts[status])),
	];
	const number = (value) => (value === null || value === "" ? "" : esc(value));
	const body = rows.map((row) => {
		const who = row.family
			? `<a href="/app/family/${encodeURIComponent(row.family)}" target="_blank">${esc(row.family_label || row.family)}</a>`
			: esc(
					[row.beneficiary_number, row.last_name, row.first_name, row.birth_date]
						.filter(Boolean)
						.join(" · "),
				);
		const choose =
			frm.doc.status === "Previewed" && TO_CHOOSE.includes(row.status)
				? ` <button type="button" class="btn btn-default btn-xs" data-choose="${esc(row.name)}">${esc(__("Choose the Dossier"))}</button>`
				: "";
		const quotient = row.quotient
			? ` <a href="/app/quotient/${encodeURIComponent(row.quotient)}" target="_blank">${esc(row.quotient)}</a>`
			: "";
		return `<tr><td>${row.line}</td><td><span class="concerto-import-status ${KIND[row.status] ?? "is-bad"}">${esc(__(row.status))}</span></td>
			<td>${who}</td><td class="text-right">${number(row.value)}</td><td>${esc(row.message)}${quotient}${choose}</td></tr>`;
	});
	const pages =
		shown > page
			? `<p><button type="button" class="btn btn-xs btn-default" data-page="${start - page}" ${start ? "" : "disabled"}>‹</button>
				${esc(__("Lines {0} to {1} of {2}", [start + 1, Math.min(start + page, shown), shown]))}
				<button type="button" class="btn btn-xs btn-default" data-page="${start + page}" ${start + page < shown ? "" : "disabled"}>›</button></p>`
			: "";
	wrapper.html(`<div class="concerto-import-chips">${chips.join("")}</div>
		<div class="table-responsive"><table class="table table-bordered concerto-import"><thead><tr>
		<th>${esc(__("Line"))}</th><th>${esc(__("Status"))}</th><th>${esc(__("Family"))}</th>
		<th class="text-right">${esc(__("Quotient (QF)"))}</th><th>${esc(__("What Was Found"))}</th></tr></thead>
		<tbody>${body.join("")}</tbody></table></div>${pages}`);
	wrapper.find("[data-status]").on("click", (event) => {
		frm.lines_status = event.currentTarget.dataset.status || null;
		draw(frm, 0);
	});
	wrapper.find("[data-page]").on("click", (event) => draw(frm, Number(event.currentTarget.dataset.page)));
	wrapper
		.find("[data-choose]")
		.on("click", (event) => choose(frm, event.currentTarget.dataset.choose, start));
}

function choose(frm, line, start) {
	frappe.prompt(
		{ fieldtype: "Link", fieldname: "family", label: __("Family"), options: "Family", reqd: 1 },
		({ family }) => frappe.xcall(`${API}choose_family`, { line, family }).then(() => draw(frm, start)),
		__("Choose the Dossier"),
		__("Choose"),
	);
}
