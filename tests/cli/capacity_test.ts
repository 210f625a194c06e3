import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { billOf, capacityOf, parsePrices } from "../../cli/_capacity.ts";
import { MEASURED } from "../../cli/_capacity_measured.ts";
import { expectSentence, program } from "./_bad_input.ts";

const PRICES = await Deno.readTextFile(
  new URL("../../cli/prices.json", import.meta.url),
);
const LOAD = {
  tenants: 1,
  leads: 500,
  notes: 500,
  churn: 0,
  views: 0,
  concurrency: 4,
  maxRps: 4,
};

describe("capacityOf()", () => {
  it("is what was measured, at the sizes that were", () => {
    const { month, workerMemory, firstImportWrites } = capacityOf(LOAD);
    const { quiet, day, tick, stored, first, peakMemory } = MEASURED;
    const days = 365.25 / 12;
    const writes = days *
      (23 * quiet.writes[0] + day.writes[0] + 24 * tick.writes);
    expect(month.kvWriteUnits).toBeCloseTo(writes, 6);
    expect(month.kvStorageGiB).toBeCloseTo(stored[0] / 2 ** 30, 9);
    expect(workerMemory).toBe(peakMemory[0]);
    expect(firstImportWrites).toBe(first.writes[0]);
  });

  it("grows with brands, changes and views, each by itself", () => {
    const one = capacityOf(LOAD).month;
    const many = capacityOf({ ...LOAD, tenants: 1_000 }).month;
    expect(many.kvReadUnits).toBeCloseTo(1_000 * one.kvReadUnits, 3);
    const changed = capacityOf({ ...LOAD, churn: 0.01 }).month;
    expect(changed.kvWriteUnits - one.kvWriteUnits)
      .toBeCloseTo(12.5 * 365.25 / 12 * MEASURED.change.writes, 6);
    const seen = capacityOf({ ...LOAD, views: 10 }).month;
    expect(seen.kvWriteUnits).toBe(one.kvWriteUnits);
    expect(seen.kvReadUnits).toBeGreaterThan(one.kvReadUnits);
  });

  it("counts the packed text of notes where they are many", () => {
    const { from, bytes, share } = MEASURED.notesText;
    const few = { ...LOAD, notes: from - 1 };
    const many = { ...LOAD, notes: from };
    const grown = (item: "kvStorageGiB" | "kvWriteUnits", churn: number) =>
      capacityOf({ ...many, churn }).month[item] -
      capacityOf({ ...few, churn }).month[item];
    const stored = MEASURED.stored[1] - MEASURED.stored[0];
    const ofANote = stored / (MEASURED.records[1] - MEASURED.records[0]);
    expect(grown("kvStorageGiB", 0) * 2 ** 30)
      .toBeCloseTo(from * bytes + ofANote, 0);
    const changedNotes = from * 0.01 * 365.25 / 12;
    expect(grown("kvWriteUnits", 0.01) / (changedNotes * bytes / share / 1024))
      .toBeCloseTo(1, 2);
    const first = (load: typeof LOAD) => capacityOf(load).firstImportWrites;
    expect(first(many) - first(few)).toBeGreaterThan(from * bytes / 1024);
  });

  it("tells how many brands must be synced side by side for the hour to do", () => {
    const load = { ...LOAD, tenants: 10_000 };
    const { concurrencyNeeded } = capacityOf(load);
    const fits = capacityOf({ ...load, concurrency: concurrencyNeeded });
    expect(fits.minutesAnHour).toBeLessThanOrEqual(50);
    const tight = capacityOf({ ...load, concurrency: concurrencyNeeded - 1 });
    expect(tight.minutesAnHour).toBeGreaterThan(50);
  });
});

describe("billOf()", () => {
  it("counts what is beyond the plan", () => {
    const prices = parsePrices(PRICES, "prices.json");
    const month = capacityOf({ ...LOAD, tenants: 10_000 }).month;
    const { included, per, price } = prices.items.kvWriteUnits;
    const bill = billOf(month, prices);
    expect(bill.kvWriteUnits)
      .toBeCloseTo((month.kvWriteUnits - included) / per * price, 6);
    expect(billOf(capacityOf(LOAD).month, prices).kvWriteUnits).toBe(0);
  });
});

describe("deno task capacity", () => {
  it("prints the table, the sync's time and how sure the prices are", async () => {
    const { code, out } = await program("capacity", ["--tenants", "10000"]);
    expect(code).toBe(0);
    expect(out.find((line) => line.startsWith("each brand")))
      .toMatch(/\d\.\d\d USD$/);
    expect(out.at(-1)).toMatch(/NOT CONFIRMED/);
  });

  it("answers bad input in one sentence", async () => {
    const bad = await Deno.makeTempFile();
    await Deno.writeTextFile(bad, PRICES.replace('"base": 20', '"base": -1'));
    const text = await Deno.makeTempFile();
    const wrong: [string[], RegExp][] = [
      [["--churn", "1"], /--churn must be a percentage from 0% to 100%/],
      [["--churn", "101%"], /--churn must be a percentage from 0% to 100%/],
      [["--tenants", "0"], /--tenants must be a whole number from 1/],
      [["--leads", "-5"], /--leads must be a whole number from 0/],
      [["--prices", bad], /price table '.+': base: /],
      [["--prices", text], /price table '.+': it is no JSON/],
      [["--prices", "/nowhere.json"], /^Cannot read the price table/],
      [["surplus"], /too many arguments/],
    ];
    const ran = await Promise.all(
      wrong.map(async ([args, says]) => ({
        says,
        ran: await program("capacity", args),
      })),
    );
    for (const { ran: one, says } of ran) expectSentence(one, says, 2);
    await Deno.remove(bad);
    await Deno.remove(text);
  });
});
