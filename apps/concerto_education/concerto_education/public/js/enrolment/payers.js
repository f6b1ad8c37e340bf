// Who pays: one payer, shares, or two who take turns by the calendar of each child (R19, R22).

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

export function payers_html(payers) {
	if (!payers.length)
		return `<p class="ce-warn">${__("This family has no active payer. Make one first.")}</p>`;
	const one = payers
		.map(
			({ payer, recipient }, index) =>
				`<label class="ce-chip"><input type="radio" name="ce-payer" value="${esc(payer)}"
					${payers.length === 1 && !index ? "checked" : ""}> ${esc(recipient)}</label>`,
		)
		.join("");
	if (payers.length === 1) return one;
	const mode = (value, label, checked = "") =>
		`<label class="ce-chip"><input type="radio" name="ce-mode" value="${value}" ${checked}> ${label}</label>`;
	const shares = payers
		.map(
			({ payer, recipient }) =>
				`<label>${esc(recipient)} <input type="number" class="form-control" min="0" max="100" step="0.01"
					data-share="${esc(payer)}"> %</label>`,
		)
		.join("");
	const turns = payers
		.map(
			({ payer, recipient }, index) =>
				`<label class="ce-chip"><input type="checkbox" data-turn="${esc(payer)}" ${index < 2 ? "checked" : ""}>
					${esc(recipient)}</label>`,
		)
		.join("");
	return `<div>${mode("one", __("One payer"), "checked")}${mode("shares", __("Shares"))}
			${mode("custody", __("Alternating custody (calendar of each child)"))}</div>
		<div data-mode="one">${one}</div>
		<div data-mode="shares" class="ce-shares" style="display: none">${shares}</div>
		<div data-mode="custody" style="display: none">${turns}</div>`;
}

/** {payers: [{payer, share}], custody, missing: why it is not complete}. */
export function read_payers($place) {
	const mode = $place.find("[name=ce-mode]:checked").val() || "one";
	if (mode === "one") {
		const payer = $place.find("[name=ce-payer]:checked").val();
		return payer
			? { payers: [{ payer, share: "100" }], custody: false }
			: { payers: [], custody: false, missing: __("Choose who pays.") };
	}
	if (mode === "custody") {
		const payers = $place
			.find("[data-turn]:checked")
			.toArray()
			.map((input) => ({ payer: input.dataset.turn, share: "0" }));
		return { payers, custody: true, missing: payers.length === 2 ? "" : __("Choose who pays.") };
	}
	const payers = $place
		.find("[data-share]")
		.toArray()
		.filter((input) => Number(input.value) > 0)
		.map((input) => ({ payer: input.dataset.share, share: input.value }));
	// In hundredths: shares are no floats to be added up.
	const total = payers.reduce((sum, { share }) => sum + Math.round(Number(share) * 100), 0);
	const missing = total === 10000 ? "" : __("The shares sum to {0} %, not 100.", [total / 100]);
	return { payers, custody: false, missing };
}
