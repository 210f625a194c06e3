import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type ApiErrorKind,
  type ListResult,
  normalizeRow,
  type RawRow,
  readList,
  type StartTimer,
} from "../../lib/clienttether/mod.ts";
import {
  type BrandConfig,
  createSimulator,
  demoBrands,
  type Fault,
  FAULTS,
  type Simulator,
  type Spelling,
} from "../../lib/clienttether/simulator/mod.ts";
import type { RecordOf, StreamName } from "../../lib/domain/mod.ts";
import { createFakeClock, createHarness, dataOf, errorOf } from "./_helpers.ts";

/** Winter: no clock change lies in the weeks before, so every local date is clear. */
const START = Date.parse("2026-03-04T15:00:00Z");

function createBrand(changes: Partial<BrandConfig> = {}): BrandConfig {
  return {
    name: "Brand A",
    webKey: "key-a",
    accessToken: "token-a",
    timezone: "America/New_York",
    leads: 250,
    weeks: 12,
    ...changes,
  };
}

function createWorld(
  brand = createBrand(),
  spelling: Spelling = "documented",
  startTimer: StartTimer = () => () => {},
) {
  const clock = createFakeClock(START);
  const simulator = createSimulator({
    seed: 7,
    clock,
    brands: [brand],
    spelling,
  });
  const { client } = createHarness(simulator.fetch, {
    clock,
    webKey: brand.webKey,
    accessToken: brand.accessToken,
    timezone: brand.timezone,
    bodyCapBytes: 4 * 1024 * 1024,
    startTimer,
  });
  return { client, clock, simulator };
}

type World = ReturnType<typeof createWorld>;

async function readAll({ client }: World, stream: StreamName) {
  const rows: RawRow[] = [];
  const response = await readList(client, stream, {}, {
    onPage: (page) => void rows.push(...page),
    onRestart: () => void (rows.length = 0),
  });
  return { response, rows };
}

/** Every record of a stream, normalized. */
async function recordsOf<S extends StreamName>(
  world: World,
  stream: S,
  timezone: string,
  fieldAliases = {},
): Promise<RecordOf[S][]> {
  const { response, rows } = await readAll(world, stream);
  dataOf(response);
  const context = { firstStoredAt: "2026-03-04T15:00:00.000Z" };
  return rows.map((row) => {
    const settings = { timezone, fieldAliases };
    const result = normalizeRow(stream, row, settings, context);
    if (!result.ok) throw new Error(result.reason);
    return result.record;
  });
}

describe("the simulated API", () => {
  for (const spelling of ["documented", "brief"] as const) {
    for (const config of demoBrands()) {
      const brand = { ...config, weeks: 12 };
      const { name, webKey, timezone } = brand;

      it(`gives ${name}'s records as they are meant, in the ${spelling} spelling`, async () => {
        const world = createWorld(brand, spelling);
        const model = world.simulator.brand(webKey);
        const records = <S extends StreamName>(stream: S) =>
          recordsOf(world, stream, timezone);

        const leads = (await records("leads")).map(leadFacts);
        expect(leads).toEqual(model.model("leads").map(leadFacts));
        const deals = (await records("opportunities")).map(dealFacts);
        expect(deals).toEqual(model.model("opportunities").map(dealFacts));
        const notes = (await records("notes")).map((note) => ({
          id: note.id,
          contactId: note.contactId,
          noteDate: note.noteDate,
          author: note.author,
          content: note.content,
        }));
        expect(notes).toEqual(
          model.model("notes").map((note) => ({
            ...note,
            noteDate: new Date(note.noteDate).toISOString(),
          })),
        );
        expect((await records("cycles")).length).toBe(model.counts().cycles);
      });
    }
  }

  it("gives the activities of the window that is asked for", async () => {
    const { client, simulator } = createWorld();
    const list = dataOf(await client.getScheduledActivities());
    const from = Date.parse("2026-03-03T05:00:00Z");
    const expected = simulator.brand("key-a").model("activities")
      .filter((activity) => Date.parse(activity.scheduledAt) >= from);
    expect(expected.length).toBeGreaterThan(0);
    expect(list.map(({ id }) => id).toSorted()).toEqual(
      expected.map(({ id }) => id).toSorted(),
    );
  });

  it("gives a contact's notes by its history where there is no list", async () => {
    const { client, simulator } = createWorld(
      createBrand({ notesList: false, activitiesList: false }),
    );
    const notes = simulator.brand("key-a").model("notes");
    const contactId = notes[0]?.contactId ?? "";
    const list = dataOf(await client.getNotes({ contactId }));
    expect(list.map(({ id }) => id).toSorted()).toEqual(
      notes.filter((n) => n.contactId === contactId).map(({ id }) => id)
        .toSorted(),
    );
    const activities = await client.getScheduledActivities();
    expect(errorOf(activities).kind).toBe("not_found");
  });
});

