// What the family's form draws besides its fields. Every value is escaped here: names come from people.
frappe.provide("concerto.families");

(() => {
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => frappe.datetime.str_to_user(String(value).slice(0, 10));
	const route = (doctype, name) => `/app/${frappe.router.slug(doctype)}/${encodeURIComponent(name)}`;
	const link = (doctype, name, text) => `<a href="${route(doctype, name)}">${esc(text)}</a>`;
	const empty = (text) => `<div class="concerto-empty">${esc(text)}</div>`;
	const tag = (text, kind = "") => `<span class="concerto-tag ${kind}">${esc(text)}</span>`;

	concerto.families.number = (value) =>
		Number(value).toLocaleString("fr-FR", { minimumFractionDigits: 0, maximumFractionDigits: 2 });

	// +33612345678 is stored; people read and dictate 06 12 34 56 78.
	concerto.families.phone = (value) =>
		String(value || "")
			.replace(/^\+33-?/, "0")
			.replace(/^(0\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4 $5");

	function card(label, value, detail = "", kind = "", tab = "") {
		// A figure that belongs to a tab of the form leads there.
		const opens = tab ? ` is-link" role="button" tabindex="0" data-tab="${esc(tab)}` : "";
		return `<div class="concerto-card ${kind}${opens}">
			<div class="concerto-label">${esc(label)}</div>
			<div class="concerto-value">${value}</div>
			<div class="concerto-detail">${detail}</div>
		</div>`;
	}

	function quotient_card(quotient) {
		const label = __("Quotient of Today");
		if (!quotient) return "";
		if (quotient.missing) {
			return card(
				label,
				esc(__("Missing")),
				esc(__("Add a quotient, or 9999 if it is unknown")),
				"is-warning",
			);
		}
		if (quotient.unknown) {
			return card(label, "9999", esc(__("Unknown: full price until it is replaced")), "is-warning");
		}
		const until = esc(__("{0}, until {1}", [__(quotient.source), day(quotient.until)]));
		return card(label, esc(concerto.families.number(quotient.value)), until);
	}

	function enrolment_tags(enrolments, person) {
		return enrolments
			.filter((row) => row.person === person)
			.map(
				(row) =>
					`<a href="${route("Enrolment", row.name)}" title="${esc(row.site)}">${tag(row.activity)}</a>`,
			)
			.join("");
	}

	// A red badge where something of this child or adult is missing (R24).
	function missing_badge(member, missing) {
		const count = missing.filter((item) => item.person === member.person).length;
		if (!count) return "";
		const words = count === 1 ? __("1 missing") : __("{0} missing", [count]);
		return `<a class="concerto-badge" role="button" tabindex="0" data-tab="documents_tab">${esc(words)}</a>`;
	}

	function member_card(member, enrolments, missing) {
		const is_child = member.role === "Child";
		const kind = member.forbidden ? "is-danger" : is_child ? "is-child" : "";
		const details = [
			is_child ? member.age : __(member.role),
			member.relation,
			member.school,
			member.phone &&
				`<a href="tel:${esc(member.phone)}" class="text-nowrap">${esc(concerto.families.phone(member.phone))}</a>`,
		].filter(Boolean);
		const shown = details.map((text) => (String(text).startsWith("<a") ? text : esc(text))).join(" · ");
		let tags = (member.health || []).map((mark) => tag(mark.text, mark.kind)).join("");
		tags += enrolment_tags(enrolments, member.person);
		if (member.forbidden) {
			tags += tag(__("Forbidden: may not collect the child"), "is-danger");
		} else if (member.role === "Contact") {
			if (member.may_collect) tags += tag(__("May Collect"));
			if (member.emergency) tags += tag(__("Emergency"));
		}
		return `<div class="concerto-card concerto-member ${kind}">
			<div class="concerto-name">${link("Person", member.person, member.full_name)}${missing_badge(member, missing)}</div>
			<div class="concerto-detail">${shown}</div>
			<div>${tags}</div>
		</div>`;
	}

	// The strip on top: figures first, then the children, then the adults.
	concerto.families.strip = (data) => {
		const children = data.members.filter((member) => member.role === "Child");
		const adults = data.members.filter((member) => member.role !== "Child");
		const figures = [
			quotient_card(data.quotient),
			...data.figures.map((figure) =>
				card(
					figure.label,
					esc(figure.value),
					esc(figure.detail || ""),
					figure.kind || "",
					figure.tab,
				),
			),
			card(
				__("Payers"),
				data.payers.filter((payer) => payer.active).length || esc(__("None")),
				data.payers
					.filter((payer) => payer.active)
					.map((payer) => link("Payer", payer.name, payer.recipient))
					.join("<br>") || esc(__("Nobody receives the invoices yet")),
				data.payers.some((payer) => payer.active) ? "" : "is-warning",
			),
			card(
				__("Enrolments"),
				data.enrolments.length || esc(__("None")),
				data.enrolments.length ? "" : esc(__("Use “Enrol” to add the first one")),
			),
		];
		const group = (title, members) =>
			members.length
				? `<div class="concerto-heading">${esc(title)}</div><div class="concerto-members">${members
						.map((member) => member_card(member, data.enrolments, data.documents.missing))
						.join("")}</div>`
				: "";
		return `<div class="concerto-overview">
			<div class="concerto-figures">${figures.join("")}</div>
			${group(__("Children"), children)}
			${group(__("Adults"), adults)}
		</div>`;
	};

	// All recorded QF, latest first; the one of today is marked, one that holds nowhere any more is dimmed (R14).
	concerto.families.timeline = (quotients) => {
		if (!quotients.length) return empty(__("No quotient yet."));
		const items = quotients.map((row) => {
			const kind = row.current ? "is-current" : row.replaced ? "is-replaced" : "";
			const held = row.held
				.map((span) => __("from {0} to {1}", [day(span.from), day(span.to)]))
				.join(", ");
			const value = row.unknown ? esc(__("9999 (unknown)")) : esc(concerto.families.number(row.value));
			return `<li class="${kind}">
				<div><a class="concerto-value" href="${route("Quotient", row.name)}">${value}</a>
				${row.current ? tag(__("In force today")) : ""}
				${row.replaced ? tag(__("Replaced by a later one")) : ""}</div>
				<div class="text-muted">${held ? esc(__("Holds {0}", [held])) + " · " : ""}${esc(__(row.source))}</div>
				<div class="text-muted small">${esc(
					__("Recorded on {0} for {1} to {2}", [
						day(row.recorded_at),
						day(row.valid_from),
						day(row.valid_to),
					]),
				)}</div>
			</li>`;
		});
		return `<ul class="concerto-timeline">${items.join("")}</ul>`;
	};

	// A placement turns the other payers off for that child, from – to (R17).
	function placements(payer) {
		const span = (one) =>
			one.to
				? __("from {0} to {1}", [day(one.from), day(one.to)])
				: one.begun
					? __("since {0}", [day(one.from)])
					: __("from {0} on", [day(one.from)]);
		const off = payer.replaced.map((one) =>
			one.only_child
				? __("Does not pay: placed child ({0})", [span(one)])
				: __("Does not pay for {0}: placed child ({1})", [one.child, span(one)]),
		);
		const on = payer.pays_for_placed.map((one) =>
			__("Pays for {0}: placed child ({1})", [one.child, span(one)]),
		);
		return [...off.map((text) => tag(text, "is-warning")), ...on.map((text) => tag(text))]
			.map((shown) => `<div class="concerto-placed">${shown}</div>`)
			.join("");
	}

	concerto.families.payers = (payers) => {
		if (!payers.length) {
			return empty(
				__("No payer yet. Use “New Payer”: a representative, a contact or an organisation."),
			);
		}
		const cards = payers.map(
			(payer) => `<div class="concerto-card ${payer.active ? "" : "text-muted"}">
				<div class="concerto-name">${link("Payer", payer.name, payer.recipient || payer.name)}</div>
				<div class="concerto-detail">${payer.lines.map(esc).join("<br>")}</div>
				<div>${tag(__(payer.capacity))}${tag(
					payer.invoice_by === "E-mail" ? payer.email : __("Invoice by post"),
				)}${payer.active ? "" : tag(__("Inactive"))}</div>
				${placements(payer)}
			</div>`,
		);
		return `<div class="concerto-members">${cards.join("")}</div>`;
	};
})();
