/** `deno task capacity`: what a number of brands needs and costs, computed from what was measured. */
import { Command } from "commander";
import { UsageError } from "../lib/domain/mod.ts";
import {
  billOf,
  type Capacity,
  capacityOf,
  type Item,
  ITEMS,
  type Load,
  parsePrices,
  type PriceTable,
} from "./_capacity.ts";
import { MEASURED } from "./_capacity_measured.ts";
import { print, tableLines } from "./_io.ts";
import { messageOf, runCommand } from "./_run.ts";
import { outputError } from "./_usage.ts";

const PRICES = new URL("prices.json", import.meta.url);

const NAMES: Record<Item, string> = {
  kvReadUnits: "KV read units (4 KiB)",
  kvWriteUnits: "KV write units (1 KiB)",
  kvStorageGiB: "KV storage, GiB",
  requests: "requests: pages and cron ticks",
  cpuHours: "processor, hours",
  memoryGiBHours: "memory of one worker, GiB hours",
};

function whole(name: string, least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least) return value;
    throw new UsageError(`--${name} must be a whole number from ${least}`);
  };
}

function share(text: string): number {
  const [, percent] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) <= 100) {
    return Number(percent) / 100;
  }
  throw new UsageError("--churn must be a percentage from 0% to 100%");
}

async function readPrices(file: string | undefined): Promise<PriceTable> {
  let text: string;
  try {
    text = await Deno.readTextFile(file ?? PRICES);
  } catch (error) {
    throw new UsageError(
      `Cannot read the price table '${file}': ${messageOf(error)}`,
    );
  }
  return parsePrices(text, file ?? "cli/prices.json");
}

const number = (value: number, digits = 0) =>
  value.toLocaleString("en-US", { maximumFractionDigits: digits });

/** The answer, line by line. */
export function capacityLines(
  load: Load,
  capacity: Capacity,
  prices: PriceTable,
): string[] {
  const bill = billOf(capacity.month, prices);
  const total = prices.base +
    ITEMS.reduce((sum, item) => sum + bill[item], 0);
  const money = (value: number) => `${value.toFixed(2)} ${prices.currency}`;
  const rows = ITEMS.map((item) => [
    NAMES[item],
    number(capacity.month[item], item.startsWith("kvStorage") ? 2 : 0),
    money(bill[item]),
  ]);
  return [
    ...tableLines(["a month", "needed", "beyond the plan"], [
      ...rows,
      [prices.plan, "", money(prices.base)],
      [`all ${number(load.tenants)} brands`, "", money(total)],
      ["each brand", "", money(total / load.tenants)],
    ]),
    "",
    `Requests to ClientTether: ${number(capacity.upstreamRequests)} a month.`,
    `The hourly sync takes ${
      number(capacity.minutesAnHour, 1)
    } minutes with ${load.concurrency} brands side by side; ${
      number(Math.max(1, capacity.concurrencyNeeded))
    } side by side take at most 50.`,
    `A worker that syncs one brand at a time holds ${
      number(capacity.workerMemory / 2 ** 20)
    } MiB at most. The first imports write ${
      number(capacity.firstImportWrites)
    } KV units, once.`,
    `Measured on ${MEASURED.date}; prices of ${prices.asOf}${
      prices.confirmed
        ? ""
        : `, NOT CONFIRMED (${prices.source}): check them, then set them in cli/prices.json`
    }.`,
  ];
}

if (import.meta.main) {
  await runCommand(async () => {
    const options = new Command("capacity")
      .description("what a number of brands needs and costs in a month")
      .option("--tenants <n>", "brands", whole("tenants", 1), 100)
      .option("--leads <n>", "leads of a brand", whole("leads", 0), 500)
      .option("--notes <n>", "notes of a brand", whole("notes", 0), 2_000)
      .option(
        "--churn <percent>",
        "share of a brand's records that change in a day",
        share,
        0.01,
      )
      .option("--views <n>", "pages of a brand a day", whole("views", 0), 50)
      .option(
        "--concurrency <n>",
        "brands synced side by side, of all workers",
        whole("concurrency", 1),
        4,
      )
      .option("--prices <file>", "another price table")
      .option("--json", "print JSON")
      .exitOverride()
      .configureOutput({ outputError })
      .parse(Deno.args, { from: "user" })
      .opts<Load & { prices?: string; json?: boolean }>();
    const { prices: file, json, ...asked } = options;
    const load: Load = { ...asked, maxRps: 4 };
    const prices = await readPrices(file);
    const capacity = capacityOf(load);
    if (!json) {
      return capacityLines(load, capacity, prices).forEach((line) =>
        print(line)
      );
    }
    const bill = billOf(capacity.month, prices);
    print(JSON.stringify({ load, ...capacity, bill, prices }, null, 2));
  });
}
