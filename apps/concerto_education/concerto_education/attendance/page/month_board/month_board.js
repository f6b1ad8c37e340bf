// The month of every site against the calendar: confirm the attendance, see who is late, what is next (R33).
frappe.pages["month-board"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Month Board"), single_column: true });
	wrapper.month_board = new MonthBoard(page);
};

frappe.pages["month-board"].on_page_show = (wrapper) => wrapper.month_board.show();

const API = "concerto_education.attendance.closing.api.";
const SIGNS = { done: "✓", late: "!", due: "●", coming: "○" };

class MonthBoard {
	constructor(page) {
		this.page = page;
		this.month = null;
		$(page.main).html(`<div class="month-board">
			<div class="mb-head">
				<button type="button" class="btn btn-default mb-move" data-to="previous"
					aria-label="${__("Previous month")}">‹</button>
				<h3 class="mb-title" aria-live="polite"></h3>
				<button type="button" class="btn btn-default mb-move" data-to="next"
					aria-label="${__("Next month")}">›</button>
			</div>
			<p class="mb-next" aria-live="polite"></p>
			<ol class="mb-calendar"></ol>
			<div class="mb-sites"></div>
			<div class="mb-reminders"></div>
		</div>`);
		this.root = page.main.find(".month-board");
		this.root.on("click", ".mb-move", (event) => this.load(this.board[event.currentTarget.dataset.to]));
		this.root.on("click", ".mb-look", (event) => this.look(this.site(event)));
		this.root.on("click", ".mb-close", (event) => this.close(this.site(event)));
		this.root.on("click", ".mb-reopen", (event) => this.reopen(this.site(event)));
		this.root.on("click", ".mb-step-link", (event) => {
			event.preventDefault();
			const step = this.board.calendar[event.currentTarget.dataset.step];
			frappe.route_options = step.options || null;
			frappe.set_route(step.route);
		});
		this.root.on("click", ".mb-tell", () => this.tell());
	}

	show() {
		const asked = frappe.route_options?.month || frappe.utils.get_url_arg("month");
		frappe.route_options = null;
		this.load(asked || this.month);
	}

	site(event) {
		return this.board.sites[event.currentTarget.closest("[data-site]").dataset.site];
	}

