// A month's billing: what happens next, in words, with the one button that does it.
const RUN = "concerto_education.billing.run";
const PREFLIGHT = "concerto_education.billing.preflight";
const WORKING = ["Computing", "Issuing"];
const BEFORE_ISSUE = ["New", "To Review", "Interrupted"];
const POLL = 2500;

frappe.ui.form.on("Billing Run", {
	onload(frm) {
		if (frm.is_new() && !frm.doc.month) {
			const last_month = frappe.datetime.add_months(frappe.datetime.get_today(), -1);
			frm.set_value("month", `${last_month.slice(0, 8)}01`);
		}
		// Pushed where the realtime server runs; asked for every few seconds anyway.
		frappe.realtime.off("billing_run_progress");
		frappe.realtime.on("billing_run_progress", (data) => {
			if (frm.doc && cur_frm === frm)
				data.total ? draw_bar(frm, data.done, data.total) : look_again(frm);
		});
	},

	refresh(frm) {
		clearTimeout(frm.poll);
		if (frm.doc.status === "Issued") frm.disable_save();
		const started = !frm.is_new() && frm.doc.status !== "New";
		frm.set_df_property("month", "read_only", started ? 1 : 0);
		for (const field of ["issue_date", "due_date"]) {
			frm.set_df_property(field, "read_only", ["Issuing", "Issued"].includes(frm.doc.status) ? 1 : 0);
		}
		if (frm.is_new()) {
			frm.get_field("overview").$wrapper.html(
				sentence(__("Choose the month and save: the next step is to compute the drafts.")),
			);
			return;
		}
		draw(frm);
	},
});

// ---------------------------------------------------------------- buttons

function add_buttons(frm) {
	const status = frm.standing.status;
	const may_write = frm.perm[0] && frm.perm[0].write;
	frm.clear_custom_buttons();
	if (frm.figures.invoices) {
		frm.add_custom_button(__("Show the Invoices"), () =>
			frappe.set_route("List", "Invoice", { billing_run: frm.doc.name }),
		);
	}
	if (!may_write || WORKING.includes(status) || status === "Issued") return;
	const resume_issue = status === "Interrupted" && frm.doc.finished_at;
	if (status === "To Review" || resume_issue) {
		main_button(frm, resume_issue ? __("Go On Issuing") : __("Issue the Invoices"), () => issue(frm));
	}
	if (!resume_issue) {
		const label = { New: __("Compute the Drafts"), Interrupted: __("Compute Again") }[status];
		if (label) main_button(frm, label, () => compute(frm));
		else frm.add_custom_button(__("Compute Again"), () => compute(frm));
		if (status !== "New") frm.add_custom_button(__("Discard the Draft"), () => discard(frm));
	}
}

function main_button(frm, label, action) {
	frm.add_custom_button(label, action).removeClass("btn-default").addClass("btn-primary");
}

function act(frm, method) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	return saved
		.then(() => frappe.call({ method: `${RUN}.${method}`, args: { run: frm.doc.name }, freeze: true }))
		.then(() => frm.reload_doc());
}

// What blocks the month is asked about first; the server asks again, whatever this page knows.
function compute(frm) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	return saved
		.then(() => frappe.xcall(`${PREFLIGHT}.look`, { run: frm.doc.name }))
		.then((check) => {
			frm.preflight = check;
			if (!check.needs_reason) return begin(frm, "");
			const blocking = check.rules.filter((rule) => rule.blocking);
			const listed = `<ul>${blocking
				.map((rule) => `<li>${escape(rule.title)} : <b>${rule.count}</b></li>`)
				.join("")}</ul>`;
			if (!check.may_go_on) {
				frappe.msgprint({
					title: __("The month can’t be billed yet"),
					message: `${listed}<p>${__("Mend this first: the links are on this form.")}</p>`,
					indicator: "red",
				});
				return null;
			}
			frappe.prompt(
				[
					{ fieldname: "what", fieldtype: "HTML", options: listed },
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Why do you go on?"), reqd: 1 },
				],
				({ reason }) => begin(frm, reason),
				__("The month can’t be billed yet"),
				__("Compute All the Same"),
			);
			return null;
		});
}

function begin(frm, reason) {
	return frappe
		.call({ method: `${PREFLIGHT}.start`, args: { run: frm.doc.name, reason }, freeze: true })
		.then(() => frm.reload_doc());
}

function issue(frm) {
	const figures = frm.figures;
	const lines = [
		__("{0} invoices get their number and can't be changed any more, {1} in all.", [
			figures.to_send.count,
			figures.to_send.total,
		]),
		__("They are dated {0} and due on {1}.", [figures.issue_date, figures.due_date]),
	];
	if (figures.held.count) {
		lines.push(
			__("{0} stay en mairie ({1}) and are carried over to the next invoice.", [
				figures.held.count,
				figures.held.total,
			]),
		);
	}
	if (figures.not_billed) {
		lines.push(__("{0} families are not billed: their reasons are listed below.", [figures.not_billed]));
	}
	frappe.confirm(`<p>${lines.join("</p><p>")}</p>`, () => act(frm, "issue"));
}

