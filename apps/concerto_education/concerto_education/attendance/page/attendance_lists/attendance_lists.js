// Lists: who is expected, with what whoever receives the children has to know; on screen, on paper, in a table (R32).

const LISTS_API = "concerto_education.attendance.lists.api.";
const LISTS_CHOICE = "concerto-lists";
const LISTS_KINDS = {
	"Day List": () => __("Day list"),
	"Week List": () => __("Week list"),
	Contacts: () => __("Contacts and authorisations"),
	"Bus List": () => __("Bus list by stop"),
};
const text_of = (value) => frappe.utils.escape_html(value == null ? "" : String(value));

frappe.pages["attendance-lists"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Lists"), single_column: true });
	wrapper.lists = new ListsPage(page);
};

frappe.pages["attendance-lists"].on_page_show = (wrapper) => wrapper.lists.show();

class ListsPage {
	constructor(page) {
		const select = (name, label) =>
			`<label><span>${label}</span><select class="form-control" data-pick="${name}"></select></label>`;
		this.$root = $(`<div class="lists">
			<div class="lists-bar">
				${select("site", __("Site"))}${select("activity", __("Activity"))}${select("unit", __("Unit"))}
				<label class="lists-date"><span>${__("Date")}</span><div class="lists-day"></div></label>
				${select("what", __("List"))}${select("grouping", __("Grouped by"))}${select("direction", __("Direction"))}
				<div class="lists-out">
					<button type="button" class="btn btn-primary" data-out="PDF">${__("Print (PDF)")}</button>
					<button type="button" class="btn btn-default" data-out="XLSX">XLSX</button>
					<button type="button" class="btn btn-default" data-out="CSV">CSV</button>
				</div>
			</div>
			<div class="lists-body"></div>
		</div>`).appendTo(page.main);
		this.$body = this.$root.find(".lists-body");
		this.day_field = frappe.ui.form.make_control({
			parent: this.$root.find(".lists-day"),
			df: { fieldtype: "Date", fieldname: "day", label: __("Date") },
			only_input: true,
			render_input: true,
		});
		this.day_field.df.change = () => {
			const day = this.day_field.get_value();
			if (day && day !== this.choice?.day) this.choose({ day });
		};
		this.$root.on("change", "[data-pick]", (event) =>
			this.choose({ [event.currentTarget.dataset.pick]: event.currentTarget.value }),
		);
		this.$root.on("click", "[data-out]", (event) => this.download(event.currentTarget.dataset.out));
		this.ready = frappe.xcall(`${LISTS_API}options`).then((found) => (this.options = found.sites));
	}

	async show() {
		await this.ready;
		let kept = {};
		try {
			kept = JSON.parse(localStorage.getItem(LISTS_CHOICE)) || {};
		} catch {
			// nothing kept, or by somebody else's hand: the first possible choice is as good
		}
		const route = frappe.route_options || {};
		frappe.route_options = null;
		this.choice = kept;
		this.choose(route);
	}

	/** Take a choice, complete it with what is possible, and load. */
	choose(change) {
		if (!this.options.length) {
			this.$body.html(
				`<div class="lists-empty"><h4>${__("No site to list")}</h4><p>${__(
					"Ask an administrator to give you a site, or to add an activity to it.",
				)}</p></div>`,
			);
			return;
		}
		const wanted = { ...this.choice, ...change };
		// What was chosen before, else what takes place next.
		const among = (rows, key, value) =>
			rows.find((row) => row[key] === value) || rows.find((row) => row.default) || rows[0];
		const site = among(this.options, "site", wanted.site);
		const activity = among(site.activities, "activity", wanted.activity);
		const unit = among(activity.units, "unit", wanted.unit);
		const kinds = Object.keys(LISTS_KINDS).filter((kind) => kind !== "Bus List" || activity.stops);
		this.choice = {
			site: site.site,
			activity: activity.activity,
			unit: unit.unit,
			day: wanted.day || null,
			what: kinds.includes(wanted.what) ? wanted.what : kinds[0],
			grouping: wanted.grouping || "class",
			direction: wanted.direction || "Out",
		};
		localStorage.setItem(LISTS_CHOICE, JSON.stringify({ ...this.choice, day: null }));
		const same = (name) => ({ value: name, label: name });
		this.fill(
			"site",
			this.options.map((row) => same(row.site)),
		);
		this.fill(
			"activity",
			site.activities.map((row) => same(row.activity)),
		);
		this.fill(
			"unit",
			activity.units.map((row) => ({ value: row.unit, label: row.label })),
		);
		this.fill(
			"what",
			kinds.map((kind) => ({ value: kind, label: LISTS_KINDS[kind]() })),
		);
		this.fill("grouping", [
			{ value: "class", label: __("Class") },
			{ value: "group", label: __("Group") },
			{ value: "all", label: __("No grouping") },
		]);
		this.fill("direction", [
			{ value: "Out", label: __("Way out") },
			{ value: "Return", label: __("Way back") },
		]);
		this.field("unit").toggle(activity.units.length > 1);
		this.field("direction").toggle(this.choice.what === "Bus List");
		this.field("grouping").toggle(this.choice.what !== "Bus List");
		this.load();
	}

	field(name) {
		return this.$root.find(`[data-pick="${name}"]`).closest("label");
	}

	fill(name, options) {
		this.$root
			.find(`[data-pick="${name}"]`)
			.html(
				options
					.map(({ value, label }) => `<option value="${text_of(value)}">${text_of(label)}</option>`)
					.join(""),
			)
			.val(this.choice[name])
			.prop("disabled", options.length < 2);
	}

