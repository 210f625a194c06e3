import { Command } from "commander";
import {
  createSimulator,
  demoBrands,
  type Simulator,
} from "../lib/clienttether/simulator/mod.ts";
import { passwords } from "../lib/auth/mod.ts";
import { type Clock, systemClock } from "../lib/domain/mod.ts";
import {
  createTenant,
  createUser,
  EVERY_TENANT,
  getUserByEmail,
  listTenants,
  newId,
  updateUser,
} from "../lib/store/mod.ts";
import { syncTenant } from "../lib/sync/mod.ts";
import { openPortal, type Portal, readConfig } from "../lib/web/mod.ts";
import { createProgress, note, print } from "./_io.ts";
import { FailedError, runCommand } from "./_run.ts";
import { portInUse, serveBuild } from "./serve.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const DIR = `${ROOT}.demo`;
const SEED = 20;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How far back the demo's history goes, and the hours between two of its syncs. */
const HISTORY_DAYS = 24;
const HISTORY_STEP_HOURS = 6;

/** What makes a second start find the same world. */
interface DemoState {
  /** When the simulated CRM began, epoch milliseconds. */
  startAt: number;
  secret: string;
  password: string;
}

const USERS = [
  { email: "agency@example.com", name: "Avery Agency", brand: null },
  { email: "dana@example.com", name: "Dana Alder", brand: "alder-burgers" },
  {
    email: "harper@example.com",
    name: "Harper Quinn",
    brand: "harbor-pilates",
  },
  {
    email: "casey@example.com",
    name: "Casey Copper",
    brand: "copperleaf-senior-care",
  },
] as const;
/** Sees two brands, so that the choice of a workspace can be tried. */
const VIEWER = { email: "viewer@example.com", name: "Val Viewer" };

async function demo({ fresh }: { fresh?: boolean }): Promise<void> {
  const port = Number(Deno.env.get("PORT") ?? 8000);
  assertFree(port);
  if (fresh) await Deno.remove(DIR, { recursive: true }).catch(() => {});
  await Deno.mkdir(DIR, { recursive: true });
  const began = performance.now();
  const building = build();
  const state = await readState();
  const simulator = createSimulator({
    seed: SEED,
    clock: systemClock,
    startAt: state.startAt,
    brands: demoBrands(),
  });
  await building;
  await prepare(state, simulator);
  const server = simulator.serve();
  // The simulated CRM lives on as the hours pass.
  setInterval(() => simulator.advanceTo(Date.now()), 60_000);
  Deno.env.set("CLIENTTETHER_API_URL", server.url);
  await serveBuild({ host: "127.0.0.1", port }, (url) => {
    const seconds = Math.round((performance.now() - began) / 1000);
    announce(url, server.url, state.password, seconds);
  });
}

function assertFree(port: number): void {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    note(portInUse(port));
    throw new FailedError();
  }
}

async function build(): Promise<void> {
  note("Building the portal ...");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "dev.ts", "build"],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  note(new TextDecoder().decode(stderr));
  throw new FailedError();
}

/** The demo's memory; a damaged file is named and left alone. */
async function readState(): Promise<DemoState> {
  const file = `${DIR}/demo.json`;
  const text = await Deno.readTextFile(file).catch(() => null);
  const kept: DemoState | null = text === null ? null : parseState(text);
  if (text !== null && kept === null) {
    note(`Cannot read ${file}: start anew with --fresh`);
    throw new FailedError();
  }
  const password = Deno.env.get("DEMO_PASSWORD") ?? kept?.password ??
    crypto.getRandomValues(new Uint8Array(9)).toBase64({
      alphabet: "base64url",
    });
  const state: DemoState = {
    startAt: kept?.startAt ??
      Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HISTORY_DAYS * DAY_MS,
    secret: kept?.secret ??
      crypto.getRandomValues(new Uint8Array(32)).toBase64(),
    password,
  };
  await Deno.writeTextFile(file, JSON.stringify(state), { mode: 0o600 });
  Deno.env.set("PORTAL_SECRET", state.secret);
  Deno.env.set("DENO_KV_PATH", `${DIR}/portal.sqlite3`);
  Deno.env.set("CLIENTTETHER_MAX_RPS", "0");
  if (!Deno.env.has("LOG_LEVEL")) Deno.env.set("LOG_LEVEL", "warning");
  return state;
}

function parseState(text: string): DemoState | null {
  try {
    const { startAt, secret, password } = JSON.parse(text);
    const whole = typeof startAt === "number" && typeof secret === "string" &&
      typeof password === "string";
    return whole ? { startAt, secret, password } : null;
  } catch {
    return null;
  }
}