function discard(frm) {
	frappe.confirm(
		__(
			"Throw the {0} drafts of this run away? Nothing that was issued is touched, and you can compute again.",
			[frm.figures.invoices],
		),
		() => act(frm, "discard"),
	);
}

// ---------------------------------------------------------------- overview

function look_again(frm) {
	if (!frm.is_dirty()) frm.reload_doc();
}

function draw(frm) {
	const run = frm.doc.name;
	return Promise.all([
		frappe.xcall(`${RUN}.progress`, { run }),
		frappe.xcall("concerto_education.billing.overview.run_overview", { run }),
	]).then(([standing, figures]) => {
		if (frm.doc.name !== run) return;
		// The job may have gone on between the form's own request and this one.
		if (![frm.doc.status, "Interrupted"].includes(standing.status) && !frm.is_dirty()) {
			frm.reload_doc();
			return;
		}
		frm.standing = standing;
		frm.figures = figures;
		frm.get_field("overview").$wrapper.html(overview(frm));
		if (BEFORE_ISSUE.includes(standing.status)) show_preflight(frm, run);
		if (WORKING.includes(standing.status)) watch(frm, run);
		add_buttons(frm);
	});
}

function show_preflight(frm, run) {
	const $place = frm.get_field("overview").$wrapper.find(".concerto-preflight");
	$place.html(sentence(__("Checking the month…")));
	return frappe.xcall(`${PREFLIGHT}.look`, { run }).then((check) => {
		if (frm.doc.name !== run) return;
		frm.preflight = check;
		$place.html(preflight(check));
		$place.on("click", "[data-line]", (event) => {
			event.preventDefault();
			const [rule, line] = event.currentTarget.dataset.line.split("/");
			const { route, options } = check.rules[rule].lines[line];
			frappe.route_options = Object.keys(options).length ? options : null;
			frappe.set_route(route);
		});
		$place.on("click", "[data-rule]", (event) => {
			event.preventDefault();
			frappe.route_options = { rule: event.currentTarget.dataset.rule };
			frappe.set_route("coherence-check");
		});
	});
}

function preflight(check) {
	if (!check.rules.length) {
		return `<div class="concerto-heading">${__("Check of the Month")}</div>
			<p class="text-success">✓ ${__("Everything is in order for this month.")}</p>`;
	}
	const reason = check.reason
		? `<p class="text-muted">${__("Computed in spite of what blocks: {0}", [escape(check.reason)])}</p>`
		: "";
	const rules = check.rules.map((rule, at) => {
		const lines = rule.lines.map(
			(line, number) =>
				`<li style="padding: 2px 0"><a href="#" data-line="${at}/${number}"
					style="text-decoration: underline">${escape(line.title)}</a> ${escape(line.detail)}</li>`,
		);
		const more = rule.more
			? `<li><a href="#" data-rule="${rule.code}">${__("and {0} more", [rule.more])}</a></li>`
			: "";
		return `<details class="concerto-check" style="padding: 4px 0" ${rule.blocking ? "open" : ""}>
			<summary><span class="indicator-pill ${rule.blocking ? "red" : "orange"}">${
				rule.blocking ? __("Blocks") : __("Warning")
			}</span> <b>${rule.count}</b> ${escape(rule.title)}</summary>
			<p class="text-muted" style="margin: 4px 0">${escape(rule.help)}</p>
			<ul>${lines.join("")}${more}</ul></details>`;
	});
	return `<div class="concerto-heading">${__("Check of the Month")}</div>${reason}${rules.join("")}`;
}

function watch(frm, run) {
	draw_bar(frm, ...done_of(frm.standing));
	frm.poll = setTimeout(() => {
		if (cur_frm !== frm || frm.doc.name !== run) return;
		frappe.xcall(`${RUN}.progress`, { run }).then((standing) => {
			if (standing.status !== frm.standing.status) return look_again(frm);
			frm.standing = standing;
			watch(frm, run);
		});
	}, POLL);
}

function done_of(standing) {
	return standing.status === "Issuing"
		? [standing.issued || 0, standing.invoices_count]
		: [standing.families_done, standing.families_total];
}

function draw_bar(frm, done, total) {
	const percent = total ? Math.round((100 * done) / total) : 0;
	const $bar = frm.get_field("overview").$wrapper.find(".concerto-progress");
	$bar.find(".progress-bar").css("width", `${percent}%`).attr("aria-valuenow", percent);
	$bar.find(".concerto-detail").text(total ? __("{0} of {1}", [done, total]) : __("Getting ready"));
}