/** What a fault does to the leads, by its kind. */
type Outcome = ApiErrorKind | Partial<ListResult>;

const WHOLE = { distinct: 250, removalsSafe: true, rereads: 0 } as const;
const once = { call: 1 } as const;

const OUTCOMES: [Fault, Outcome][] = [
  [{ kind: "http_status", status: 503, ...once }, WHOLE],
  [{ kind: "http_status", status: 503 }, "transient"],
  [{ kind: "http_status", status: 400 }, "terminal"],
  [{ kind: "rate_limited", seconds: 5, ...once }, WHOLE],
  [{ kind: "rate_limited", seconds: 600 }, "rate_limited"],
  [{ kind: "rate_limited_odd", form: "date", ...once }, WHOLE],
  [{ kind: "rate_limited_odd", form: "past", ...once }, WHOLE],
  [{ kind: "rate_limited_odd", form: "garbage", ...once }, WHOLE],
  [{ kind: "rate_limited_odd", form: "none" }, "rate_limited"],
  [{ kind: "connection", ...once }, WHOLE],
  [{ kind: "connection" }, "transient"],
  [{ kind: "stall", ...once }, WHOLE],
  [{ kind: "reset", ...once }, WHOLE],
  [{ kind: "reset" }, "transient"],
  [{ kind: "truncated_json", call: 2 }, WHOLE],
  [{ kind: "truncated_json" }, "transient"],
  [{ kind: "html" }, "transient"],
  [{ kind: "content_type" }, WHOLE],
  [{ kind: "result_code", code: "CT500", ...once }, WHOLE],
  [{ kind: "result_code", code: "CT400" }, "terminal"],
  [{ kind: "result_code", code: "CT404" }, "not_found"],
  [{ kind: "redirect" }, "terminal"],
  [{ kind: "token_expired" }, "refused"],
  [{ kind: "key_revoked", call: 2 }, "refused"],
  [{ kind: "shrinking_total", by: 3 }, { distinct: 247, removalsSafe: false }],
  [{ kind: "short_page", size: 30 }, WHOLE],
  [{ kind: "duplicate", count: 2 }, {
    fetched: 252,
    distinct: 250,
    removalsSafe: false,
  }],
  [{ kind: "moved", count: 5 }, "transient"],
  [{ kind: "same_page" }, "damaged"],
  [{ kind: "none", style: "CT515" }, { distinct: 0 }],
  [{ kind: "fewer" }, { distinct: 25 }],
  [{ kind: "type_drift" }, WHOLE],
  [{ kind: "unknown_enum" }, WHOLE],
  [{ kind: "missing_id" }, WHOLE],
  [{ kind: "bad_date" }, WHOLE],
  [{ kind: "huge_note" }, WHOLE],
  [{ kind: "giant_body", bytes: 5 * 1024 * 1024 }, "damaged"],
  [{ kind: "giant_body", bytes: 5 * 1024 * 1024, gzip: true }, "damaged"],
  [{ kind: "invalid_utf8" }, WHOLE],
  [{ kind: "odd_id" }, WHOLE],
  [{ kind: "odd_id", form: "nul" }, WHOLE],
  [{ kind: "odd_money" }, WHOLE],
  [{ kind: "big_id" }, WHOLE],
  [{ kind: "proto_key" }, WHOLE],
  [{ kind: "duplicate_keys" }, WHOLE],
];

