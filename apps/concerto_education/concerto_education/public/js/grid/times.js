// Hours as people type them: "8h10-11h45", "810 1145", "8 - 11:45".

/** {arrival, departure} as "08:10", or null for what is no time of day. An empty text is no hours at all. */
export function parse_hours(text) {
	const parts = text
		.trim()
		.split(/\s*[-–—/;]\s*|\s+/)
		.filter(Boolean);
	if (!parts.length) return { arrival: "", departure: "" };
	if (parts.length > 2) return null;
	const [arrival, departure = ""] = parts.map(parse_time);
	return arrival === null || departure === null ? null : { arrival, departure };
}

function parse_time(text) {
	const found = /^(\d{1,2})(?:[h:.]?(\d{2}))?[h]?$/i.exec(text);
	if (!found) return null;
	const [hours, minutes] = [Number(found[1]), Number(found[2] || 0)];
	if (hours > 23 || minutes > 59) return null;
	return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

/** 225 → "3 h 45". */
export function hours_text(minutes) {
	const rest = minutes % 60;
	return `${Math.floor(minutes / 60)} h${rest ? ` ${String(rest).padStart(2, "0")}` : ""}`;
}
