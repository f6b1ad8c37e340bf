import { late_pickup } from "./late_pickup/dialog";

frappe.provide("concerto");
concerto.late_pickup = late_pickup;
