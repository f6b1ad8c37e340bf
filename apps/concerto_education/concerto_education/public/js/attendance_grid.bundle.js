import { AttendanceGrid } from "./grid/page";

frappe.provide("concerto");
concerto.AttendanceGrid = AttendanceGrid;
