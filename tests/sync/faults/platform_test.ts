import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { TerminalError } from "../../../lib/domain/mod.ts";
import { openStore, openTenant } from "../../../lib/store/mod.ts";
import { openPortal, readConfig } from "../../../lib/web/mod.ts";
import { assertSound } from "../../_checker.ts";
import { HOUR, MINUTE } from "../../_clock.ts";
import { allRows, tenantRows } from "../../_dump.ts";
import { Crash, crashWhere } from "../../_kv.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_SECRET,
  TEST_WEB_KEY,
} from "../../_sync.ts";
import { expectFailed, expectSuccess } from "./_expect.ts";
import { SMALL, TENANT, Twins } from "./_matrix.ts";
import { openProcess, writesRecords } from "./_processes.ts";
import { rawChars } from "./_raw.ts";
import { servedBy } from "./_served.ts";

describe("another database than the one that is meant", () => {
  const MEANT = "01J00000000000000000000000";

  it("row 42: ends the start in one sentence, before anything is synced or shown", async () => {
    const path = await Deno.makeTempFile({ suffix: ".kv" });
    const environment: Record<string, string> = {
      DENO_KV_PATH: path,
      PORTAL_SECRET: TEST_SECRET,
      PORTAL_STORE_ID: MEANT,
    };
    let asked = 0;
    const opening = openPortal(readConfig((name) => environment[name]), {
      fetch: () => {
        asked++;
        return Promise.reject(new Error("not to be asked"));
      },
    });
    const error = await opening.catch((error) => error);
    expect(error).toBeInstanceOf(TerminalError);
    expect(error.message).toMatch(
      /^Cannot use this database: its id is '\w{26}', but PORTAL_STORE_ID asks for '01J0{23}'\. Is the right database attached\?$/,
    );
    expect(asked).toBe(0);
    const kv = await Deno.openKv(path);
    const keys = (await allRows(kv)).map(({ key }) => key[0]);
    expect(keys.sort()).toEqual(["schema_version", "store_id"]);
    kv.close();
    await Deno.remove(path);
  });

  it("row 42: is opened where nothing was said, and where it is the one", async () => {
    await using rig = await createRig({ brand: SMALL });
    for (const expectedId of [undefined, "", rig.store.id]) {
      const store = await openStore({
        kv: rig.kv,
        ...(expectedId === undefined ? {} : { expectedId }),
      });
      expect(store.id).toBe(rig.store.id);
    }
  });
});

/** Half hours between two instants, the second excluded. */
function* halfHours(from: string, to: string): Generator<string> {
  for (let at = Date.parse(from); at < Date.parse(to); at += 30 * MINUTE) {
    yield new Date(at).toISOString();
  }
}

/** Leads by the day in the tenant's zone on which they came, as the figures have them. */
async function leadsByDay(rig: SyncRig): Promise<Record<string, number>> {
  const { views } = await servedBy(rig, rig.clock.now());
  const { from, counts } = views.leads.createdByDay;
  const days: Record<string, number> = {};
  counts.forEach((count, n) => {
    const at = Date.parse(`${from}T12:00:00Z`) + n * 24 * HOUR;
    days[new Date(at).toISOString().slice(0, 10)] = count;
  });
  return days;
}

const EMPTY = { leads: 0, opportunities: 0, notes: 0, activities: 0 };

