// Search first (R12): one box, the dossiers that answer, and a new one at the end of the list.
frappe.pages["family-search"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Find a Dossier"),
		single_column: true,
	});
	wrapper.family_search = new FamilySearch(page);
};

frappe.pages["family-search"].on_page_show = (wrapper) => wrapper.family_search.show();

class FamilySearch {
	constructor(page) {
		this.page = page;
		this.asked = 0;
		this.answer = null;
		this.at = 0;
		$(page.main).html(`<div class="family-search">
			<input type="search" class="form-control fs-box" autocomplete="off" spellcheck="false" role="combobox"
				aria-expanded="true" aria-controls="fs-list" aria-autocomplete="list"
				aria-label="${this.text(__("Find a Dossier"))}"
				placeholder="${this.text(__("Name, first name, telephone, e-mail, CAF number, address…"))}">
			<div class="fs-state" role="status"></div>
			<div class="fs-list" id="fs-list" role="listbox" aria-label="${this.text(__("Dossiers found"))}"></div>
			<p class="fs-keys">${this.text(__("Arrows to choose, Enter to open."))}</p>
		</div>`);
		this.box = page.main.find(".fs-box")[0];
		this.list = page.main.find(".fs-list")[0];
		this.state = page.main.find(".fs-state")[0];
		this.ask = frappe.utils.debounce(() => this.search(), 180);
		this.box.addEventListener("input", () => this.ask());
		this.box.addEventListener("keydown", (event) => this.key(event));
		this.list.addEventListener("click", (event) => {
			const row = event.target.closest(".fs-row");
			if (row && !event.target.closest("a")) this.open(Number(row.dataset.row));
		});
		this.idle();
	}

	show() {
		const typed = frappe.utils.get_url_arg("q");
		if (typed && typed !== this.box.value) {
			this.box.value = typed;
			this.search();
		}
		this.box.focus();
	}

	text(value) {
		return frappe.utils.escape_html(String(value ?? ""));
	}

	// ---------------------------------------------------------------- asking

	async search() {
		const text = this.box.value.trim();
		const number = ++this.asked;
		const address = new URL(window.location);
		address.searchParams[text ? "set" : "delete"]("q", text);
		window.history.replaceState(window.history.state, "", address);
		if (text.length < 2) return this.idle();
		let answer;
		try {
			answer = await frappe.xcall("concerto_education.families.api.search_families", { text });
		} catch {
			return; // Frappe has said why
		}
		if (number !== this.asked) return; // something else was typed meanwhile
		this.answer = answer;
		// Nobody bears all of it: Enter then makes a new dossier rather than open a stranger's.
		this.at = answer.partial ? answer.results.length : 0;
		this.draw();
	}

	idle() {
		this.answer = null;
		this.state.textContent = "";
		this.list.innerHTML = `<div class="fs-hint">
			<p>${this.text(__("Look for the family first. Accents, capitals, hyphens and small slips do not matter."))}</p>
			<p class="text-muted">${this.text(
				__("For instance: dupont leo · 06 12 34 · martin rue des lilas · 14/03/2019 · DOS-000123"),
			)}</p>
		</div>`;
	}

	// ---------------------------------------------------------------- drawing

	draw() {
		const { results, total, partial } = this.answer;
		if (!results.length) this.state.textContent = __("Nobody found.");
		else if (partial) this.state.textContent = __("Nobody matches all of it. These match a part:");
		else if (total > results.length) {
			this.state.textContent = __("{0} of {1} dossiers. Add a first name, a telephone or a street.", [
				results.length,
				total,
			]);
		} else this.state.textContent = total === 1 ? __("One dossier.") : __("{0} dossiers.", [total]);
		const words = this.answer.results.map((row) => row.words);
		this.list.innerHTML =
			results.map((row, number) => this.row(row, number, words[number])).join("") +
			this.last(results.length);
		this.choose(this.at, false);
	}

