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
		if (message.rollover) this.follow(message.rollover);
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
			freeze_message: __("Looking…"),
		});
		if (what === "apply") this.follow(message.name);
		else this.show(message, false);
	}

	// The work runs on the server and goes on when this page is closed; opened again, it shows how far it is.
	async follow(name) {
		clearTimeout(this.timer);
		const { message } = await frappe.call({
			method: `${API}progress`,
			args: { rollover: name },
			type: "GET",
		});
		if (message.status === "Done") {
			this.show({ ...message, made: message.items_made }, true);
			return;
		}
		this.show_progress(message);
		if (!message.interrupted) this.timer = setTimeout(() => this.follow(name), 1500);
	}

	show_progress(state) {
		const result = this.body.querySelector(".yr-result");
		const percent = state.items_total ? Math.round((100 * state.items_done) / state.items_total) : 0;
		const count =
			state.status === "Waiting"
				? __("Waiting for its turn")
				: __("{0} of {1} records", [state.items_done, state.items_total]);
		const problem = state.problem ? `<p>${frappe.utils.escape_html(state.problem)}</p>` : "";
		result.innerHTML = `
			<h2>${state.interrupted ? __("The preparation was interrupted") : __("Preparing the year…")}</h2>
			<div class="progress yr-progress"><div class="progress-bar" role="progressbar" style="width: ${percent}%"
				aria-label="${count}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${percent}"></div></div>
			<p>${count}</p>${problem}
			${
				state.interrupted
					? `<p>${__("What was made is kept. Going on makes the rest, and nothing twice.")}</p>
				<button type="button" class="btn btn-primary btn-lg" data-do="resume">${__("Go On")}</button>`
					: `<p>${__("You may close this page: the work goes on.")}</p>`
			}`;
		result.querySelector("[data-do=resume]")?.addEventListener("click", async () => {
			await frappe.call({ method: `${API}resume`, args: { rollover: state.name } });
			this.follow(state.name);
		});
	}

	show(answer, done) {
		const made = answer.items.filter((item) => item.make);
		const left = answer.items.filter((item) => !item.make);
		const result = this.body.querySelector(".yr-result");
		result.innerHTML = `
			<h2>${done ? __("School year {0}: done", [answer.year]) : __("School year {0}: preview", [answer.year])}</h2>
			${table(done ? __("Made ({0})", [answer.made]) : __("Will be made ({0})", [made.length]), made)}
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

// Thousands of rows would only slow the page down: nobody reads them all.
const SHOWN = 300;

function table(title, items) {
	if (!items.length) return "";
	const esc = frappe.utils.escape_html;
	const more = items.length > SHOWN ? `<p>${__("and {0} more", [items.length - SHOWN])}</p>` : "";
	return `<h3>${title}</h3><div class="yr-scroll"><table class="table table-bordered"><tbody>${items
		.slice(0, SHOWN)
		.map(
			(item) =>
				`<tr><td>${esc(item.kind_text)}</td><td><b>${esc(item.label)}</b></td><td>${esc(item.text)}</td></tr>`,
		)
		.join("")}</tbody></table></div>${more}`;
}