	async load(month) {
		this.board = await frappe.xcall(`${API}load`, { month: month || undefined });
		this.month = this.board.month;
		this.root.find(".mb-title").text(this.board.title);
		this.root
			.find(".mb-calendar")
			.html(this.board.calendar.map((step, at) => this.step(step, at)).join(""));
		this.root.find(".mb-next").html(this.next());
		this.root.find(".mb-sites").html(this.sites());
		this.root.find(".mb-reminders").html(this.reminders());
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	// ---------------------------------------------------------------- drawing

	next() {
		const tell = this.board.may_tell
			? `<button type="button" class="btn btn-default btn-sm mb-tell">${__("Check Done, Tell Finance")}</button>`
			: "";
		return `<b>${this.text(this.board.next_step)}</b>${tell}`;
	}

	reminders() {
		const { reminders } = this.board;
		if (!reminders.length) return "";
		const lines = reminders.map(
			(one) => `<li><time>${this.text(one.day)}</time> <span>${this.text(one.text)}
				${one.detail ? `<small>${this.text(one.detail)}</small>` : ""}</span></li>`,
		);
		return `<details><summary>${__("Reminders and messages of the month")} (${
			reminders.length
		})</summary><ul>${lines.join("")}</ul></details>`;
	}

	step(step, at) {
		const said = {
			done: __("done"),
			late: __("late"),
			due: __("in progress"),
			coming: __("to come"),
		}[step.state];
		const label = step.route
			? `<a href="#" class="mb-step-link" data-step="${at}">${this.text(step.label)}</a>`
			: this.text(step.label);
		return `<li class="mb-step is-${step.state}"><span class="mb-sign" aria-hidden="true">${SIGNS[step.state]}</span>
			<span><b>${label}</b><small>${this.text(step.text)} – ${said}</small>
			${step.note ? `<small class="mb-note">${this.text(step.note)}</small>` : ""}</span></li>`;
	}

	sites() {
		const { sites, closed } = this.board;
		if (!sites.length) {
			return `<p class="mb-none">${__("No attendance in this month at the sites you may see.")}</p>`;
		}
		const head = __("{0} of {1} sites have confirmed their attendance", [closed, sites.length]);
		return `<p class="mb-sum">${head}
			<progress max="${sites.length}" value="${closed}" aria-label="${this.text(head)}"></progress></p>
			<div class="mb-list">${sites.map((site, at) => this.row(site, at)).join("")}</div>`;
	}

	row(site, at) {
		return `<section class="mb-site is-${this.state(site)}" data-site="${at}">
			<div class="mb-name"><h4>${this.text(site.site)}</h4>
				<small>${this.text(site.responsible.join(", ") || __("Nobody is responsible for this site"))}</small></div>
			<div class="mb-state">${this.pill(site)}</div>
			<div class="mb-left">${this.left(site)}</div>
			<div class="mb-buttons">${this.buttons(site)}</div>
		</section>`;
	}

	state(site) {
		if (site.state === "Closed") return "closed";
		if (site.late) return "late";
		return site.waiting ? "open" : "ready";
	}

	pill(site) {
		const word = {
			closed: `✓ ${__("Closed")}`,
			late: `! ${__("Late")}`,
			open: `● ${__("In progress")}`,
			ready: `● ${this.board.over ? __("Ready to close") : __("Up to date")}`,
		}[this.state(site)];
		const notes = [];
		if (site.state === "Closed") notes.push(`${site.closed_on}, ${site.closed_by}`);
		else if (site.reminded) notes.push(__("reminded on {0}", [site.reminded]));
		if (site.changes) {
			notes.push(
				`<a href="/app/closed-month-change?monthly_close=${encodeURIComponent(site.name)}">${__(
					"{0} changes since",
					[site.changes],
				)}</a>`,
			);
		}
		return `<span class="mb-pill">${word}</span><small>${notes.join("<br>")}</small>`;
	}

	left(site) {
		if (!site.left.length) {
			const open = site.state !== "Closed" && this.board.over;
			const said = open ? __("Everything is ticked: only the close is left") : __("Nothing left to do");
			return `<span class="mb-nothing">${said}</span>`;
		}
		return site.left
			.map(
				(kind) => `<span class="mb-chip ${kind.blocking ? "is-blocking" : ""}">
					<b>${kind.count}</b> ${this.text(kind.label)}</span>`,
			)
			.join("");
	}

	buttons(site) {
		const button = (css, label, kind) =>
			`<button type="button" class="btn btn-${kind} btn-sm ${css}">${label}</button>`;
		return [
			site.left.length ? button("mb-look", __("See and Mend"), "default") : "",
			site.may_close ? button("mb-close", __("Close the Month"), "primary") : "",
			site.may_reopen ? button("mb-reopen", __("Open Again"), "default") : "",
		].join("");
	}

	// ---------------------------------------------------------------- doing

	async look(site) {
		const kinds = await frappe.xcall(`${API}what_is_left`, { site: site.site, month: this.month });
		const dialog = new frappe.ui.Dialog({
			title: `${site.site} – ${this.board.title}`,
			size: "large",
			fields: [{ fieldname: "left", fieldtype: "HTML" }],
		});
		const lines = kinds.flatMap((kind) => kind.lines);
		dialog
			.get_field("left")
			.$wrapper.addClass("mb-lines")
			.html(
				kinds
					.map(
						(kind) => `<h5>${this.text(kind.label)} (${kind.count})
						${kind.blocking ? "" : `<small>${__("does not keep the month open")}</small>`}</h5>
						<ul>${kind.lines
							.map(
								(line) =>
									`<li><a href="#" data-line="${lines.indexOf(line)}">${this.text(line.text)}</a></li>`,
							)
							.join("")}
						${kind.more ? `<li>${__("and {0} more", [kind.more])}</li>` : ""}</ul>`,
					)
					.join("") || `<p>${__("Nothing left to do")}</p>`,
			);
		dialog.$wrapper.on("click", "[data-line]", (event) => {
			event.preventDefault();
			const line = lines[event.currentTarget.dataset.line];
			dialog.hide();
			frappe.route_options = line.options || null;
			frappe.set_route(line.route);
		});
		dialog.show();
	}

	tell() {
		frappe.prompt(
			[
				{
					fieldname: "explain",
					fieldtype: "HTML",
					options: `<p>${__(
						"Finance gets a message that the coherence check of {0} is done and that the month can be billed.",
						[`<b>${this.text(this.board.title)}</b>`],
					)}</p>`,
				},
				{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark for finance") },
			],
			async ({ remark }) => {
				const told = await frappe.xcall("concerto_education.billing.cycle_api.check_done", {
					month: this.month,
					remark: remark || "",
				});
				frappe.show_alert({
					message: told ? __("Finance was told.") : __("Finance was told today already."),
					indicator: told ? "green" : "orange",
				});
				this.load(this.month);
			},
			__("Check of {0} done", [this.board.title]),
			__("Tell Finance"),
		);
	}

	close(site) {
		frappe.prompt(
			[
				{
					fieldname: "explain",
					fieldtype: "HTML",
					options: `<p>${__(
						"You confirm that the attendance of {0} at {1} is complete and right. It will be billed, and only an administrator can change it afterwards.",
						[`<b>${this.text(this.board.title)}</b>`, `<b>${this.text(site.site)}</b>`],
					)}</p>`,
				},
				{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark for the administrator") },
			],
			async ({ remark }) => {
				const closed = await this.told("close_month", {
					site: site.site,
					month: this.month,
					remark: remark || "",
				});
				if (closed)
					frappe.show_alert({ message: __("{0}: month closed", [site.site]), indicator: "green" });
				this.load(this.month); // also after a refusal: something is left that was not seen
			},
			__("Close {0}", [this.board.title]),
			__("Confirm and Close"),
		);
	}

	/** Call; null where the server refuses, which Frappe has told by then. */
	async told(method, args) {
		try {
			return await frappe.xcall(`${API}${method}`, args);
		} catch {
			return null;
		}
	}

	reopen(site) {
		frappe.prompt(
			[
				{
					fieldname: "because",
					fieldtype: "Small Text",
					label: __("Why is it opened again?"),
					reqd: 1,
				},
			],
			async ({ because }) => {
				await this.told("reopen_month", { site: site.site, month: this.month, because });
				this.load(this.month);
			},
			__("Open {0} again", [this.board.title]),
			__("Open Again"),
		);
	}
}
