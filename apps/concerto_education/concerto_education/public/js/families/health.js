// The health tab of a person and of a dossier (R23): read when it is opened, because each reading is recorded.
frappe.provide("concerto.health");

(() => {
	const API = "concerto_education.families.health.api.";
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));
	const day = (value) => frappe.datetime.str_to_user(String(value).slice(0, 10));
	const tag = (text, kind = "") => `<span class="concerto-tag ${kind}">${esc(text)}</span>`;
	const lines = (text) => esc(text).replace(/\n/g, "<br>");
	const file = (url, text) =>
		`<a href="${esc(encodeURI(url))}" target="_blank" rel="noopener">${esc(text)}</a>`;

	// ---------------------------------------------------------------- what is drawn

	function block(title, rows) {
		const shown = rows.filter(Boolean);
		if (!shown.length) return "";
		return `<section><h5>${esc(title)}</h5><ul>${shown.map((row) => `<li>${row}</li>`).join("")}</ul></section>`;
	}

	const until = (row) =>
		row.valid_to ? ` <small>${esc(__("until {0}", [day(row.valid_to)]))}</small>` : "";

	const allergy = (row) =>
		`${tag(row.label, row.severe ? "is-danger" : "is-warning")} <small>${esc(__(row.severity))}</small>${until(row)}
		${row.instructions ? `<div class="concerto-todo">${lines(row.instructions)}</div>` : ""}`;

	function plan(row) {
		const review = {
			late: tag(__("Review late: {0}", [day(row.review_on)]), "is-danger"),
			soon: tag(__("Review on {0}", [day(row.review_on)]), "is-warning"),
		}[row.review];
		const parts = [
			`<b>${esc(__("PAI of {0}", [day(row.signed_on)]))}</b>`,
			review || `<small>${esc(__("Review on {0}", [day(row.review_on)]))}</small>`,
			row.document ? file(row.document, __("Document")) : tag(__("Document missing"), "is-warning"),
		];
		const kit = row.emergency_kit ? esc(__("Emergency kit: {0}", [row.emergency_kit])) : "";
		const todo = [row.instructions && lines(row.instructions), kit].filter(Boolean).join("<br>");
		return `${parts.join(" · ")}${todo ? `<div class="concerto-todo">${todo}</div>` : ""}`;
	}

	const medicine = (row) =>
		`${esc([row.medicine, row.dosage].filter(Boolean).join(" : "))}${until(row)} · ${
			row.prescription
				? file(row.prescription, __("Prescription"))
				: tag(__("Prescription missing"), "is-warning")
		}`;

	function doctor(one) {
		const phone = one.doctor_phone
			? `<a href="tel:${esc(one.doctor_phone)}" class="text-nowrap">${esc(concerto.families.phone(one.doctor_phone))}</a>`
			: "";
		return [esc(one.doctor), phone].filter(Boolean).join(" · ");
	}

	const vaccination = (row) =>
		`${esc(row.vaccine)} <small>${esc(day(row.given_on))}</small>${
			row.expired ? " " + tag(__("Expired"), "is-warning") : until(row)
		}`;

	function card(one, may_write, of_person) {
		const name = of_person
			? ""
			: `<div class="concerto-name"><a href="/app/person/${encodeURIComponent(one.person)}">${esc(one.full_name)}</a></div>`;
		if (one.hidden) {
			return `<div class="concerto-card concerto-health">${name}<p class="text-muted">${esc(
				__("Enrolled at other sites only: the staff of those sites reads this record."),
			)}</p></div>`;
		}
		const body = one.record
			? [
					block(__("Allergies"), one.allergies.map(allergy)),
					block(__("PAI"), one.plans.map(plan)),
					block(
						__("Diets and Food Habits"),
						one.diets.map(
							(row) => tag(row.diet) + (row.note ? ` <small>${esc(row.note)}</small>` : ""),
						),
					),
					block(__("Medicines"), one.medicines.map(medicine)),
					block(__("Doctor"), [doctor(one)]),
					block(__("Vaccinations"), one.vaccinations.map(vaccination)),
					block(__("Other Information"), [lines(one.remarks)]),
				].join("")
			: "";
		const data = `data-person="${esc(one.person)}" data-name="${esc(one.full_name)}"`;
		const buttons = may_write
			? `<div class="concerto-buttons">
				<button class="btn btn-default btn-sm" data-health="allergy" ${data}>${esc(__("Add an Allergy"))}</button>
				<button class="btn btn-default btn-sm" data-health="diet" ${data}>${esc(__("Add a Diet"))}</button>
				<button class="btn btn-default btn-sm" data-health="open" ${data}>${esc(__("Open the Health Record"))}</button>
			</div>`
			: "";
		return `<div class="concerto-card concerto-health">${name}
			${body || `<p class="text-muted">${esc(__("Nothing is recorded."))}</p>`}${buttons}</div>`;
	}

	// ---------------------------------------------------------------- dialogs

	const options = (fieldname) => {
		const field = frappe.meta.get_docfield("Health Allergy", fieldname);
		return field ? field.options : "";
	};

	function ask(title, fields, method, person, done) {
		const dialog = new frappe.ui.Dialog({
			title,
			fields,
			primary_action_label: __("Add"),
			primary_action(values) {
				frappe
					.xcall(API + method, { person, ...values })
					.then(() => {
						dialog.hide();
						frappe.show_alert({ message: __("Recorded"), indicator: "green" });
						done();
					})
					.catch(() => {}); // the server has said why; the dialog stays open with what was typed
			},
		});
		dialog.show();
	}

	const dates = [
		{ fieldtype: "Section Break" },
		{ fieldname: "valid_from", fieldtype: "Date", label: __("From") },
		{ fieldtype: "Column Break" },
		{
			fieldname: "valid_to",
			fieldtype: "Date",
			label: __("Until"),
			description: __(
				"Leave it empty: an allergy has no end, unless a certificate or the PAI gives one (R23)",
			),
		},
	];

	concerto.health.add_allergy = (person, name, done) =>
		frappe.model.with_doctype("Health Record", () => {
			const named = "eval:['Other Food', 'Not Food'].includes(doc.allergen)";
			ask(
				__("Allergy of {0}", [name]),
				[
					{
						fieldname: "allergen",
						fieldtype: "Select",
						label: __("Allergen"),
						options: options("allergen"),
						reqd: 1,
					},
					{
						fieldname: "other",
						fieldtype: "Data",
						label: __("Which One"),
						depends_on: named,
						mandatory_depends_on: named,
					},
					{ fieldtype: "Column Break" },
					{
						fieldname: "severity",
						fieldtype: "Select",
						label: __("Severity"),
						options: options("severity"),
						default: "Allergy",
						reqd: 1,
					},
					{ fieldtype: "Section Break" },
					{
						fieldname: "instructions",
						fieldtype: "Small Text",
						label: __("What to Do"),
						description: __("Signs to watch for, what to give, whom to call"),
					},
					...dates,
				],
				"add_allergy",
				person,
				done,
			);
		});

	concerto.health.add_diet = (person, name, done) =>
		ask(
			__("Diet of {0}", [name]),
			[
				{
					fieldname: "diet",
					fieldtype: "Link",
					options: "Diet",
					label: __("Diet"),
					reqd: 1,
					get_query: () => ({ filters: { active: 1 } }),
				},
				dates[0],
				dates[1],
				dates[2],
				{ ...dates[3], description: __("Empty: no end") },
			],
			"add_diet",
			person,
			done,
		);

	const open = (person) =>
		frappe
			.xcall(`${API}open_record`, { person })
			.then((record) => frappe.set_route("Form", "Health Record", record));

	// ---------------------------------------------------------------- the tab

	function load(frm) {
		const name = frm.doc.name;
		const of_person = frm.doctype === "Person";
		const place = frm.get_field("health_view").$wrapper;
		const asked = of_person
			? frappe.xcall(`${API}health_of_person`, { person: name })
			: frappe.xcall(`${API}health_of_family`, { family: name });
		return asked.then((data) => {
			if (frm.doc.name !== name) return; // another one was opened meanwhile
			frm.health_shown = name;
			const cards = data.persons.map((one) => card(one, data.may_write, of_person)).join("");
			place.html(
				`<div class="concerto-health-cards ${of_person ? "is-one" : ""}">${cards}</div>
				<p class="text-muted small">${esc(__("Each reading of this tab is recorded."))}</p>`,
			);
			place.find("[data-health]").on("click", (event) => {
				const { health, person, name: who } = event.currentTarget.dataset;
				const again = () => (frm.doc.name === name ? load(frm) && refresh_strip(frm) : null);
				if (health === "allergy") concerto.health.add_allergy(person, who, again);
				else if (health === "diet") concerto.health.add_diet(person, who, again);
				else open(person);
			});
		});
	}

	// The overview of the dossier shows the allergies too.
	function refresh_strip(frm) {
		if (frm.doctype === "Family") frm.trigger("draw_overview");
	}

	function refresh(frm) {
		const shown = !frm.is_new() && frappe.model.can_read("Health Record");
		frm.toggle_display(["health_tab", "health_view"], shown);
		frm.health_shown = null;
		if (!shown) return;
		frm.get_field("health_view").$wrapper.empty();
		const link = $(frm.wrapper).find(".nav-link[data-fieldname=health_tab]");
		link.off("shown.bs.tab.health").on("shown.bs.tab.health", () => {
			if (frm.health_shown !== frm.doc.name) load(frm);
		});
		if (link.hasClass("active")) load(frm);
	}

	frappe.ui.form.on("Person", { refresh });
	frappe.ui.form.on("Family", { refresh });
})();
