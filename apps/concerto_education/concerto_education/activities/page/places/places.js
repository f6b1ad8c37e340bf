// Places taken, free and waited for, a week at a time, and the waiting list with its buttons (R40).

frappe.pages["places"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Places"), single_column: true });
	wrapper.places = new Places(page);
};
frappe.pages["places"].on_page_show = (wrapper) => wrapper.places.show();

const API = "concerto_education.activities.capacity.api.";
const STATUS = { Waiting: "orange", Offered: "blue", Expired: "gray" };

class Places {
	constructor(page) {
		this.page = page;
		this.day = null;
		this.body = $('<div class="places"></div>').appendTo(page.main);
		this.body.on("click", "[data-action]", (event) => this.act(event.currentTarget));
		page.set_secondary_action(__("Refresh"), () => this.load());
	}

	async show() {
		const wanted = frappe.route_options || {};
		frappe.route_options = null;
		const { message } = await frappe.call(`${API}choices`);
		this.choices = message;
		const first =
			message.find(
				(row) => row.activity === wanted.activity && (!wanted.site || row.site === wanted.site),
			) ||
			message.find((row) => row.activity === this.activity && row.site === this.site) ||
			message.find((row) => row.waiting) ||
			message.find((row) => row.limited && row.default) ||
			message.find((row) => row.limited) ||
			message.find((row) => row.default) ||
			message[0];
		if (!first) {
			this.body.html(empty(__("No activity at your sites. Ask an administrator to give you a site.")));
			return;
		}
		if (wanted.day) this.day = wanted.day;
		this.activity = first.activity;
		this.site = first.site;
		this.fields();
		this.load();
	}

	/** Activity and site as two native selects: quick with the keyboard and on a phone. */
	fields() {
		this.page.clear_fields?.();
		this.page.page_form.empty().removeClass("hide");
		const activities = [...new Set(this.choices.map((row) => row.activity))];
		const bar = $(`<div class="pl-bar">
			<label>${__("Activity")}<select class="form-control" data-field="activity"></select></label>
			<label>${__("Site")}<select class="form-control" data-field="site"></select></label>
		</div>`).appendTo(this.page.page_form);
		const fill = () => {
			const rows = this.choices.filter((row) => row.activity === this.activity);
			if (!rows.some((row) => row.site === this.site)) this.site = rows[0].site;
			bar.find("[data-field=activity]").html(options(activities, this.activity));
			bar.find("[data-field=site]").html(
				rows
					.map(
						(row) =>
							`<option value="${esc(row.site)}" ${row.site === this.site ? "selected" : ""}>${esc(row.site)}${
								row.waiting ? ` – ${esc(__("{0} waiting", [row.waiting]))}` : ""
							}</option>`,
					)
					.join(""),
			);
		};
		fill();
		bar.on("change", "select", (event) => {
			this[event.target.dataset.field] = event.target.value;
			fill();
			this.load();
		});
	}

	async load() {
		const asked = (this.asked = {});
		const { message } = await frappe.call({
			method: `${API}week`,
			args: { activity: this.activity, site: this.site, day: this.day },
		});
		if (asked !== this.asked) return; // another week was asked for meanwhile
		this.data = message;
		this.day = message.start;
		this.draw();
	}

	draw() {
		const data = this.data;
		this.body.html(`
			<div class="pl-week">
				<button class="btn btn-default" data-action="previous" title="${__("Previous Week")}">‹</button>
				<h3>${esc(data.title)}</h3>
				<button class="btn btn-default" data-action="next" title="${__("Next Week")}">›</button>
				<button class="btn btn-default" data-action="today">${__("This Week")}</button>
				<span class="pl-space"></span>
				${data.may_change ? `<button class="btn btn-default" data-action="change">${__("Change Places for Some Days")}</button>` : ""}
			</div>
			${data.days.length ? grid(data) : empty(__("Closed this week."))}
			${data.limited ? "" : `<p class="text-muted">${__("No number of places is set for this activity at this site: nobody is refused. It is set in the activity, under Sites and Groups.")}</p>`}
			<h3>${__("Waiting List")} <span class="pl-count">${data.waiting.filter((row) => row.rank).length}</span></h3>
			${data.waiting.length ? list(data) : empty(__("Nobody waits here."))}
		`);
	}

	act(target) {
		const { action, entry } = target.dataset;
		const go = {
			previous: () => this.go(this.data.previous),
			next: () => this.go(this.data.next),
			today: () => this.go(null),
			change: () =>
				frappe.new_doc("Capacity Period", {
					activity: this.activity,
					site: this.site,
					valid_from: this.data.start,
				}),
			open: () => frappe.set_route("Form", "Waiting List Entry", entry),
			enrolment: () => frappe.set_route("Form", "Enrolment", target.dataset.enrolment),
			offer: () => this.answer("offer", entry, __("Place offered: it is held until the deadline")),
			accept: () => this.answer("accept", entry, __("Place accepted")),
			refuse: () =>
				frappe.confirm(
					__(
						"The family no longer wants this place. An enrolment that only waited is cancelled. Go on?",
					),
					() => this.answer("refuse", entry, __("Place refused: it goes to the next one")),
				),
			put_back: () =>
				this.answer("put_back", entry, __("Back on the waiting list, with the date of the request")),
		};
		go[action]?.();
	}