/** Brands, people and history: made at the first start, brought up to date at later ones. */
async function prepare(state: DemoState, simulator: Simulator): Promise<void> {
  const clock = { at: state.startAt };
  const historic: Clock = {
    now: () => clock.at,
    sleep: () => Promise.resolve(),
  };
  const portal = await openPortal(readConfig((name) => Deno.env.get(name)), {
    clock: historic,
    fetch: (input, init) => simulator.fetch(new URL(String(input)), init ?? {}),
  });
  try {
    const known = await listTenants(portal.store);
    if (known.length === 0) await addBrands(portal);
    await setPeople(portal, state.password);
    const latest = Math.max(
      state.startAt,
      ...known.map(({ lastSyncAt }) => Date.parse(lastSyncAt ?? "") || 0),
    );
    await liveThrough(portal, simulator, clock, latest);
  } finally {
    await portal.close();
  }
}

async function addBrands({ store, secrets, clock }: Portal): Promise<void> {
  for (const { name, webKey, accessToken, timezone } of demoBrands()) {
    const id = newId();
    await createTenant(store, {
      id,
      name,
      timezone,
      clienttetherWebKey: await secrets.seal(id, "clienttetherWebKey", webKey),
      webKeyLast4: webKey.slice(-4),
      clienttetherAccessToken: await secrets.seal(
        id,
        "clienttetherAccessToken",
        accessToken,
      ),
    }, clock);
  }
}

/** Users of every role, all with the same password. */
async function setPeople({ store, clock }: Portal, password: string) {
  const passwordHash = await passwords.hash(password);
  const tenants = (await listTenants(store)).map(({ tenant }) => tenant);
  const idOf = (slug: string) =>
    tenants.find((tenant) => tenant.slug === slug)?.id ?? EVERY_TENANT;
  const people = [
    ...USERS.map(({ brand, ...person }) => ({
      ...person,
      scope: brand ? idOf(brand) : EVERY_TENANT,
      role: brand ? "tenant_admin" as const : "agency_admin" as const,
    })),
    {
      ...VIEWER,
      scope: idOf("alder-burgers"),
      role: "tenant_viewer" as const,
    },
  ];
  for (const { email, name, scope, role } of people) {
    const user = await getUserByEmail(store, email);
    if (user) {
      if (!await passwords.verify(password, user.passwordHash)) {
        await updateUser(store, user.id, { passwordHash }, clock);
      }
      continue;
    }
    await createUser(store, {
      email,
      name,
      passwordHash,
      membership: { scope, role },
    }, clock);
  }
  await addSecondBrand({ store, clock }, idOf("harbor-pilates"));
}

async function addSecondBrand(
  { store, clock }: Pick<Portal, "store" | "clock">,
  scope: string,
): Promise<void> {
  const { setMembership } = await import("../lib/store/mod.ts");
  const viewer = await getUserByEmail(store, VIEWER.email);
  await setMembership(store, viewer!.id, scope, "tenant_viewer", clock);
}

/** Lets the simulated CRM live from `from` until now, and has the real sync look at it several times a day. */
async function liveThrough(
  portal: Portal,
  simulator: Simulator,
  clock: { at: number },
  from: number,
): Promise<void> {
  const progress = createProgress();
  const step = HISTORY_STEP_HOURS * HOUR_MS;
  const until = Date.now();
  let shown = 0;
  for (let at = from; at < until; at = Math.min(at + step, until)) {
    await syncAll(portal, simulator, clock, at);
    const percent = Math.floor((at - from) / (until - from) * 10) * 10;
    if (percent <= shown) continue;
    shown = percent;
    progress.step(`Making ${HISTORY_DAYS} days of history ... ${percent}%`);
  }
  await syncAll(portal, simulator, clock, until);
  progress.end();
}

async function syncAll(
  { store, sync }: Portal,
  simulator: Simulator,
  clock: { at: number },
  at: number,
): Promise<void> {
  clock.at = at;
  simulator.advanceTo(at);
  for (const { tenant } of await listTenants(store)) {
    await syncTenant(sync, tenant.id);
  }
}

function announce(
  url: string,
  api: string,
  password: string,
  seconds: number,
): void {
  print();
  print(`  Tetherboard          ${url}   (ready after ${seconds} s)`);
  print(`  simulated ClientTether ${api}`);
  print();
  print(`  Sign in with the password  ${password}`);
  for (const { email, brand } of USERS) {
    print(
      `    ${email.padEnd(22)} ${
        brand ? `tenant_admin of ${brand}` : "agency_admin, every brand"
      }`,
    );
  }
  print(`    ${VIEWER.email.padEnd(22)} tenant_viewer of two brands`);
  print();
  print(
    "  Ctrl-C stops it. Start again to go on, or with --fresh to begin anew.",
  );
}

await runCommand(async () => {
  const program = new Command("demo")
    .option("--fresh", "begin anew")
    .exitOverride();
  program.parse(Deno.args, { from: "user" });
  await demo(program.opts());
});
if (Deno.exitCode !== 0) Deno.exit();
