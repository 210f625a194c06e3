import type { App } from "fresh";
import { createBuilder } from "../dev/build.ts";
import { createPasswords, startSession } from "../lib/auth/mod.ts";
import {
  createUser,
  getUser,
  newId,
  openStore,
  type Role,
  setMembership,
  type Store,
  type User,
} from "../lib/store/mod.ts";
import {
  type AppOptions,
  createApp,
  inWorkspace,
  type Services,
  settled,
  type State,
  type WebLog,
} from "../lib/web/mod.ts";
import { TestClock } from "./_clock.ts";
import { secrets } from "./_sync.ts";

/** A cost at which a hash takes no time. */
const TEST_PASSWORDS = { cost: { N: 16, r: 8, p: 1 } };
export const TEST_PASSWORD = "correct horse battery";

/**
 * The file routes and islands of the project. Built once per test file and outside of any test, which
 * would be blamed for what the bundler keeps open.
 */
const applyBuild = await createBuilder().build({ snapshot: "memory" });

export interface LogEntry {
  level: "info" | "warn" | "error";
  message: string;
  properties: Record<string, unknown>;
}

/** A log that a test can read. */
export function createTestLog(): WebLog & { entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const note =
    (level: LogEntry["level"]): WebLog["info"] => (message, properties) => {
      entries.push({ level, message, properties });
    };
  return {
    entries,
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
}

export interface TestAppOptions extends AppOptions {
  clock?: TestClock;
  /** Closed by whoever opened it; without one the app gets its own, closed by `close()`. */
  store?: Store;
  /** Where the browser thinks it is. */
  origin?: string;
  /** What differs from the test's own services. */
  services?: Partial<Services>;
  /** Adds routes of the test to the app. */
  extend?: (app: App<State>) => void;
}

/** The whole app without a server, and browsers that talk to it. */
export class TestApp {
  /** Tenants for which a sync was asked. */
  readonly syncRequests: string[] = [];
  readonly log = createTestLog();
  readonly #origin: string;
  readonly #ownsStore: boolean;
  readonly #passwords = createPasswords(TEST_PASSWORDS);
  #handler: ReturnType<App<State>["handler"]> = () =>
    Promise.reject(new Error("Cannot answer: the app is not built"));

  private constructor(
    readonly store: Store,
    readonly clock: TestClock,
    { origin = "http://localhost:8000", store: given }: TestAppOptions,
  ) {
    this.#origin = origin;
    this.#ownsStore = given === undefined;
  }

  static async create(options: TestAppOptions = {}): Promise<TestApp> {
    const { clock = new TestClock(), services = {}, renderError } = options;
    const store = options.store ??
      await openStore({ path: ":memory:", clock });
    const test = new TestApp(store, clock, options);
    const app = createApp({
      store,
      clock,
      version: "0.0.0-test",
      log: test.log,
      passwords: test.#passwords,
      secrets,
      upstream: {
        fetch: () => Promise.reject(new Error("No ClientTether in this test")),
        baseUrl: "http://127.0.0.1:1",
        accessToken: null,
      },
      requestSync: (tenantId) => {
        test.syncRequests.push(tenantId);
        return Promise.resolve();
      },
      ...services,
    }, renderError ? { renderError } : {});
    options.extend?.(app);
    applyBuild(app);
    test.#handler = app.handler();
    return test;
  }

  /** A request as it is: no cookie, no header that is not given; from this network address. */
  fetch(
    path: string,
    init: RequestInit = {},
    address = "127.0.0.1",
  ): Promise<Response> {
    return this.#handler(new Request(this.#origin + path, init), {
      remoteAddr: { transport: "tcp", hostname: address, port: 50_000 },
      completed: Promise.resolve(),
    });
  }

  /** The app on a socket of this machine, as `deno task start` serves it; the signal ends it with whatever is open. */
  serve(signal: AbortSignal): Deno.HttpServer<Deno.NetAddr> {
    return Deno.serve({
      signal,
      hostname: "127.0.0.1",
      port: 0,
      automaticCompression: true,
      onListen() {},
    }, this.#handler);
  }

  /** Resolves when all is written that is written after an answer. */
  settled(): Promise<void> {
    return settled(this.store);
  }

  /** A browser in which nobody has signed in, at this network address. */
  browser(address?: string): TestBrowser {
    return new TestBrowser(this, this.#origin, address);
  }

  /** A new user; in every tenant for `agency_admin`, else in the tenants of these ids. */
  async createUser(role: Role, ...tenantIds: string[]): Promise<User> {
    const scopes = role === "agency_admin" ? ["*"] : tenantIds;
    const [first, ...others] = scopes;
    const id = newId();
    const user = await createUser(this.store, {
      id,
      email: `${id.toLowerCase()}@example.com`,
      name: "Robin Example",
      passwordHash: await this.#passwords.hash(TEST_PASSWORD),
      ...first ? { membership: { scope: first, role } } : {},
    }, this.clock);
    for (const scope of others) await this.addMembership(id, scope, role);
    return await getUser(this.store, user.id);
  }

  async addMembership(
    userId: string,
    scope: string,
    role: Role,
  ): Promise<void> {
    await setMembership(this.store, userId, scope, role, this.clock);
  }

  /** A browser in which the user has signed in, without going through the form. */
  async signedIn(user: User): Promise<TestBrowser> {
    const token = await startSession(this.store, user, this.clock);
    const https = this.#origin.startsWith("https:");
    const browser = this.browser();
    browser.cookies.set(https ? "__Host-session" : "session", token);
    return browser;
  }

  close(): void {
    if (this.#ownsStore) this.store.close();
  }
}

/** Keeps cookies and says where its requests come from, like a browser. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly app: TestApp,
    private readonly origin: string,
    private readonly address?: string,
  ) {}

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0 && !headers.has("cookie")) {
      const pairs = [...this.cookies].map(([name, value]) =>
        `${name}=${value}`
      );
      headers.set("cookie", pairs.join("; "));
    }
    const answer = await this.app.fetch(
      path,
      { ...init, headers },
      this.address,
    );
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  get(path: string, headers: HeadersInit = {}): Promise<Response> {
    return this.fetch(path, { headers });
  }

  /** A form of the portal's own page, posted. */
  post(
    path: string,
    form: Record<string, string> = {},
    headers: HeadersInit = {},
  ): Promise<Response> {
    return this.fetch(path, {
      method: "POST",
      body: new URLSearchParams(form),
      headers: {
        origin: this.origin,
        "sec-fetch-site": "same-origin",
        ...Object.fromEntries(new Headers(headers)),
      },
    });
  }

  /** GET in a workspace. */
  getIn(slug: string, path: string): Promise<Response> {
    return this.get(inWorkspace(path, slug));
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

/** The app under test; short for the many who need nothing else. */
export function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  return TestApp.create(options);
}

/** The body of an answer; one that would never end is ended. */
export async function readWhole(answer: Response): Promise<string> {
  const type = answer.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream")) return await answer.text();
  await answer.body?.cancel();
  return "";
}
