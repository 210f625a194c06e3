import {
  type Child,
  runChild,
  START,
  startChild,
  temporaryDatabase,
} from "./_children.ts";
import type { SimulatorChild } from "./_brand.ts";
import { type Bench, type Figure, median } from "./_figures.ts";
import type {
  SearchAnswer,
  SearchJob,
  SearchMemory,
  SearchQuestion,
} from "./_search_child.ts";
import type { SyncJob, SyncResult } from "./_sync_child.ts";

/** Notes of the brand; the environment can ask for a quicker run. */
const NOTES = Number(Deno.env.get("BENCH_NOTES") ?? 100_000);
const SLUG = "searched";
const HOUR = 3_600_000;
/** Found in many notes, in some, in none; a part of a word; the name of an author. */
const TEXTS = ["called", "fdd", "no such words", "quest", "a"];
/** Processes that are started for the first search of each. */
const STARTS = 5;
/** Share of the notes that changes without their packed text being written anew: hardly less than it may be. */
const MOST_BEHIND = 0.0024;
/** Syncs that change a hundredth of the notes, with a search after each. */
const SYNCS = 5;
const MIB = 1024 * 1024;
const MOST_MIB = 64;

type Report = (figure: Figure) => void;
type Searcher = Child<null, SearchQuestion>;
type Pair = [search: number, scan: number];
type Asked = [search: SearchAnswer, scan: SearchAnswer];

/**
 * Searches in the notes against looking at every note, each in a process of its own; both take turns and have to find
 * as many. The notes come from the simulated API by a real sync.
 */
export const benchSearch: Bench = async (report) => {
  await using simulator: SimulatorChild = await startChild("./_simulator.ts", {
    [SLUG]: { leads: 1_000, opportunities: 100, notes: NOTES, activities: 10 },
  });
  await using database = await temporaryDatabase();
  const { path } = database;
  const { url } = simulator.hello;
  await sync({ path, url, at: START });
  const changeAndSync = async (round: number, share = 0.01) => {
    await simulator.ask({ edit: SLUG, share });
    const at = START + (round + 1) * HOUR;
    const updated = await sync({ path, url, at });
    if (updated < NOTES * share) {
      throw new Error("No sync has changed the notes");
    }
  };
  await benchFirst(report, path);
  await changeAndSync(0, MOST_BEHIND);
  await benchBehind(report, path);
  await benchLater(report, path, changeAndSync);
};

/** First searches, each pair in processes of its own. */
async function benchFirst(report: Report, path: string): Promise<void> {
  const first: Asked[] = [];
  const peaks: Pair[] = [];
  for (let n = 0; n < STARTS; n++) {
    await using both = await start(path);
    first.push(await both.compare(TEXTS[n % TEXTS.length]!));
    const [here, there] = await both.memory();
    peaks.push([here.peak, there.peak]);
  }
  reportRatio(report, "first_of_a_process.to_scan", first);
  const [here, there] = middles(peaks);
  report({
    name: nameOf("first_of_a_process.peak_above_scan"),
    value: (here - there) / MIB,
    unit: `MiB, ${Math.round(here / MIB)} to ${Math.round(there / MIB)}`,
    goal: { atMost: MOST_MIB },
  });
}

/** First searches where about as many notes have changed as a sync lets be before it packs their text anew. */
async function benchBehind(report: Report, path: string): Promise<void> {
  const first: Asked[] = [];
  for (let n = 0; n < STARTS; n++) {
    await using both = await start(path);
    first.push(await both.compare(TEXTS[n % TEXTS.length]!));
  }
  reportRatio(report, "first_of_a_process.most_behind.to_scan", first);
}

/** Searches after the first, and the first after each of some syncs. */
async function benchLater(
  report: Report,
  path: string,
  changeAndSync: (round: number) => Promise<void>,
): Promise<void> {
  await using both = await start(path);
  await both.compare(TEXTS[0]!);
  const later: Asked[] = [];
  for (const text of TEXTS) later.push(await both.compare(text));
  reportRatio(report, "to_scan", later);
  const afterSync: Asked[] = [];
  for (let n = 1; n <= SYNCS; n++) {
    await changeAndSync(n);
    afterSync.push(await both.compare(TEXTS[n % TEXTS.length]!));
  }
  reportRatio(report, "after_a_sync.to_scan", afterSync);
  const [{ kept }] = await both.memory();
  report({
    name: nameOf("kept_in_memory"),
    value: kept / MIB,
    unit: "MiB",
    goal: { atMost: MOST_MIB },
  });
}

/** A process that searches and one that scans. */
async function start(path: string) {
  const stack = new AsyncDisposableStack();
  const open = async (how: SearchJob["how"]): Promise<Searcher> =>
    stack.use(
      await startChild<null, SearchQuestion>(
        "./_search_child.ts",
        { path, slug: SLUG, how } satisfies SearchJob,
        ["--v8-flags=--expose-gc"],
      ),
    );
  const [searches, scans] = [await open("search"), await open("scan")];
  return {
    async compare(text: string): Promise<Asked> {
      const found = await searches.ask({ text }) as SearchAnswer;
      const seen = await scans.ask({ text }) as SearchAnswer;
      if (found.total !== seen.total) {
        throw new Error(
          `A search for '${text}' finds ${found.total} notes of ${seen.total}`,
        );
      }
      return [found, seen];
    },
    async memory(): Promise<[search: SearchMemory, scan: SearchMemory]> {
      return [
        await searches.ask("memory") as SearchMemory,
        await scans.ask("memory") as SearchMemory,
      ];
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** How many records it wrote. */
async function sync(
  { path, url, at }: Pick<SyncJob, "path" | "url"> & { at: number },
): Promise<number> {
  const { rounds: [round] } = await runChild<SyncResult>(
    "./_sync_child.ts",
    {
      path,
      url,
      brands: [SLUG],
      rounds: [at],
      concurrency: 1,
    } satisfies SyncJob,
  );
  if (round!.failed > 0) throw new Error("The sync has failed");
  return round!.updated;
}

/** The middle of the ratios of processor time: by the clock, the neighbours on this machine are measured. */
function reportRatio(report: Report, what: string, asked: Asked[]): void {
  const ratios = asked.map(([search, scan]) => search.worked / scan.worked);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)]
    .map((ratio) => ratio.toFixed(3));
  const middle = (field: "worked" | "ms") =>
    middles(asked.map(([search, scan]) => [search[field], scan[field]]))
      .map(Math.round).join(" to ");
  report({
    name: nameOf(what),
    value: median(ratios),
    unit: `ratio, ${least} to ${most} in ${asked.length} turns, ` +
      `${middle("worked")} ms of work, ${middle("ms")} ms by the clock`,
    goal: { atMost: 0.1 },
  });
}

/** The middle of each side. */
function middles(pairs: readonly Pair[]): Pair {
  return [
    median(pairs.map(([search]) => search)),
    median(pairs.map(([, scan]) => scan)),
  ];
}

function nameOf(what: string): string {
  return `search.notes.${NOTES}.${what}`;
}
