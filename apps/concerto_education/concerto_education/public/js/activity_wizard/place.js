// The step "name and sites": a camp is asked for number, place and dates, and shows the name they make (R7).

const esc = frappe.utils.escape_html;

export function place_step(body, model, sites, answers, on_change) {
	const camp = model.kind === "Camp";
	const group = new frappe.ui.FieldGroup({
		body: body.appendChild(document.createElement("div")),
		no_submit_on_enter: true,
		fields: (camp ? camp_fields() : name_fields(model)).map((df) => ({ ...df, onchange: on_change })),
	});
	group.make();
	group.set_values(answers);

	const chosen = new Map((answers.sites || []).map((row) => [row.site, row.capacity || 0]));
	const list = body.appendChild(document.createElement("fieldset"));
	list.className = "aw-sites";
	list.innerHTML = `<legend>${__("Sites")}</legend>
		${sites.length ? "" : `<p>${__("There is no site yet. Create the sites first.")}</p>`}
		${sites.map((site, index) => site_row(site, index, chosen)).join("")}`;
	list.addEventListener("input", (event) => {
		const row = event.target.closest("[data-site]");
		const box = row.querySelector("input[type=checkbox]");
		if (event.target.type === "number" && event.target.value) box.checked = true;
		row.classList.toggle("is-chosen", box.checked);
		on_change();
	});
	return {
		collect() {
			for (const df of group.fields) {
				if (df.fieldtype !== "Column Break") answers[df.fieldname] = group.get_value(df.fieldname);
			}
			answers.sites = [...list.querySelectorAll("[data-site]")]
				.filter((row) => row.querySelector("input[type=checkbox]").checked)
				.map((row) => ({
					site: row.dataset.site,
					capacity: Number(row.querySelector("input[type=number]").value) || 0,
				}));
		},
	};
}

const site_row = (site, index, chosen) => `
	<div class="aw-site ${chosen.has(site.name) ? "is-chosen" : ""}" data-site="${esc(site.name)}">
		<label><input type="checkbox" ${chosen.has(site.name) ? "checked" : ""}>
			<span><b>${esc(site.name)}</b><small>${esc([__(site.kind), site.town].filter(Boolean).join(" · "))}</small></span>
		</label>
		<label class="aw-places" for="aw-places-${index}">${__("Places")}
			<input id="aw-places-${index}" type="number" min="0" inputmode="numeric" class="form-control"
				value="${chosen.get(site.name) || ""}" placeholder="${__("no limit")}">
		</label>
	</div>`;

const name_fields = (model) => [
	{
		fieldname: "activity_name",
		fieldtype: "Data",
		label: __("Name of the Activity"),
		description: __("As families know it, for instance {0}", [esc(model.name)]),
	},
	{ fieldname: "description", fieldtype: "Small Text", label: __("Words for Families") },
];

const camp_fields = () => [
	{ fieldname: "camp_number", fieldtype: "Data", label: __("Number of the Camp") },
	{ fieldname: "valid_from", fieldtype: "Date", label: __("First Day") },
	{ fieldtype: "Column Break", fieldname: "column" },
	{ fieldname: "camp_place", fieldtype: "Data", label: __("Place") },
	{ fieldname: "valid_to", fieldtype: "Date", label: __("Last Day") },
];