	go(day) {
		this.day = day;
		this.load();
	}

	async answer(method, entry, text) {
		await frappe.call({ method: API + method, args: { entry }, freeze: true });
		frappe.show_alert({ message: text, indicator: "green" });
		this.load();
	}
}

function grid(data) {
	const head = data.days
		.map(
			(day) =>
				`<th class="${day.past ? "pl-past" : ""}"><span>${esc(day.weekday)}</span>${esc(day.text)}</th>`,
		)
		.join("");
	const rows = data.rows
		.map(
			(row) => `<tr class="${row.group ? "" : "pl-whole"}">
				<th scope="row">${esc(row.label)}${row.unit ? `<small>${esc(row.unit)}</small>` : ""}</th>
				${row.cells.map((cell, index) => cell_html(cell, data.days[index])).join("")}
			</tr>`,
		)
		.join("");
	return `<div class="pl-scroll"><table class="pl-grid" style="--days: ${data.days.length}"><thead><tr><td></td>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Figures first, the bar second: colour alone says nothing to those who don't see it. */
function cell_html(cell, day) {
	const tone =
		cell.limit === null
			? "none"
			: cell.over
				? "over"
				: cell.free === 0
					? "full"
					: cell.percent >= 85
						? "near"
						: "free";
	const free =
		cell.limit === null
			? __("no limit")
			: cell.over
				? __("{0} too many", [cell.over])
				: cell.free === 0
					? __("full")
					: cell.free === 1
						? __("1 free")
						: __("{0} free", [cell.free]);
	return `<td class="pl-cell pl-${tone} ${day.past ? "pl-past" : ""}">
		<div class="pl-number"><b>${cell.taken}</b>${cell.limit === null ? "" : `<span> / ${cell.limit}</span>`}</div>
		<div class="pl-bar-line"><i style="width:${cell.percent ?? 0}%"></i></div>
		<div class="pl-note">${esc(free)}${cell.waiting ? ` · <em>${esc(__("{0} waiting", [cell.waiting]))}</em>` : ""}</div>
	</td>`;
}

function list(data) {
	return `<div class="pl-list">${data.waiting.map((row) => entry_html(row, data.may_answer)).join("")}</div>`;
}

function entry_html(row, may_answer) {
	const button = (action, label, kind = "default") =>
		`<button class="btn btn-${kind} btn-sm" data-action="${action}" data-entry="${esc(row.name)}">${label}</button>`;
	const buttons = {
		Waiting: [
			button("offer", __("Offer the Place"), row.can_offer ? "primary" : "default"),
			button("refuse", __("No Longer Wanted")),
		],
		Offered: [
			button("accept", __("Family Accepts"), "primary"),
			button("refuse", __("Family Refuses")),
			button("put_back", __("Take Back")),
		],
		Expired: [button("put_back", __("Put Back")), ""],
	}[row.status];
	return `<div class="pl-entry">
		<div class="pl-rank">${row.rank ?? "–"}</div>
		<div class="pl-who">
			<a data-action="enrolment" data-enrolment="${esc(row.enrolment)}" href="#" onclick="return false">${esc(row.child)}</a>
			${row.group ? `<span class="pl-tag">${esc(row.group)}</span>` : ""}
			<span class="indicator-pill ${STATUS[row.status]}">${__(row.status)}</span>
			<div class="text-muted">${esc(row.days || __("no day left"))}</div>
			<div class="text-muted">${__("asked on {0}", [esc(row.requested)])}${
				row.points
					? ` · ${__("{0} points", [row.points])}${row.criteria ? ` : ${esc(row.criteria)}` : ""}`
					: ""
			}</div>
			${row.deadline ? `<div><b>${__("answer before {0}", [esc(row.deadline)])}</b></div>` : ""}
		</div>
		<div class="pl-buttons">
			${may_answer ? buttons.join(" ") : ""}
			<button class="btn btn-default btn-sm" data-action="open" data-entry="${esc(row.name)}">${__("Details")}</button>
		</div>
	</div>`;
}

function options(names, chosen) {
	return names
		.map(
			(name) =>
				`<option value="${esc(name)}" ${name === chosen ? "selected" : ""}>${esc(name)}</option>`,
		)
		.join("");
}

function empty(text) {
	return `<div class="pl-empty">${esc(text)}</div>`;
}

function esc(text) {
	return frappe.utils.escape_html(String(text ?? ""));
}
