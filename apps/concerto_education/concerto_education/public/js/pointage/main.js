// The tablet page: ticks children present, with or without network (R31, R32).

import { add } from "./add.js";
import { alertsOf } from "./alerts.js";
import * as api from "./api.js";
import * as clock from "./clock.js";
import * as dialogs from "./dialogs.js";
import { notice } from "./dom.js";
import { Frame, listName, listOfNow, nextTheme, paint } from "./frame.js";
import { ListView } from "./list.js";
import { openScanner } from "./scanner.js";
import { DayList, isSameTouch } from "./state.js";
import { deviceName, lists, meta, persist } from "./store.js";
import { Sync } from "./sync.js";
import { __ } from "./texts.js";

class Pointage {
	async open() {
		paint();
		this.session = await meta.get("session");
		clock.remember(await meta.get("offset"));
		this.place = (await meta.get("place")) || {}; // {site, list}
		this.sync = new Sync(await deviceName(), {
			state: () => this.stateChanged(),
			sent: (answer, refused) => this.sent(answer, refused),
			started: (session) => this.started(session),
			poll: () => this.poll(),
			identify: () => this.identify(),
		});
		this.sync.user = this.session?.user || null;
		this.frame = new Frame(document.getElementById("app"), {
			site: (site) => this.chooseSite(site),
			unit: (key) => this.chooseList(key),
			state: () => this.explain(),
			refresh: () => this.load(),
			refusals: () => this.showRefusals(),
			theme: () => notice(nextTheme()),
			logout: () => this.logout(),
			search: (text) => this.narrow({ text }),
			schoolClass: (schoolClass) => this.narrow({ schoolClass }),
			left: (left) => this.narrow({ left }),
			add: () => add(this),
			scan: () => openScanner(this),
		});
		this.view = new ListView(this.frame.list, {
			touch: (item) => this.touch(item),
			more: (item) => this.more(item),
		});
		this.watch();
		await this.sync.reload();
		if (this.session) await this.showDay();
		await this.connect();
		persist();
	}

	watch() {
		addEventListener("online", () => this.sync.soon(0));
		addEventListener("offline", () => this.sync.soon(0));
		document.addEventListener("visibilitychange", () => document.hidden || this.sync.soon(0));
		addEventListener("beforeunload", (event) => {
			if (this.sync.waiting.length && !this.leaving) event.preventDefault();
		});
		navigator.serviceWorker?.register("/pointage/worker.js", { scope: "/pointage" }).catch(() => {
			// Without a worker the page works, but doesn't open without network: told in `alerts`.
			this.noWorker = true;
			this.stateChanged();
		});
	}

	// ---------------------------------------------------------------- who, where, which list

	async connect() {
		await this.identify();
		this.sync.soon(0);
	}

	async identify() {
		try {
			await this.started(await api.start());
			this.sync.measuredAt = Date.now();
		} catch (failure) {
			if (!(failure instanceof api.Failure)) throw failure;
			this.sync.problem = failure;
		}
		this.stateChanged();
	}

	/** The server knows who we are. Lists of a colleague don't stay for the next one. */
	async started(session) {
		const known = this.session;
		this.session = session;
		this.sync.user = session.user;
		await Promise.all([meta.set("session", session), meta.set("offset", clock.offset())]);
		if (known && known.user !== session.user) {
			await lists.clear();
			this.day = null;
		}
		if (!this.day || !session.sites.includes(this.place.site)) await this.showDay();
	}

	/** Show the lists of today: at once from the device, then as the server knows them. */
	async showDay() {
		const { sites, full_name } = this.session;
		this.frame.showWho(full_name);
		if (!sites.includes(this.place.site)) this.place = { site: sites[0] };
		this.frame.showSites(sites, this.place.site);
		this.date = clock.today();
		const kept = await lists.get(this.place.site, this.date);
		if (kept) this.use(kept);
		else this.day = null;
		this.show();
		await lists.forgetBefore(this.date);
		await this.load();
	}

