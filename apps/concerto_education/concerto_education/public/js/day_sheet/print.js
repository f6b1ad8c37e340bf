// The paper list, always available as the fallback, with blank lines for those not enrolled (R32).

import { esc } from "./view";

const BLANK_LINES = 8;

export function print_sheet(sheet, long_date) {
	const frame = document.createElement("iframe");
	frame.style.cssText = "position:fixed;width:0;height:0;border:0";
	frame.setAttribute("aria-hidden", "true");
	document.body.appendChild(frame);
	frame.contentDocument.open();
	frame.contentDocument.write(page_html(sheet, long_date));
	frame.contentDocument.close();
	frame.contentWindow.addEventListener("afterprint", () => frame.remove());
	setTimeout(() => frame.contentWindow.print(), 100);
}

function printed_marks(row) {
	return (row?.marks || [])
		.filter((mark) => mark.kind !== "basket")
		.map(
			(mark) =>
				`<div class="mark">${esc(mark.kind === "allergy" ? `⚠ ${mark.label}` : mark.label)}</div>`,
		)
		.join("");
}

export function page_html(sheet, long_date) {
	const box = (row, status) => (row?.status === status ? "✗" : "");
	const line = (row, number) =>
		`<tr><td class="n">${number || ""}</td>
			<td>${row ? `<b>${esc(row.last_name)}</b> ${esc(row.first_name)}` : ""}</td>
			<td>${esc(row?.class)}</td><td>${esc(row && row.category !== "Enfant" ? row.category : "")}${printed_marks(row)}</td>
			<td class="box">${box(row, "Present")}</td><td class="box">${box(row, "Absent")}</td>
			<td class="box">${box(row, "Justified")}</td><td>${esc(row?.reason)}</td></tr>`;
	const blanks = Array.from({ length: BLANK_LINES }, () => line(null, "")).join("");
	return `<!doctype html><html lang="${esc(frappe.boot.lang)}"><meta charset="utf-8">
		<title>${esc(`${sheet.activity} – ${sheet.site} – ${sheet.day}`)}</title>
		<style>
			@page { size: A4; margin: 12mm; }
			body { font: 11pt/1.3 system-ui, sans-serif; color: #000; }
			h1 { font-size: 15pt; margin: 0; } p { margin: 2pt 0 8pt; }
			table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; }
			th, td { border: 0.5pt solid #555; padding: 4pt 5pt; text-align: left; height: 15pt; }
			th { font-size: 9pt; } tr { break-inside: avoid; } .n { width: 7mm; text-align: right; }
			.mark { font-size: 9pt; font-weight: bold; }
			.box { width: 13mm; text-align: center; }
		</style>
		<h1>${esc(sheet.activity)} – ${esc(sheet.unit_label)}</h1>
		<p>${esc(sheet.site)} · ${esc(long_date)} · ${esc(
			__("{0} expected", [sheet.rows.filter((row) => row.planned).length]),
		)} · ${__("List mark")} <b>${esc(sheet.check)}</b></p>
		<table><thead><tr><th class="n">N°</th><th>${__("Name")}</th><th>${__("Class")}</th>
			<th>${__("Category")}</th><th class="box">${__("Present")}</th><th class="box">A</th>
			<th class="box">AJ</th><th>${__("Remark")}</th></tr></thead>
		<tbody>${sheet.rows.map((row, index) => line(row, index + 1)).join("")}${blanks}</tbody></table>
		<p>${__("Lines without a name: children who came and are not enrolled.")}</p>
		<p>${__("Filled in by")} : ______________________</p></html>`;
}
