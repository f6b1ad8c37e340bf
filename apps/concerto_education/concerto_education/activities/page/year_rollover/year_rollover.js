// The next school year in one step: choose, look, then do it (R7).

const API = "concerto_education.activities.rollover.api.";

frappe.pages["year-rollover"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Prepare the Next School Year"),
		single_column: true,
	});
	wrapper.rollover = new YearRollover(page);
};

frappe.pages["year-rollover"].on_page_show = (wrapper) => wrapper.rollover.start();

class YearRollover {
	constructor(page) {
		this.page = page;
		this.body = page.main[0];
		this.body.classList.add("yr");
	}

	async start() {
		const { message } = await frappe.call({ method: `${API}start`, type: "GET" });
		const esc = frappe.utils.escape_html;
		if (!message.years.length) {
			this.body.innerHTML = `<p>${__("There is no school year yet: create the first one in the list of school years.")}</p>`;
			return;
		}
		this.body.innerHTML = `
			<section class="yr-card">
				<p>${__("What ends with the school year goes over to the next one; what has no end goes on by itself. Nothing is made before you have seen it, and doing it again makes nothing twice.")}</p>
				<label class="yr-year">${__("School year that ends")}
					<select class="form-control">${message.years.map((year) => `<option>${esc(year)}</option>`).join("")}</select>
				</label>
				<fieldset><legend>${__("Carry the enrolments over for")}</legend>
					${message.activities
						.map(
							(name) =>
								`<label><input type="checkbox" name="activity" value="${esc(name)}"> ${esc(name)}</label>`,
						)
						.join("")}
				</fieldset>
				<label><input type="checkbox" name="classes">
					${__("Move the children who continue up a class. Do this when the old year is over: lists show the new class at once.")}</label>
				<div><button type="button" class="btn btn-primary btn-lg" data-do="preview">${__("Show What Would Be Made")}</button></div>
			</section>
			<section class="yr-result" aria-live="polite"></section>`;
		this.body.querySelector("[data-do=preview]").addEventListener("click", () => this.run("preview"));
	}

	args() {
		return {
			year: this.body.querySelector("select").value,
			activities: JSON.stringify(
				[...this.body.querySelectorAll("[name=activity]:checked")].map((box) => box.value),
			),
		};
	}

	async run(what) {
		const args = this.args();
		if (what === "apply") args.raise_classes = Number(this.body.querySelector("[name=classes]").checked);
		const { message } = await frappe.call({
			method: API + what,
			args,
			freeze: true,
			freeze_message: what === "apply" ? __("Preparing the year…") : __("Looking…"),
		});
		this.show(message, what === "apply");
	}

	show(answer, done) {
		const made = answer.items.filter((item) => item.make);
		const left = answer.items.filter((item) => !item.make);
		const result = this.body.querySelector(".yr-result");
		result.innerHTML = `
			<h2>${done ? __("School year {0}: done", [answer.year]) : __("School year {0}: preview", [answer.year])}</h2>
			${table(done ? __("Made ({0})", [made.length]) : __("Will be made ({0})", [made.length]), made)}
			<div class="yr-foot">
				${done ? `<a class="btn btn-default btn-lg" href="/app/school-year/${encodeURIComponent(answer.year)}">${__("Open the School Year")}</a>` : ""}
				${!done && made.length ? `<button type="button" class="btn btn-primary btn-lg" data-do="apply">${__("Make {0} records", [made.length])}</button>` : ""}
				${!done && !made.length ? `<p><b>${__("There is nothing to do: all of it is there already.")}</b></p>` : ""}
			</div>
			${table(__("Left ({0})", [left.length]), left)}`;
		result.querySelector("[data-do=apply]")?.addEventListener("click", () => this.run("apply"));
		result.scrollIntoView({ behavior: "smooth", block: "start" });
	}
}

function table(title, items) {
	if (!items.length) return "";
	const esc = frappe.utils.escape_html;
	return `<h3>${title}</h3><div class="yr-scroll"><table class="table table-bordered"><tbody>${items
		.map(
			(item) =>
				`<tr><td>${esc(item.kind_text)}</td><td><b>${esc(item.label)}</b></td><td>${esc(item.text)}</td></tr>`,
		)
		.join("")}</tbody></table></div>`;
}