describe("a day on which clocks change", () => {
  const days = [
    {
      day: "2026-03-08",
      hours: 23,
      from: "2026-03-08T05:00:00Z",
      to: "2026-03-09T04:00:00Z",
      now: "2026-03-10T15:00:00.000Z",
    },
    {
      day: "2026-11-01",
      hours: 25,
      from: "2026-11-01T04:00:00Z",
      to: "2026-11-02T05:00:00Z",
      now: "2026-11-03T15:00:00.000Z",
    },
  ];

  for (const { day, hours, from, to, now } of days) {
    it(`row 46: of ${hours} hours has ${hours} hours of leads`, async () => {
      await using rig = await createRig({ brand: EMPTY, now });
      const brand = rig.simulator.brand(TEST_WEB_KEY);
      let n = 0;
      const put = (created: string) =>
        brand.putLead({ client_id: `L${n++}`, created });
      for (const created of halfHours(from, to)) put(created);
      // The last second of the day before, the first of the day after.
      put(new Date(Date.parse(from) - 1000).toISOString());
      put(to);
      await rig.sync();
      const counts = await leadsByDay(rig);
      const around = Object.entries(counts).filter(([, count]) => count > 0);
      expect(around.map(([, count]) => count)).toEqual([1, 2 * hours, 1]);
      expect(around[1]![0]).toBe(day);
    });
  }

  it("row 46: begins and ends at the tenant's midnight, and faults on it heal", async () => {
    const edges = [
      ["2026-03-08T04:59:00.000Z", "2026-03-07"],
      ["2026-03-08T05:00:00.000Z", "2026-03-08"],
      ["2026-03-09T03:59:00.000Z", "2026-03-08"],
      ["2026-03-09T04:00:00.000Z", "2026-03-09"],
      ["2026-11-01T04:00:00.000Z", "2026-11-01"],
      ["2026-11-02T04:59:00.000Z", "2026-11-01"],
      ["2026-11-02T05:00:00.000Z", "2026-11-02"],
    ] as const;
    for (const [now, day] of edges) {
      await using rig = await createRig({ brand: EMPTY, now });
      await rig.sync();
      expect((await (await rig.data()).syncState()).viewDay).toBe(day);
    }
    for (
      const now of ["2026-03-08T05:30:00.000Z", "2026-11-01T04:30:00.000Z"]
    ) {
      await using twins = await Twins.create({ brand: SMALL, now });
      const seen = await twins.under({ kind: "http_status", stream: "leads" });
      expectFailed(
        seen,
        "Leads: ClientTether answered 503 four times.",
        "leads",
      );
      await twins.heal();
    }
  });

  it("row 46: has no time twice and none lost where dates come without a zone", async () => {
    const now = "2026-11-03T15:00:00.000Z";
    await using rig = await createRig({ brand: EMPTY, now });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    // Skipped by the clock, shown twice by it, and the two seconds around a midnight.
    brand.putLead({ client_id: "skipped", created: "2026-03-08 02:30:00" });
    brand.putLead({ client_id: "twice", created: "2026-11-01 01:30:00" });
    brand.putLead({ client_id: "before", created: "2026-10-31 23:59:59" });
    brand.putLead({ client_id: "after", created: "2026-11-02 00:00:00" });
    await rig.sync();
    const { rows } = await (await rig.data()).listLeads({ limit: 10 });
    const times = Object.fromEntries(
      rows.map(({ id, createdAt }) => [id, createdAt]),
    );
    expect(times).toEqual({
      skipped: "2026-03-08T07:30:00.000Z",
      twice: "2026-11-01T05:30:00.000Z",
      before: "2026-11-01T03:59:59.000Z",
      after: "2026-11-02T05:00:00.000Z",
    });
    const counts = await leadsByDay(rig);
    const named = ["2026-03-08", "2026-10-31", "2026-11-01", "2026-11-02"];
    expect(named.map((day) => counts[day])).toEqual([1, 1, 1, 1]);
  });
});

