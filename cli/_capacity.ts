import * as z from "zod";
import { UsageError } from "../lib/domain/mod.ts";
import { MEASURED } from "./_capacity_measured.ts";

const DAYS_A_MONTH = 365.25 / 12;
const HOURS_A_MONTH = DAYS_A_MONTH * 24;
/** Ticks of both crons in an hour; a platform bills each as a request. */
const TICKS_AN_HOUR = 13;
/** Raw chunks are kept for so long unless SNAPSHOT_RETENTION_DAYS says otherwise. */
const RETENTION_DAYS = 90;
const GIB = 2 ** 30;

export const ITEMS = [
  "kvReadUnits",
  "kvWriteUnits",
  "kvStorageGiB",
  "requests",
  "cpuHours",
  "memoryGiBHours",
] as const;
export type Item = typeof ITEMS[number];

/** What is asked. */
export interface Load {
  tenants: number;
  /** Of one tenant. */
  leads: number;
  notes: number;
  /** Share of the records that change in a day, 0 to 1. */
  churn: number;
  /** Pages of one tenant that are opened in a day. */
  views: number;
  /** Tenants synced side by side, of all workers together. */
  concurrency: number;
  /** Requests per second of one tenant. */
  maxRps: number;
}

/** What a month costs, of all tenants together. */
export interface Capacity {
  month: Record<Item, number>;
  /** Requests to ClientTether. */
  upstreamRequests: number;
  /** Minutes that the hourly sync of all tenants takes. */
  minutesAnHour: number;
  /** The concurrency at which it takes 50 minutes. */
  concurrencyNeeded: number;
  /** Write units of every tenant's first import, once. */
  firstImportWrites: number;
  /** Bytes resident of a worker that syncs one tenant at a time. */
  workerMemory: number;
}

type Pair = readonly [number, number];

/** Along the line through what was measured at two sizes; never below nothing. */
function at(records: number, [low, high]: Pair): number {
  const [from, to] = MEASURED.records;
  return Math.max(0, low + (high - low) * (records - from) / (to - from));
}

/** Pure: the same load costs the same. */
export function capacityOf(load: Load): Capacity {
  const { tenants, leads, notes, churn, views, concurrency, maxRps } = load;
  const {
    quiet,
    day,
    tick,
    change,
    page,
    first,
    stored,
    peakMemory,
    notesText,
  } = MEASURED;
  const records = leads * 1.5 + notes;
  const changes = records * churn * DAYS_A_MONTH;
  const opened = views * DAYS_A_MONTH;
  const syncs = (quietCost: Pair, dayCost: Pair) =>
    at(records, quietCost) * (HOURS_A_MONTH - DAYS_A_MONTH) +
    at(records, dayCost) * DAYS_A_MONTH;
  const kept = changes / DAYS_A_MONTH * RETENTION_DAYS * change.rawBytes;
  const secondsASync = Math.max(
    at(records, quiet.requests) / maxRps,
    at(records, quiet.cpuMs) / 1000,
  );
  const workerMemory = at(records, peakMemory);
  const text = notes < notesText.from ? 0 : notes * notesText.bytes;
  const textWrites = text / 1024 / (notes * notesText.share || 1);
  return {
    month: {
      kvReadUnits: tenants * (syncs(quiet.reads, day.reads) +
        HOURS_A_MONTH * tick.reads + changes * change.reads +
        opened * page.reads),
      kvWriteUnits: tenants *
        (syncs(quiet.writes, day.writes) + HOURS_A_MONTH * tick.writes +
          changes * change.writes + changes * notes / records * textWrites),
      kvStorageGiB: tenants * (at(records, stored) + text + kept) / GIB,
      requests: tenants * opened + TICKS_AN_HOUR * HOURS_A_MONTH,
      cpuHours: tenants * (syncs(quiet.cpuMs, day.cpuMs) +
        changes * change.cpuMs + opened * page.cpuMs) /
        3_600_000,
      memoryGiBHours: HOURS_A_MONTH * workerMemory / GIB,
    },
    upstreamRequests: tenants * syncs(quiet.requests, day.requests),
    minutesAnHour: tenants * secondsASync / concurrency / 60,
    concurrencyNeeded: Math.ceil(tenants * secondsASync / 3_000),
    firstImportWrites: tenants * (at(records, first.writes) + text / 1024),
    workerMemory,
  };
}

const itemPrice = z.strictObject({
  included: z.number().min(0),
  per: z.number().positive(),
  price: z.number().min(0),
});

const priceTable = z.strictObject({
  plan: z.string().min(1),
  asOf: z.iso.date(),
  source: z.string(),
  confirmed: z.boolean(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  base: z.number().min(0),
  items: z.strictObject(
    Object.fromEntries(ITEMS.map((item) => [item, itemPrice])) as Record<
      Item,
      typeof itemPrice
    >,
  ),
});

/** What a plan costs; the file of `--prices` has this shape. */
export type PriceTable = z.infer<typeof priceTable>;

/** @throws {UsageError} that names the first thing that is wrong. */
export function parsePrices(text: string, name: string): PriceTable {
  const fail = (why: string): never => {
    throw new UsageError(`Cannot use the price table '${name}': ${why}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail("it is no JSON");
  }
  const parsed = priceTable.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.join(".") || "the whole";
  return fail(`${where}: ${issue!.message.replace(/\n.*/s, "")}`);
}

/** What each item costs beyond what the plan includes. */
export function billOf(
  month: Capacity["month"],
  { items }: PriceTable,
): Record<Item, number> {
  const bill = (item: Item) => {
    const { included, per, price } = items[item];
    return Math.max(0, month[item] - included) / per * price;
  };
  return Object.fromEntries(ITEMS.map((item) => [item, bill(item)])) as Record<
    Item,
    number
  >;
}