	async load() {
		const { site } = this.place;
		this.loading = true;
		try {
			const list = await api.load(site, this.date);
			await lists.put(list);
			if (site === this.place.site && list.day === this.date) {
				this.use(list);
				this.show();
			}
			// The list of tomorrow, for a morning that begins without network.
			const next = await api.load(site, clock.tomorrow());
			await lists.put(next);
		} catch (failure) {
			if (!(failure instanceof api.Failure)) throw failure;
			this.sync.problem = failure;
		} finally {
			this.loading = false;
		}
		if (!this.day) this.show();
		this.stateChanged();
	}

	use(list) {
		this.day = new DayList(list, this.sync.waiting);
		this.lists = this.day.lists();
		// An activity that is open but has nobody on its list today is not what anybody came to tick.
		const busy = this.lists.filter(
			({ activity, unit }) => this.day.on(activity.activity, unit.unit).length,
		);
		this.current =
			this.lists.find(({ key }) => key === this.place.list) ||
			listOfNow(busy.length ? busy : this.lists);
	}

	chooseSite(site) {
		this.place = { site };
		meta.set("place", this.place);
		this.narrow({ schoolClass: "" });
		return this.showDay();
	}

	chooseList(key) {
		this.place.list = key;
		meta.set("place", this.place);
		this.current = this.lists.find((list) => list.key === key);
		this.view.schoolClass = "";
		this.show();
	}

	get locked() {
		return !this.day || this.day.list.closed || this.date !== clock.today();
	}

	// ---------------------------------------------------------------- the screen

	show() {
		const { frame, view } = this;
		frame.addButton.hidden = !this.day || !this.current || this.locked;
		frame.scanButton.hidden = frame.addButton.hidden || !this.session.badges;
		if (!this.day) {
			frame.showLists([], "");
			frame.counts.replaceChildren();
			if (this.loading || !this.sync.problem)
				return frame.showEmpty(__("One moment …"), __("The lists are being fetched."));
			return frame.showEmpty(
				__("No list of today on this device"),
				__("Connect it to the network once: the lists of today and tomorrow then stay on it."),
				{ label: __("Try again"), run: () => this.load() },
			);
		}
		frame.showLists(this.lists, this.current?.key);
		if (!this.current) {
			frame.counts.replaceChildren();
			return frame.showEmpty(
				__("Nothing today"),
				__("No activity of this site is open on {0}.", [clock.longDay(this.date)]),
			);
		}
		const classes = view.show(this.day, this.current.activity, this.current.unit);
		frame.showClasses(classes, view.schoolClass);
		if (!classes.length)
			frame.showEmpty(__("Nobody is expected"), __("Add the children who are there all the same."));
		frame.showCounts(view.counts());
	}

	narrow(what) {
		Object.assign(this.view, what);
		this.view.filter();
	}

	stateChanged() {
		this.frame.showState(this.sync);
		this.frame.showAlerts(alertsOf(this));
	}

	explain() {
		if (this.sync.refused.length) return this.showRefusals();
		const count = this.sync.waiting.length;
		notice(
			count
				? __("{0} ticks are kept on this device. They are sent as soon as there is a network.", [
						count,
					])
				: __("Everything has been sent."),
		);
		return this.sync.soon(0);
	}

	async showRefusals() {
		await dialogs.refused(this.sync.refused, (id) => this.sync.seen(id));
	}

	// ---------------------------------------------------------------- ticking

	touch(item) {
		const state = this.view.stateOf(item);
		if (this.locked) return void this.stateChanged();
		if (item.task || ["Absent", "Justified"].includes(state.status)) return this.more(item);
		if (!this.current.activity.clock) {
			return this.tick(item, [{ action: state.status === "Present" ? "Undo" : "Present" }]);
		}
		// In clock mode a third touch, or one that trembles, changes no time: the dialog does.
		if (state.departure || isSameTouch(state)) return this.more(item);
		const said = [item.name, clock.hour()];
		notice(state.arrival ? __("{0} has left at {1}", said) : __("{0} has come at {1}", said), {
			label: __("Undo"),
			run: () => this.undoClock(item, state),
		});
		return this.tick(item, [{ action: "Clock" }]);
	}

	/** Take back the last time only: whoever "left" by mistake is still there since their arrival. */
	undoClock(item, before) {
		const again = before.arrival ? [{ action: "Arrival", clock_time: before.arrival }] : [];
		return this.tick(item, [{ action: "Undo" }, ...again]);
	}