describe("a new release", () => {
  it("row 48: that comes in the middle of a run reads what the old one stored, and makes it new", async () => {
    // What a release makes of a record follows from its rules; other aliases of fields are other rules.
    const older = { fieldAliases: { market: ["territory"] } };
    const newer = { fieldAliases: { market: ["city"] } };
    await using twins = await Twins.create({ brand: SMALL, tenant: older });
    const { faulted: rig, spared } = twins;
    const now = rig.clock.now();
    let written = 0;
    const dying = await openProcess(
      rig,
      crashWhere(
        (_, keys) => writesRecords(keys) && ++written === 2,
        "after",
      ),
    );
    await expect(dying.sync()).rejects.toThrow(Crash);
    for (const one of [rig, spared]) await one.change(newer);
    const between = await servedBy(rig, now);
    expect(between.leads.length).toBeGreaterThan(0);
    expect(between.leads.some(({ market }) => market !== null)).toBe(true);
    await assertSound(rig.kv, TENANT);
    rig.clock.advance(HOUR);
    await twins.heal();
    const { leads } = await servedBy(rig, now);
    const cities = twins.brand.rows("leads").map(({ city }) => city);
    for (const { market } of leads) {
      if (market !== null) expect(cities).toContain(market);
    }
  });

  it("row 48: finds records without fields that it knows, and serves them", async () => {
    await using twins = await Twins.create({ brand: SMALL });
    const { faulted: rig } = twins;
    const NEW_FIELDS = ["remarks", "units", "market", "truncated"];
    for (const { key, value } of await tenantRows(rig.kv, TENANT)) {
      if (!/^(leads|ct_notes)/.test(String(key[2]))) continue;
      const older = Object.entries(Object(value)).filter(([name]) =>
        !NEW_FIELDS.includes(name)
      );
      await rig.kv.set(key, Object.fromEntries(older));
    }
    // The release that stored them had rules of its own.
    const key = ["t", TENANT, "sync_index"];
    const buckets = await Array.fromAsync(
      rig.kv.list<Uint8Array>({ prefix: key }),
    );
    for (const { key, value } of buckets) {
      await rig.kv.set(key, withoutHashes(value));
    }
    const store = await openTenant(rig.store, TENANT);
    expect((await store.listLeads({ limit: 50 })).rows.length)
      .toBeGreaterThan(20);
    expect((await store.listNotes({ limit: 50 })).rows.length)
      .toBeGreaterThan(10);
    await store.getNote((await store.listNotes({ limit: 1 })).rows[0]!.id);
    expectSuccess(await twins.under([], { full: true }));
    await twins.heal();
  });

  it("row 48: refuses a database that a newer one has changed, and leaves it as it is", async () => {
    const kv = await Deno.openKv(":memory:");
    await kv.set(["schema_version"], 99);
    const before = await allRows(kv);
    const watched = new Proxy(kv, {
      get(target, name) {
        // The store closes what it cannot use.
        if (name === "close") return () => {};
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await expect(openStore({ kv: watched })).rejects.toThrow(
      /^Cannot use this database: its schema is version 99, this release knows up to \d+\. Install the newer release\.$/,
    );
    expect(await allRows(kv)).toEqual(before);
    kv.close();
  });
});

/** A packed bucket in which no hash is the one of today's rules. */
function withoutHashes(packed: Uint8Array): Uint8Array {
  const changed = packed.slice();
  for (let at = 0; at < changed.length;) {
    const length = changed[at]! * 256 + changed[at + 1]!;
    changed.fill(0, at + 2 + length, at + 2 + length + 16);
    at += 2 + length + 16;
  }
  return changed;
}

describe("a large list", () => {
  /** Characters of one chunk of raw records, at most; see lib/store/raw.ts. */
  const CHUNK = 768 * 1024;

  // The peak of the whole process, as the operating system sees it, is asserted by `deno task bench sync`.
  it("row 50: is read page by page: no more than a chunk and two pages are ever held", async () => {
    const held: number[] = [];
    let page = 0;
    let served = 0;
    let before: number | null = null;
    const fetch: RigOptions["fetch"] = (through) => async (url, init) => {
      const answer = await through(url, init);
      if (!url.pathname.endsWith("read_client_list")) return answer;
      before ??= await rawChars(rig.kv, rig.tenant.id);
      held.push(served - (await rawChars(rig.kv, rig.tenant.id) - before));
      const text = await answer.text();
      served += text.length;
      page = Math.max(page, text.length);
      return new Response(text, answer);
    };
    await using rig: SyncRig = await createRig({ brand: EMPTY, fetch });
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    for (let n = 0; n < 1_500; n++) {
      const whiteboard = `${n} `.repeat(500);
      brand.putLead({ client_id: `L${n}`, whiteboard });
    }
    expect((await rig.sync()).status).toBe("success");
    expect(held.length).toBe(15);
    expect(served).toBeGreaterThan(4 * CHUNK);
    expect(Math.max(...held)).toBeLessThan(CHUNK + 2 * page);
  });
});