function overview(frm) {
	const status = frm.standing.status;
	const parts = [steps(status), sentence(next_step(frm))];
	if (WORKING.includes(status)) {
		parts.push(`<div class="concerto-progress"><div class="progress" style="height: 12px">
			<div class="progress-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" style="width: 0"></div>
			</div><div class="concerto-detail" aria-live="polite"></div></div>`);
	}
	if (status !== "New" && status !== "Computing") {
		parts.push(cards(frm.figures), activities(frm.figures));
	}
	parts.push(problems(frm.figures));
	if (BEFORE_ISSUE.includes(status)) parts.push('<div class="concerto-preflight"></div>');
	return `<div class="concerto-overview">${parts.join("")}</div>`;
}

function steps(status) {
	const at = { New: 0, Computing: 0, "To Review": 1, Issuing: 2, Issued: 3 }[status];
	const names = [__("Compute the Drafts"), __("Check Them"), __("Issue the Invoices")];
	const marks = names.map((name, index) => {
		const state = index < at ? "green" : index === at ? "blue" : "gray";
		return `<span class="indicator-pill ${state}" ${index === at ? 'aria-current="step"' : ""}>${
			index + 1
		}. ${name}</span>`;
	});
	return `<div>${marks.join(" ")}</div>`;
}

function next_step(frm) {
	const { figures } = frm;
	return {
		New: __(
			"Nothing is computed yet. “Compute the Drafts” prepares the invoices of {0}; nothing is sent.",
			[figures.month],
		),
		Computing: __("The drafts are being computed. You can leave this page, the work goes on."),
		"To Review": __(
			"The drafts are ready: look at the figures and at some invoices, then issue them. Until then everything can be computed again or thrown away.",
		),
		Issuing: __("The invoices are being numbered. You can leave this page, the work goes on."),
		Issued: __(
			"The invoices of {0} are issued. What changes from now on is on the next invoices as a régularisation.",
			[figures.month],
		),
		Interrupted: frm.doc.finished_at
			? __("The numbering stopped before its end. Go on: no number is lost and none is given twice.")
			: __(
					"The computation stopped before its end. Compute again: nothing has been sent, nothing is lost.",
				),
	}[frm.standing.status];
}

function sentence(text) {
	return `<p class="concerto-next" style="margin: 8px 0; font-size: 15px">${text}</p>`;
}

function cards(figures) {
	const card = (label, value, detail = "", look = "") =>
		`<div class="concerto-card ${look}"><div class="concerto-label">${label}</div>
		<div class="concerto-value">${value}</div><div class="concerto-detail">${detail}</div></div>`;
	return `<div class="concerto-figures">${[
		card(__("Families"), figures.families),
		card(__("Invoices"), figures.invoices, __("of which {0} to send", [figures.to_send.count])),
		card(__("Total Due"), figures.to_send.total, __("due on {0}", [figures.due_date])),
		card(
			__("En Mairie"),
			figures.held.count,
			figures.held.count ? __("{0}, carried over", [figures.held.total]) : "",
		),
		card(__("Nothing Due"), figures.nothing_due),
		card(
			__("Families Not Billed"),
			figures.not_billed,
			figures.not_billed ? __("reasons below") : "",
			figures.not_billed ? "is-warning" : "",
		),
	].join("")}</div>`;
}

function activities(figures) {
	if (!figures.activities.length) return "";
	const rows = figures.activities.map(
		(row) =>
			`<tr><td>${escape(row.activity)}</td><td>${escape(row.imputation)}</td>
			<td class="text-right">${row.quantity}</td><td class="text-right">${row.amount}</td></tr>`,
	);
	return table(
		__("By Activity"),
		[__("Activity"), __("Imputation"), [__("Quantity")], [__("Amount")]],
		rows,
	);
}

function problems(figures) {
	if (!figures.problems.length) return "";
	const rows = figures.problems.map(
		(row) =>
			`<tr><td>${link("Family", row.family, row.family_name)}</td>
			<td>${link("Person", row.person, row.full_name)}</td><td>${row.service_date}</td>
			<td>${escape(row.message)}${row.rule ? ` <span class="text-muted">(${escape(row.rule)})</span>` : ""}</td></tr>`,
	);
	return table(
		__("Families Not Billed"),
		[__("Family"), __("Person"), __("From"), __("What Is Missing")],
		rows,
	);
}

function table(title, headings, rows) {
	const head = headings
		.map((text) => (Array.isArray(text) ? `<th class="text-right">${text[0]}</th>` : `<th>${text}</th>`))
		.join("");
	return `<div class="concerto-heading">${title}</div><div style="overflow-x: auto">
		<table class="table table-sm" style="margin: 0"><thead><tr>${head}</tr></thead>
		<tbody>${rows.join("")}</tbody></table></div>`;
}

function link(doctype, name, label) {
	if (!name) return "";
	return `<a href="${frappe.utils.get_form_link(doctype, name)}">${escape(label || name)}</a>`;
}

function escape(text) {
	return frappe.utils.escape_html(String(text ?? ""));
}
