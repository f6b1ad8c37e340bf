import { DaySheet } from "./day_sheet/sheet";

frappe.provide("concerto");
concerto.DaySheet = DaySheet;