	async more(item) {
		const state = this.view.stateOf(item);
		const ticks = await dialogs.more(item, state, this.current.activity.clock, this.locked);
		if (ticks.length) await this.tick(item, ticks);
	}

	async tick(item, ticks) {
		const { unit, activity } = this.current;
		const about = item.task ? { task: item.task.client_id } : { enrolment: item.child.enrolment };
		await this.keep(
			ticks.map((tick) => ({
				...tick,
				...about,
				unit: unit.unit,
				activity: activity.activity,
				label: item.name,
			})),
			item.key,
		);
	}

	/** Show ticks at once and keep them on the device; take them back if it can't keep them. */
	async keep(ticks, key = null) {
		const place = listName(this.current.activity, this.current.unit);
		const kept = ticks.map((tick) =>
			this.sync.add({ ...tick, day: this.date, site: this.place.site, place }),
		);
		this.redraw(key);
		try {
			await Promise.all(kept);
		} catch {
			notice(__("This device could not keep the tick: its memory is full. Use the paper list."));
			this.redraw(key);
		}
	}

	redraw(key) {
		this.day.overlay(this.sync.waiting);
		if (!key || !this.view.update(key)) this.show();
		this.frame.showCounts(this.view.counts());
		this.view.filter();
		this.stateChanged();
	}

	// ---------------------------------------------------------------- the server's word

	async sent(answer, refused) {
		if (this.day) {
			this.day.merge(answer.rows);
			await this.news(answer.rows.map((row) => row.enrolment));
		}
		// A badge that opens nothing any more is still on the lists of this device.
		if (refused.some((tick) => tick.rule === "BadgeNotActive")) await this.load();
		if (refused.length) notice(refused[0].reason, { label: __("Show"), run: () => this.showRefusals() });
	}

	async poll() {
		if (!this.day) return this.load();
		const { list } = this.day;
		const answer = await api.changes(list.site, list.day, list.asked_at);
		if (list !== this.day?.list) return undefined;
		const before = JSON.stringify(list.tasks);
		this.day.merge(answer.rows, answer.tasks, answer.asked_at);
		const tasksChanged = before !== JSON.stringify(answer.tasks);
		// A child enrolled since the list was fetched.
		const stranger = answer.rows.some((row) => !this.day.children.has(row.enrolment));
		if (stranger && !this.loading) return this.load();
		return this.news(
			answer.rows.map((row) => row.enrolment),
			tasksChanged,
		);
	}

	/** Keep what the server said, and draw what it changes. */
	async news(keys, all = false) {
		await lists.put(this.day.list);
		this.day.overlay(this.sync.waiting);
		if (!this.current) return;
		const listed = new Set(
			this.day
				.on(this.current.activity.activity, this.current.unit.unit)
				.map((child) => child.enrolment),
		);
		const moved = all || keys.some((key) => listed.has(key) !== this.view.cards.has(key));
		if (moved) this.show();
		else keys.forEach((key) => this.view.update(key));
		if (this.view.cards.size) this.frame.showCounts(this.view.counts());
		this.view.filter();
	}

	// ---------------------------------------------------------------- in and out

	login() {
		this.leaving = true;
		location.href = "/login?redirect-to=/pointage";
	}

	async logout() {
		const count = this.sync.waiting.length;
		if (count) {
			const choice = await dialogs.leave(count);
			if (choice === "send") {
				await this.sync.flush();
				if (this.sync.waiting.length) return notice(__("They could not be sent yet."));
			} else if (choice !== "leave") return undefined;
		}
		try {
			await api.logout();
		} catch (failure) {
			return notice(
				failure.kind === "offline" ? __("Logging out needs the network.") : failure.message,
			);
		}
		// The next user of this device sees no list of this one; ticks that wait stay.
		await Promise.all([lists.clear(), meta.set("session", null)]);
		return this.login();
	}
}

const page = new Pointage();
page.open().catch((error) => {
	document.getElementById("app").textContent = `${__("This page could not start")}: ${error.message}`;
	throw error;
});