describe("a fault of the simulated API", () => {
  it("is met for every kind there is", () => {
    const met = new Set(OUTCOMES.map(([fault]) => fault.kind));
    expect([...met].toSorted()).toEqual(Object.keys(FAULTS).toSorted());
  });

  for (const [fault, outcome] of OUTCOMES) {
    const { kind, ...how } = fault;
    it(`${kind} ${JSON.stringify(how)} ends as ${JSON.stringify(outcome)}`, async () => {
      const startTimer = kind === "stall" ? firstIsLate() : undefined;
      const world = createWorld(undefined, undefined, startTimer);
      world.simulator.faults.add({ stream: "leads", ...fault });
      const { response } = await readAll(world, "leads");
      if (typeof outcome === "string") {
        expect(errorOf(response).kind).toBe(outcome);
      } else {
        expect(dataOf(response)).toMatchObject(outcome);
      }
    });
  }

  it("in one record leaves all others as they are", async () => {
    const kinds = Object.entries(FAULTS)
      .filter(([, { rows }]) => rows[0] >= 20 && rows[0] !== 25)
      .map(([kind]) => kind as Fault["kind"]);
    for (const kind of kinds) {
      const world = createWorld();
      const pristine = await readAll(world, "leads");
      spoil(world.simulator, kind);
      const spoilt = await readAll(world, "leads");
      const raws = ({ rows }: typeof spoilt) => rows.map((row) => row.raw);
      expect(raws(spoilt).slice(2)).toEqual(raws(pristine).slice(2));
      expect(raws(spoilt)[0]).not.toBe(raws(pristine)[0]);
    }
  });

  it("in an id keeps the ids apart", async () => {
    for (
      const fault of [
        { kind: "odd_id", form: "surrogate" },
        { kind: "odd_id", form: "nul" },
        { kind: "big_id" },
      ] as const
    ) {
      const world = createWorld();
      world.simulator.faults.add({ stream: "leads", ...fault });
      const { rows } = await readAll(world, "leads");
      expect(new Set(rows.map((row) => row.id)).size).toBe(250);
    }
  });
});

/** A timer that lets the first request run out of time as soon as it waits. */
function firstIsLate(): StartTimer {
  let started = 0;
  return (_ms, fire) => {
    if (started++ > 0) return () => {};
    const timer = setTimeout(fire);
    return () => clearTimeout(timer);
  };
}

function spoil(simulator: Simulator, kind: Fault["kind"]): void {
  simulator.faults.add({ stream: "leads", kind } as Fault);
}

/** What a lead and its model have in common; the market only where it is recorded. */
function leadFacts(
  lead: Omit<Parameters<typeof dealFacts>[0], "clientId"> & {
    email: string | null;
    phone: string | null;
    city: string | null;
    state: string | null;
    units: number | null;
  },
) {
  const { email, phone, city, state, units } = lead;
  return {
    ...dealFacts({ ...lead, clientId: null }),
    email,
    phone,
    city,
    state,
    units,
  };
}

function dealFacts(
  deal: Pick<
    RecordOf["opportunities"],
    | "id"
    | "clientId"
    | "firstName"
    | "lastName"
    | "company"
    | "source"
    | "stage"
    | "contactType"
    | "assignedTo"
    | "dealSizeCents"
    | "createdAt"
    | "updatedAt"
  >,
) {
  const { id, clientId, firstName, lastName, company, source } = deal;
  const { stage, contactType, assignedTo, dealSizeCents } = deal;
  const at = (iso: string | null) => iso && new Date(iso).toISOString();
  return {
    id,
    clientId,
    firstName,
    lastName,
    company,
    source,
    stage,
    contactType,
    assignedTo,
    dealSizeCents,
    createdAt: at(deal.createdAt),
    updatedAt: at(deal.updatedAt),
  };
}