	row(row, number, words) {
		const mark = (text) => this.marked(text, words);
		const members = row.members.map((member) => {
			const name = `<span class="${member.role === "Child" ? "fs-child" : ""}">${mark(member.full_name)}</span>`;
			const tag = member.forbidden
				? ` <span class="concerto-tag is-danger">${this.text(__("Forbidden"))}</span>`
				: "";
			const about =
				member.role === "Child" ? member.age : member.role === "Contact" ? __(member.role) : "";
			return `<span class="fs-member">${name}${about ? ` <small>${this.text(about)}</small>` : ""}${tag}</span>`;
		});
		const facts = [
			row.phone && this.phone(row.phone),
			row.may_see_quotient &&
				(row.quotient_unknown
					? __("QF unknown")
					: row.quotient !== null && `QF ${this.number(row.quotient)}`),
			row.archived && __("Archived"),
		].filter(Boolean);
		const reasons = row.found_by.map((why) => {
			const text = why.kind === "Phone" ? this.phone(why.text) : why.text;
			const who = why.who ? ` · ${why.who}` : "";
			return `<span class="fs-why">${this.text(__(why.kind))} : <b>${this.text(text)}</b>${this.text(who)}</span>`;
		});
		return `<div class="fs-row" role="option" id="fs-row-${number}" data-row="${number}" data-family="${this.text(row.family)}">
			<div class="fs-name"><a href="/app/family/${encodeURIComponent(row.family)}">${mark(row.family_name)}</a>
				<small>${mark(row.address)}</small></div>
			<div class="fs-facts">${facts.map((fact) => `<span>${this.text(fact)}</span>`).join("")}</div>
			<div class="fs-members">${members.join("")}</div>
			${reasons.length ? `<div class="fs-reasons">${reasons.join("")}</div>` : ""}
		</div>`;
	}

	last(number) {
		if (!frappe.model.can_create("Family")) return "";
		const { last_name, first_name } = this.answer.new;
		const name = [last_name, first_name].filter(Boolean).join(" ");
		const label = name ? __("Create a Dossier for {0}", [name]) : __("Create a Dossier");
		return `<div class="fs-row fs-new" role="option" id="fs-row-${number}" data-row="${number}">${this.text(label)}</div>`;
	}

	// The words that matched, marked; compared without accents, letter by letter.
	marked(text, words) {
		const plain = [...String(text || "")]
			.map((letter) => letter.normalize("NFD")[0].toLowerCase())
			.join("");
		const hit = new Array(plain.length).fill(false);
		for (const word of words) {
			for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + 1)) {
				const before = plain[at - 1];
				if (!before || !/[a-z0-9]/.test(before)) hit.fill(true, at, at + word.length);
			}
		}
		let html = "";
		[...String(text || "")].forEach((letter, at) => {
			if (hit[at] && !hit[at - 1]) html += "<mark>";
			html += this.text(letter);
			if (hit[at] && !hit[at + 1]) html += "</mark>";
		});
		return html;
	}

	phone(value) {
		return String(value)
			.replace(/^\+33-?/, "0")
			.replace(/^(0\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4 $5");
	}

	number(value) {
		return Number(value).toLocaleString("fr-FR", { maximumFractionDigits: 2 });
	}

	// ---------------------------------------------------------------- choosing

	key(event) {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step) {
			event.preventDefault();
			this.choose(this.at + step);
		} else if (event.key === "Enter" && this.answer) {
			event.preventDefault();
			this.open(this.at);
		} else if (event.key === "Escape" && this.box.value) {
			event.preventDefault();
			this.box.value = "";
			this.search();
		}
	}

	choose(number, scroll = true) {
		const rows = [...this.list.querySelectorAll(".fs-row")];
		if (!rows.length) return;
		this.at = Math.min(Math.max(number, 0), rows.length - 1);
		rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.at)));
		this.box.setAttribute("aria-activedescendant", rows[this.at].id);
		if (scroll) rows[this.at].scrollIntoView({ block: "nearest" });
	}

	open(number) {
		const row = this.answer?.results[number];
		if (row) return frappe.set_route("Form", "Family", row.family);
		if (!frappe.model.can_create("Family")) return;
		frappe.flags.concerto_searched = this.answer?.new || {};
		frappe.new_doc("Family");
	}
}
