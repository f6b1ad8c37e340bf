// The tab "Documents" of a dossier: what is missing, documents, authorisations, mandates, reminders (R7, R20, R24).
frappe.provide("concerto.families");

(() => {
	const API = "concerto_education.families.documents.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => (value ? esc(frappe.datetime.str_to_user(String(value).slice(0, 10))) : "");
	const route = (doctype, name) => `/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}`;
	const link = (doctype, name, text) => `<a href="${route(doctype, name)}">${esc(text)}</a>`;
	const button = (action, text, attributes = "", kind = "btn-default") =>
		`<button class="btn btn-xs ${kind}" data-action="${action}" ${attributes}>${esc(text)}</button>`;
	const COLOURS = {
		Requested: "gray",
		Received: "orange",
		Valid: "green",
		Refused: "red",
		Expired: "red",
		Active: "green",
		"Awaiting Signature": "orange",
		Suspended: "yellow",
		Revoked: "gray",
		None: "red",
		Queued: "orange",
		Sent: "green",
		Failed: "red",
		Printed: "blue",
	};
	const pill = (state, text) =>
		`<span class="indicator-pill ${COLOURS[state] || "gray"}">${esc(text || __(state))}</span>`;

	// ---------------------------------------------------------------- the parts

	function section(title, actions, body) {
		return `<section class="concerto-part"><div class="concerto-part-head"><h4>${esc(title)}</h4>
			<div class="concerto-part-actions">${actions.filter(Boolean).join("")}</div></div>${body}</section>`;
	}

	function missing_part(data) {
		if (!data.missing.length) {
			return section(
				__("Missing in the Dossier"),
				[],
				`<p class="text-muted">${esc(__("Nothing is missing."))}</p>`,
			);
		}
		const groups = new Map();
		for (const item of data.missing) {
			const title = item.subject || __("Family");
			groups.set(title, [...(groups.get(title) || []), item]);
		}
		const cards = [...groups].map(
			([
				title,
				items,
			]) => `<div class="concerto-card is-danger"><div class="concerto-name">${esc(title)}</div>
				<ul class="concerto-lacks">${items.map(lack).join("")}</ul></div>`,
		);
		const remind =
			data.may.remind &&
			(data.emails.length
				? button("remind", __("Send the Reminder"), "", "btn-primary")
				: button("letter", __("Print the Letter"), "", "btn-primary"));
		const letter = data.may.remind && data.emails.length && button("letter", __("Print the Letter"));
		return section(
			__("Missing in the Dossier"),
			[remind, letter],
			`<div class="concerto-members">${cards.join("")}</div>`,
		);
	}

	function lack(item) {
		const why = item.activities.length
			? ` <span class="text-muted">${esc(__("for {0}", [item.activities.join(", ")]))}</span>`
			: "";
		const blocks = item.blocking ? ` <b>${esc(__("(blocks the enrolment)"))}</b>` : "";
		return `<li>${esc(item.label)} · ${esc(item.reason)}${why}${blocks}</li>`;
	}

	function documents_part(data) {
		const rows = data.documents.map((row) => {
			const decide =
				data.may.document && row.status === "Received"
					? button(
							"accept",
							__("Accept"),
							`data-name="${esc(row.name)}" data-type="${esc(row.document_type)}"`,
						) + button("refuse", __("Refuse"), `data-name="${esc(row.name)}"`)
					: "";
			const file = row.file
				? `<a href="${esc(row.file)}" target="_blank" rel="noopener">${esc(__("Open the File"))}</a>`
				: "";
			const dates = [
				row.received_on && __("received on {0}", [day(row.received_on)]),
				row.valid_to && __("until {0}", [day(row.valid_to)]),
			];
			return `<tr><td>${link("Family Document", row.name, row.document_type)}
					<div class="text-muted small">${esc(row.subject)}</div></td>
				<td>${pill(row.status)}<div class="text-muted small">${esc(row.refusal_reason)}</div></td>
				<td class="text-muted small">${dates.filter(Boolean).join("<br>")}</td>
				<td>${file}</td><td class="text-right">${decide}</td></tr>`;
		});
		const body = rows.length
			? `<table class="concerto-table"><tbody>${rows.join("")}</tbody></table>`
			: `<p class="text-muted">${esc(__("No document yet."))}</p>`;
		return section(
			__("Documents"),
			[data.may.document && button("add-document", __("Add a Document"))],
			body,
		);
	}

	function answers_part(data) {
		if (!data.children.length) return "";
		const cards = data.children.map((child) =>
			concerto.families.answers_card(child, data.may.answer, child.full_name),
		);
		return section(__("Authorisations"), [], `<div class="concerto-members">${cards.join("")}</div>`);
	}

	function mandates_part(data) {
		if (!data.mandates.length && !data.may.mandate) return "";
		const rows = data.mandates.map((row) => {
			const name = row.mandate
				? `${link("Mandate", row.mandate, row.rum)} <span class="text-muted">${esc(row.account)}</span>`
				: "";
			const lapse =
				row.usable && row.lapses_on ? __("lapses on {0} if it is not used", [row.lapses_on]) : "";
			return `<tr><td>${link("Payer", row.payer, row.recipient)}</td>
				<td>${pill(row.state, row.state === "None" ? __("No mandate") : "")}</td>
				<td>${name}<div class="text-muted small">${esc(lapse)}</div></td></tr>`;
		});
		const body = rows.length
			? `<table class="concerto-table"><tbody>${rows.join("")}</tbody></table>`
			: `<p class="text-muted">${esc(__("No payer of this family is debited."))}</p>`;
		return section(
			__("SEPA Mandates"),
			[data.may.mandate && button("add-mandate", __("New Mandate"))],
			body,
		);
	}

	function reminders_part(data) {
		if (!data.reminders.length) return "";
		const rows = data.reminders.map(
			(row) => `<tr><td>${link("Document Reminder", row.name, frappe.datetime.str_to_user(row.sent_at))}
				<div class="text-muted small">${esc(row.sent_by)}</div></td>
				<td>${esc(__(row.channel))} ${pill(row.state)}<div class="text-muted small">${esc(row.problem || row.recipients)}</div></td>
				<td class="small">${esc(row.what.join(", "))}</td></tr>`,
		);
		return section(
			__("Reminders"),
			[],
			`<table class="concerto-table"><tbody>${rows.join("")}</tbody></table>`,
		);
	}

	// ---------------------------------------------------------------- drawing and acting

	concerto.families.draw_documents = (frm, data) => {
		const field = frm.get_field("documents_view");
		if (!field || !data) return;
		field.$wrapper
			.html(
				`<div class="concerto-documents">${missing_part(data)}${documents_part(data)}${answers_part(
					data,
				)}${mandates_part(data)}${reminders_part(data)}</div>`,
			)
			.off("click.concerto")
			.on("click.concerto", "[data-action]", (event) => {
				const { action, ...values } = event.currentTarget.dataset;
				ACTIONS[action](frm, data, values);
			});
	};

	const again = (frm) => frm.events.draw_overview(frm);

	const ACTIONS = {
		"add-document": (frm) => frappe.new_doc("Family Document", { family: frm.doc.name }),

		"add-mandate": (frm, data) => {
			const without = data.mandates.filter((row) => !row.open);
			frappe.new_doc("Mandate", {
				family: frm.doc.name,
				...(without.length === 1 ? { payer: without[0].payer } : {}),
			});
		},

		async accept(frm, data, { name, type }) {
			const dated =
				(await frappe.db.get_value("Document Type", type, "validity")).message.validity ===
				"Date on the Document";
			const done = (values) =>
				frappe.xcall(`${API}accept`, { document: name, ...values }).then(() => again(frm));
			if (!dated) return done({});
			frappe.prompt(
				[
					{
						fieldname: "valid_to",
						fieldtype: "Date",
						label: __("Valid To"),
						reqd: 1,
						description: __("The date written on the document"),
					},
				],
				done,
				__("Accept the document"),
				__("Accept"),
			);
		},

		refuse(frm, data, { name }) {
			frappe.prompt(
				[
					{
						fieldname: "reason",
						fieldtype: "Small Text",
						label: __("Reason for the Refusal"),
						reqd: 1,
						description: __("The family reads it in the reminder"),
					},
				],
				({ reason }) =>
					frappe.xcall(`${API}refuse`, { document: name, reason }).then(() => again(frm)),
				__("Refuse the document"),
				__("Refuse"),
			);
		},

		answer: (frm, data, { person }) =>
			concerto.families.ask_answers(
				frm.doc.name,
				data.children.find((row) => row.person === person),
				() => again(frm),
			),

		remind(frm, data) {
			frappe.confirm(
				__("Send the list of what is missing to {0}?", [data.emails.map(esc).join(", ")]),
				() =>
					frappe.xcall(`${API}remind`, { family: frm.doc.name }).then(() => {
						frappe.show_alert({ message: __("Reminder sent"), indicator: "green" });
						return again(frm);
					}),
			);
		},

		letter(frm) {
			open_url_post(
				`/api/method/${API}print_letters`,
				{ families: JSON.stringify([frm.doc.name]) },
				true,
			);
			// The letter is noted in the history while it is made: shown when the user comes back to this page.
			$(window).one("focus", () => again(frm));
		},
	};
})();
