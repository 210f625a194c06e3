import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { allRows } from "../_dump.ts";
import { DOORS } from "./_matrix.ts";
import { openTwoBrands, type TwoBrands } from "./_two_brands.ts";

/** `deno task fuzz` asks for more. */
const REQUESTS = Number(Deno.env.get("FUZZ_REQUESTS") ?? 2_000);
const SEED = Number(
  Deno.env.get("FUZZ_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);
/** Milliseconds within which every connection is answered or closed, once all was sent. */
const PATIENCE = 2_000;
/** Bytes by which the process may grow: what stays of requests would be far more. */
const GROWTH = 384 * 1024 * 1024;
const ALLOWED_TO_CHANGE = new Set([
  "throttle",
  "audit",
  "sessions",
  "sessions_by_user",
  "challenges",
]);

/** Bytes as they go over the wire: one character is one byte. */
const bytes = fc.array(fc.nat(255), { maxLength: 60 }).map((codes) =>
  String.fromCharCode(...codes)
);
const odd = fc.oneof(
  bytes,
  fc.constantFrom(
    "\0",
    "\r\n",
    "%00",
    "%ED%A0%80",
    "%",
    "../../etc/passwd",
    "//",
    "http://evil.example.com/",
    "*",
    "\xff\xfe",
    "x".repeat(9_000),
  ),
);
const target = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...Object.keys(DOORS)).map((path) =>
      path.replaceAll(/:\w+/g, "x")
    ),
  },
  { weight: 1, arbitrary: odd.map((text) => `/${text}`) },
  { weight: 1, arbitrary: odd },
);
const verb = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("GET", "POST") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("HEAD", "PUT", "DELETE", "CONNECT", "TRACE"),
  },
  { weight: 1, arbitrary: bytes },
);
const version = fc.constantFrom(
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/0.9",
  "HTTP/9.9",
  "",
);
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom("x-odd", "cookie", "range", "if-none-match", "expect"),
    odd,
  )
    .map(([name, value]) => `${name}: ${value}`),
  fc.constantFrom(
    "transfer-encoding: chunked",
    "transfer-encoding: gzip, chunked",
    "content-length: -1",
    "content-length: 5\r\ncontent-length: 6",
    "content-length: 99999999999999999999",
    "connection: upgrade\r\nupgrade: websocket",
    "host: a\r\nhost: b",
    "authorization: Bearer \0",
    ": no name",
    " folded",
  ),
  fc.constantFrom(8_000, 70_000, 300_000).map((length) =>
    `x-huge: ${"h".repeat(length)}`
  ),
);
const body = fc.oneof(
  fc.constant(""),
  bytes,
  fc.constantFrom("[", '{"a":').map((open) => open.repeat(20_000)),
  fc.constant('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
  fc.constant("--x\r\nContent-Disposition: form-data; name\r\n\r\n\0\r\n--x--"),
  fc.constant("5\r\nhello\r\nZZ\r\n"),
  fc.constant("a=".padEnd(200_000, "b")),
);
const type = fc.constantFrom(
  "application/x-www-form-urlencoded",
  "application/json",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "\xff",
);
const asked = fc.record({
  verb,
  target,
  version,
  headers: fc.oneof(fc.constant([]), fc.array(header, { maxLength: 3 })),
  type,
  body,
  /** How many bytes more than there are Content-Length promises; null: it says nothing. */
  promised: fc.constantFrom(0, 0, 0, 10, -3, null),
  as: fc.constantFrom("nobody", "viewer", "agency"),
  /** Sent in two pieces, the rest later. */
  slow: fc.boolean(),
  /** Not even a request. */
  garbage: fc.oneof(fc.constant(null), bytes),
});
type Asked = typeof asked extends fc.Arbitrary<infer A> ? A : never;

const plain = (more: Partial<Asked>): [Asked] => [{
  verb: "GET",
  target: "/",
  version: "HTTP/1.1",
  headers: [],
  type: "application/json",
  body: "",
  promised: 0,
  as: "nobody",
  slow: false,
  garbage: null,
  ...more,
}];
/** Asked in any case: what is answered with 200, 303, 404 and 400. */
const ALWAYS = [
  plain({ target: "/login" }),
  plain({ target: "/dashboard" }),
  plain({ target: "/nowhere" }),
  plain({ verb: "CONNECT", target: "%" }),
];

describe(`hostile bytes (FUZZ_SEED=${SEED})`, () => {
  let brands: TwoBrands;
  let server: Deno.HttpServer<Deno.NetAddr>;
  const end = new AbortController();
  const cookies: Record<string, string> = {};
  beforeAll(async () => {
    brands = await openTwoBrands();
    const { app, own } = brands;
    const viewer = await app.createUser("tenant_viewer", own.id);
    const agency = await app.createUser("agency_admin");
    for (const [name, user] of Object.entries({ viewer, agency })) {
      const { cookies: kept } = await app.signedIn(user);
      cookies[name] = `session=${kept.get("session")}`;
    }
    server = app.serve(end.signal);
  });
  afterAll(async () => {
    end.abort();
    await server.finished;
    brands[Symbol.dispose]();
  });

  it(`${REQUESTS} connections find no 5xx, no inner detail, no hang, and change nothing`, async () => {
    const before = await rowsOfOthers();
    const { port } = server.addr;
    const memory = Deno.memoryUsage().rss;
    const statuses = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(asked, async (one) => {
        const said = await inTime(exchange(port, wire(one, port), {
          slow: one.slow,
          ends: one.garbage !== null || one.headers.length > 0 ||
            one.promised !== 0,
        }));
        const [status = "closed"] = /(?<=^HTTP\/1\.[01] )\d+/.exec(said) ?? [];
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect(said).not.toMatch(/^HTTP\/1\.[01] 5/);
        expect(said).not.toMatch(/\bat .+\.tsx?:\d+:\d+/);
        expect(said).not.toMatch(/file:\/\/|\/lib\/\w+\/\w+\.ts/);
      }),
      { numRuns: REQUESTS, seed: SEED, examples: ALWAYS },
    );
    // Not all of them die at the door.
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining(["200", "303", "400", "404"]),
    );
    expect(await rowsOfOthers()).toEqual(before);
    expect(Deno.memoryUsage().rss - memory).toBeLessThan(GROWTH);
    const alive = await brands.app.fetch("/api/health");
    expect(alive.status).toBe(200);
    await alive.body?.cancel();
  });

  it("a body that never comes holds nothing up, and one that ends too early is refused", async () => {
    const { port } = server.addr;
    const head = `POST /login HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
      `origin: http://127.0.0.1:${port}\r\nsec-fetch-site: same-origin\r\n` +
      "content-type: application/x-www-form-urlencoded\r\n" +
      "content-length: 500\r\n\r\nemail=a";
    const waiting = await Promise.all(
      Array.from({ length: 50 }, () => open(port, head)),
    );
    const other = await inTime(
      exchange(
        port,
        `GET /login HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`,
      ),
    );
    expect(other).toMatch(/^HTTP\/1\.1 200/);
    for (const connection of waiting) connection.close();
    expect(await inTime(exchange(port, head, { ends: true })))
      .toMatch(/^(?:HTTP\/1\.1 4|$)/);
  });

  function wire(
    { garbage, verb, target, version, headers, type, body, promised, as }:
      Asked,
    port: number,
  ): string {
    if (garbage !== null) return garbage;
    // What the agency may change is no finding: it only looks.
    const method = as === "agency" ? "GET" : verb;
    const lines = [
      `${method} ${target} ${version}`,
      `host: 127.0.0.1:${port}`,
      "connection: close",
      `origin: http://127.0.0.1:${port}`,
      "sec-fetch-site: same-origin",
      ...cookies[as] ? [`cookie: ${cookies[as]}`] : [],
      `content-type: ${type}`,
      ...promised === null
        ? []
        : [`content-length: ${Math.max(0, body.length + promised)}`],
      ...headers,
    ];
    return `${lines.join("\r\n")}\r\n\r\n${body}`;
  }

  async function rowsOfOthers(): Promise<unknown[]> {
    const rows = await allRows(brands.rig.kv);
    return rows.filter(({ key }) => !ALLOWED_TO_CHANGE.has(String(key[0])))
      .map(({ key, value }) => [key, value]);
  }
});