	async load() {
		const asked = (this.asked = { ...this.choice });
		if (!asked.day) delete asked.day;
		let data;
		try {
			data = await frappe.xcall(`${LISTS_API}load`, asked);
		} catch {
			// said by the framework already
			if (asked === this.asked) this.$body.empty();
			return;
		}
		if (asked !== this.asked) return;
		this.choice.day = data.day;
		if (this.day_field.get_value() !== data.day) this.day_field.set_value(data.day);
		this.$body.html(head_html(data) + (LIST_VIEWS[data.what] || day_table)(data));
	}

	download(format) {
		const method = format === "PDF" ? "list_pdf" : "table";
		// A file leaves the system: by POST, and recorded.
		open_url_post(`/api/method/${LISTS_API}${method}`, { ...this.choice, file_format: format }, true);
	}
}

// ---------------------------------------------------------------- how it looks

const STATUS_SIGN = { Planned: "☐", Present: "✓", Absent: "A", Justified: "AJ" };

function head_html(data) {
	const [year, month, day] = data.day.split("-").map(Number);
	const date = new Date(year, month - 1, day).toLocaleDateString(frappe.boot.lang || "fr", {
		weekday: "long",
		day: "numeric",
		month: "long",
		year: "numeric",
	});
	const check = data.check
		? `<span class="lists-check" title="${__("Printed on the paper list: the same sign, the same numbers")}">${__(
				"List mark",
			)} <b>${data.check}</b></span>`
		: "";
	return `<div class="lists-head"><h3>${text_of(date)}</h3>
		<span>${__("{0} expected", [data.expected])}</span>${check}</div>`;
}

function nobody() {
	return `<div class="lists-empty"><h4>${__("Nobody is expected")}</h4><p>${__(
		"The activity is closed on this day, or nobody is planned.",
	)}</p></div>`;
}

const marks_html = (row) =>
	[
		...row.forbidden.map((text) => `<div class="lists-danger">⚠ ${text_of(text)}</div>`),
		...row.marks.map((mark) => `<div class="lists-${text_of(mark.kind)}">${text_of(mark.text)}</div>`),
		row.authorisations.length
			? `<div class="text-muted">${text_of(row.authorisations.join(" · "))}</div>`
			: "",
	].join("");

const name_html = (row) => `<b>${text_of(row.last_name)}</b> ${text_of(row.first_name)}`;

const contacts_html = (row) =>
	row.contacts
		.map(
			(contact) =>
				`<div>${contact.phones
					.map(
						(phone) => `<a href="tel:${text_of(phone.replace(/\s/g, ""))}">${text_of(phone)}</a>`,
					)
					.join(
						", ",
					)} ${text_of(contact.name)} <small>(${text_of(contact.relation)})</small></div>`,
		)
		.join("") || `<span class="lists-danger">${__("No number known")}</span>`;

/** A table with a heading for each group; `cells` gives the cells of a row. */
function grouped(groups, heads, cells) {
	if (!groups.length) return nobody();
	const head = heads.map((label) => `<th>${label}</th>`).join("");
	const body = groups
		.map(([name, rows]) => {
			const title = name
				? `<tr class="lists-group"><td colspan="${heads.length}">${text_of(name)} (${rows.length})</td></tr>`
				: "";
			return (
				title +
				rows
					.map(
						(row) =>
							`<tr>${cells(row)
								.map((cell) => `<td>${cell}</td>`)
								.join("")}</tr>`,
					)
					.join("")
			);
		})
		.join("");
	return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function day_table(data) {
	const heads = ["N°", __("Name"), __("Class"), __("Age"), __("Status")];
	if (data.health) heads.push(__("To know"));
	return grouped(data.groups, heads, (row) => {
		const cells = [
			row.number,
			name_html(row),
			text_of(row.class),
			text_of(row.age),
			`<span class="lists-status" title="${__(row.status)}">${STATUS_SIGN[row.status]}</span>`,
		];
		if (data.health) cells.push(marks_html(row));
		return cells;
	});
}

function contacts_table(data) {
	const heads = ["N°", __("Name"), __("Class"), __("To call, in this order"), __("To know")];
	return grouped(data.groups, heads, (row) => [
		row.number,
		name_html(row),
		text_of(row.class),
		contacts_html(row),
		marks_html(row),
	]);
}

function week_table(data) {
	const days = data.days.map((day) => {
		const [year, month, date] = day.split("-").map(Number);
		return new Date(year, month - 1, date).toLocaleDateString(frappe.boot.lang || "fr", {
			weekday: "short",
			day: "numeric",
			month: "numeric",
		});
	});
	const table = grouped(data.groups, ["N°", __("Name"), __("Class"), ...days], (row) => [
		row.number,
		name_html(row),
		text_of(row.class),
		...row.days.map((status) =>
			status ? `<span class="lists-status" title="${__(status)}">${STATUS_SIGN[status]}</span>` : "",
		),
	]);
	if (!data.groups.length) return table;
	const totals = data.totals.map((number, place) => `${days[place]} : <b>${number}</b>`).join(" · ");
	return `${table}<p class="lists-totals">${__("Expected")} – ${totals}</p>`;
}

function bus_table(data) {
	const groups = data.stops.map((stop) => [`${stop.time ? `${stop.time} · ` : ""}${stop.stop}`, stop.rows]);
	return grouped(groups, ["N°", __("Name"), __("Class"), __("To call"), __("To know")], (row) => [
		row.number,
		name_html(row),
		text_of(row.class),
		row.contacts.length ? contacts_html(row) : "",
		marks_html(row),
	]);
}

const LIST_VIEWS = {
	"Day List": day_table,
	"Week List": week_table,
	Contacts: contacts_table,
	"Bus List": bus_table,
};
