import { type SimulatorChild, sizeOf } from "./_brand.ts";
import {
  BENCH_TOKEN,
  runChild,
  startChild,
  temporaryDatabase,
} from "./_children.ts";
import type { Figure } from "./_figures.ts";
import { HttpConnection } from "./_http.ts";
import type { BenchUser, DataJob } from "./_serve_data.ts";
import { peakMemoryOf, type ServingProcess, startPortal } from "./_server.ts";

const USERS = 200;
/** Leads of the brands that they look at. */
const BRANDS = [100, 1_000];
const QUIET_MS = 30_000;
const SYNC_MS = 60_000;
/** How long somebody looks at a page, milliseconds. */
const LOOKS = { least: 2_000, most: 8_000 };
const PAGES = [
  "dashboard",
  "reports",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
];
/** The brand that is synced: its slug and web key. */
const SYNCED = "synced";

interface Visit {
  ms: number;
  ok: boolean;
}

/** Many people who browse, while the same process syncs a large brand for the first time. */
export async function benchCrowd(
  report: (figure: Figure) => void,
  leads: number,
): Promise<void> {
  await using simulator: SimulatorChild = await startChild(
    "./_simulator.ts",
    { [SYNCED]: sizeOf(leads) },
  );
  await using database = await temporaryDatabase();
  const secret = crypto.getRandomValues(new Uint8Array(32)).toBase64();
  const [admin, ...users] = await runChild<BenchUser[]>(
    "./_serve_data.ts",
    {
      path: database.path,
      sizes: BRANDS,
      unsynced: [SYNCED],
      secret,
      users: USERS,
    } satisfies DataJob,
  );
  await using portal = await startPortal(database.path, secret, {
    PORTAL_ROLE: "both",
    CLIENTTETHER_API_URL: simulator.hello.url,
    CLIENTTETHER_ACCESS_TOKEN: BENCH_TOKEN,
    CLIENTTETHER_MAX_RPS: "0",
  });
  const quiet = await browse(portal, users, QUIET_MS);
  await beginSync(portal, admin!);
  const busy = await browse(portal, users, SYNC_MS);
  const isOver = await hasSynced(portal, admin!);
  const name = `serve.${USERS}_users.sync_of_${leads}`;
  const failed = [...quiet, ...busy].filter(({ ok }) => !ok).length;
  report({
    name: `${name}.errors`,
    value: failed,
    unit: `of ${quiet.length + busy.length} pages`,
    goal: { atMost: 0 },
  });
  const [before, during] = [p99(quiet), p99(busy)];
  report({
    name: `${name}.p99_to_quiet`,
    value: during / before,
    unit: `ratio, ${Math.round(during)} ms to ${Math.round(before)} ms, ${
      SYNC_MS / 1000
    } s of a sync that ${isOver ? "was over by then" : "went on"}`,
    goal: { atMost: 5 },
  });
  report({
    name: `${name}.peak_memory`,
    value: await peakMemoryOf(portal.pid) / 2 ** 20,
    unit: "MiB",
    goal: { atMost: 512 },
  });
}

async function browse(
  { origin }: ServingProcess,
  users: BenchUser[],
  ms: number,
): Promise<Visit[]> {
  const ends = performance.now() + ms;
  const visits: Visit[] = [];
  await Promise.all(users.map(async ({ cookie, workspace }, n) => {
    using connection = await HttpConnection.open(origin);
    await sleep(LOOKS.most * n / users.length);
    for (let page = n; performance.now() < ends; page++) {
      const start = performance.now();
      const path = `/${PAGES[page % PAGES.length]}?w=${workspace}`;
      const { status } = await connection.get(path, { cookie });
      visits.push({ ms: performance.now() - start, ok: status === 200 });
      await sleep(
        LOOKS.least + Math.random() * (LOOKS.most - LOOKS.least),
      );
    }
  }));
  return visits;
}

async function beginSync(
  { origin }: ServingProcess,
  { cookie }: BenchUser,
): Promise<void> {
  const answer = await fetch(`${origin}/api/sync/trigger?w=${SYNCED}`, {
    method: "POST",
    headers: { cookie, origin, "sec-fetch-site": "same-origin" },
  });
  if (answer.status !== 202) {
    throw new Error(`Cannot begin the sync: ${await answer.text()}`);
  }
  await answer.body?.cancel();
}

async function hasSynced(
  { origin }: ServingProcess,
  { cookie }: BenchUser,
): Promise<boolean> {
  const answer = await fetch(`${origin}/api/sync/status?w=${SYNCED}`, {
    headers: { cookie },
  });
  const { lastSyncAt, status } = await answer.json();
  if (lastSyncAt === null && status !== "running") {
    throw new Error(`The sync ended otherwise: ${status}`);
  }
  return lastSyncAt !== null;
}

function p99(visits: Visit[]): number {
  const sorted = visits.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)]!;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