async function open(port: number, text: string): Promise<Deno.Conn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await write(connection, text);
  return connection;
}

/** Sends the bytes, and the end where the server would wait for more, and reads until the server closes; an event stream has no end, and is left. */
async function exchange(
  port: number,
  text: string,
  { slow = false, ends = false }: { slow?: boolean; ends?: boolean } = {},
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const half = slow ? text.length >> 1 : text.length;
  try {
    await write(connection, text.slice(0, half));
    if (slow) {
      // The server has read the first piece by then, or will read both.
      await new Promise((resolve) => setTimeout(resolve, 1));
      await write(connection, text.slice(half));
    }
    if (ends) await connection.closeWrite();
  } catch {
    // It had heard enough: what it has said is read nevertheless.
  }
  let said = "";
  const piece = new Uint8Array(65_536);
  const decoder = new TextDecoder("latin1");
  try {
    for (;;) {
      const size = await connection.read(piece);
      if (size === null) return said;
      if (said.length < 200_000) {
        said += decoder.decode(piece.subarray(0, size));
      }
      if (/^content-type: text\/event-stream/im.test(said)) return said;
    }
  } catch {
    // Reset by the server, which had not read everything.
    return said;
  }
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const data = Uint8Array.from(text, (char) => char.charCodeAt(0));
  for (let at = 0; at < data.length;) {
    at += await connection.write(data.subarray(at));
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("No end in 2 s")), PATIENCE);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
