import { runChild, temporaryDatabase } from "./_children.ts";
import type { BareJob } from "./_bare_child.tsx";
import { type Bench, type Figure, median } from "./_figures.ts";
import { HttpConnection, type Load, load } from "./_http.ts";
import { benchCrowd } from "./_crowd.ts";
import type { BenchUser, DataJob } from "./_serve_data.ts";
import {
  buildPortal,
  type ServingProcess,
  startPortal,
  startServing,
  workedFor,
} from "./_server.ts";
import { benchStart } from "./_start.ts";

/** Leads of the largest brand; the environment can ask for a quicker run. */
const LEADS = Number(Deno.env.get("BENCH_LEADS") ?? 100_000);
const FEW_LEADS = 100;
const PAGES = [
  "dashboard",
  "reports",
  "leads",
  "pipeline",
  "hot-list",
  "notes",
  "schedule",
];
const ENDPOINTS = ["leads", "pipeline", "hot-list", "notes", "schedule"];
/** Times that the two sides of a comparison take turns, and what is asked in each turn. */
const TURNS = 7;
const REQUESTS = 100;
const CONNECTIONS = 8;
/** Times that each page of a large brand and of a small one is opened, in turns. */
const OPENED = 150;

type Report = (figure: Figure) => void;

/** What pages and answers cost, each as a share of another in this run. All servers are processes of their own. */
export const benchServe: Bench = async (report) => {
  await buildPortal();
  await using database = await temporaryDatabase();
  const secret = crypto.getRandomValues(new Uint8Array(32)).toBase64();
  const [, small, large] = await runChild<BenchUser[]>(
    "./_serve_data.ts",
    {
      path: database.path,
      sizes: [FEW_LEADS, LEADS],
      unsynced: [],
      secret,
      users: 2,
    } satisfies DataJob,
  ) as [BenchUser, BenchUser, BenchUser];
  {
    await using portal = await startPortal(database.path, secret);
    await benchPages(report, portal, {
      path: database.path,
      secret,
      user: small,
    });
    await benchSizes(report, portal, small, large);
    await benchAnswers(report, portal, large);
  }
  await benchStart(report, { path: database.path, secret, user: small });
  await benchCrowd(report, LEADS);
};

/** Pages against the same tree in the hands of a renderer alone. */
async function benchPages(
  report: Report,
  portal: ServingProcess,
  job: BareJob,
): Promise<void> {
  const script = new URL("./_bare_child.tsx", import.meta.url).href;
  await using bare = await startServing([script, JSON.stringify(job)]);
  const { cookie, workspace } = job.user;
  for (const page of PAGES) {
    const path = `/${page}?w=${workspace}`;
    const asked = { path, headers: { cookie }, status: 200 };
    report({
      name: `serve.page.${page}.to_bare_render`,
      ...await compared(
        () => rate(portal, asked),
        () => rate(bare, asked),
        "pages a second",
      ),
      goal: { atLeast: 0.5 },
    });
  }
}

/** Pages of a large brand against those of a small one, one at a time. */
async function benchSizes(
  report: Report,
  { origin }: ServingProcess,
  small: BenchUser,
  large: BenchUser,
): Promise<void> {
  using connection = await HttpConnection.open(origin);
  for (const page of PAGES) {
    const times = { small: [] as number[], large: [] as number[] };
    for (let n = 0; n < OPENED; n++) {
      for (
        const [name, { cookie, workspace }] of Object.entries({ small, large })
      ) {
        const start = performance.now();
        await connection.get(`/${page}?w=${workspace}`, { cookie });
        times[name as keyof typeof times].push(performance.now() - start);
      }
    }
    const [few, many] = [median(times.small), median(times.large)];
    report({
      name: `serve.page.${page}.p50.${LEADS}_to_${FEW_LEADS}`,
      value: many / few,
      unit: `ratio, ${many.toFixed(1)} ms to ${few.toFixed(1)} ms`,
      goal: { atMost: 1.2 },
    });
  }
}

/** JSON that the one who asks has already, against the whole of it. */
async function benchAnswers(
  report: Report,
  portal: ServingProcess,
  { cookie, workspace }: BenchUser,
): Promise<void> {
  for (const name of ENDPOINTS) {
    const path = `/api/dashboard/${name}?w=${workspace}`;
    using connection = await HttpConnection.open(portal.origin);
    const { headers } = await connection.get(path, { cookie });
    const known = { cookie, "if-none-match": headers.get("etag")! };
    report({
      name: `serve.json.${name}.unchanged_to_full`,
      ...await compared(
        () => rate(portal, { path, headers: known, status: 304 }),
        () => rate(portal, { path, headers: { cookie }, status: 200 }),
        "answers a second",
      ),
      goal: { atLeast: 2 },
    });
  }
}

/**
 * Requests that a server answers in a second of its own work, all threads of it: what else this machine does makes it
 * slower, and changes little of that.
 */
async function rate(
  { origin, pid }: ServingProcess,
  asked: Pick<Load, "path" | "headers" | "status">,
): Promise<number> {
  const before = await workedFor(pid);
  await load({
    origin,
    connections: CONNECTIONS,
    requests: REQUESTS,
    ...asked,
  });
  return REQUESTS / (await workedFor(pid) - before) * 1e9;
}

/** The middle of the ratios of two that take turns; each has warmed up in a turn that does not count. */
async function compared(
  one: () => Promise<number>,
  other: () => Promise<number>,
  what: string,
): Promise<Pick<Figure, "value" | "unit">> {
  await one();
  await other();
  const pairs: [number, number][] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    pairs.push([await one(), await other()]);
  }
  const ratios = pairs.map(([a, b]) => a / b);
  const [here, there] = [0, 1].map((at) =>
    Math.round(median(pairs.map((pair) => pair[at]!)))
  );
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return {
    value: median(ratios),
    unit:
      `ratio, ${least.toFixed(2)} to ${most.toFixed(2)} in ${TURNS} turns, ` +
      `${here} to ${there} ${what}`,
  };
}
