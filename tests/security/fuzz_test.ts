import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { allRows } from "../_dump.ts";
import { readWhole } from "../_app.ts";
import { DOORS } from "./_matrix.ts";
import { openTwoBrands, type TwoBrands } from "./_two_brands.ts";

/** `deno task fuzz` asks for more. */
const REQUESTS = Number(Deno.env.get("FUZZ_REQUESTS") ?? 2_000);
const SEED = Number(
  Deno.env.get("FUZZ_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);
/** Milliseconds within which every request is answered. */
const PATIENCE = 2_000;
/** What a refusal itself may write, bounded elsewhere: throttles, the audit log, what sessions keep of themselves. */
const OWN_ROWS = new Set([
  "throttle",
  "audit",
  "sessions",
  "sessions_by_user",
  "challenges",
]);

const ODD = fc.constantFrom(
  "",
  "\0",
  "%00",
  "%ED%A0%80",
  "%",
  "..",
  "../../etc/passwd",
  "%2e%2e%2f",
  "\u202e",
  "' OR 1=1 --",
  "<script>",
  "__proto__",
  "constructor",
  "-1",
  "1e999",
  "9".repeat(400),
  "x".repeat(9_000),
);
const text = fc.oneof(ODD, fc.string({ unit: "binary", maxLength: 40 }));
const path = fc.oneof(
  fc.tuple(fc.constantFrom(...Object.keys(DOORS)), text).map(([door, odd]) =>
    door.replaceAll(/:\w+/g, () => safe(odd) || "x")
  ),
  text.map((odd) => `/${safe(odd)}`),
);
const query = fc.array(
  fc.tuple(
    fc.constantFrom(
      "w",
      "cursor",
      "limit",
      "offset",
      "search",
      "period",
      "from",
      "to",
      "month",
      "next",
      "version",
      "__proto__",
    ),
    text,
  ),
  { maxLength: 4 },
);
const body = fc.oneof(
  fc.constant(null),
  text,
  fc.nat(40).map((n) => `${"[".repeat(n * 500)}`),
  fc.nat(3).map((n) => "a=".padEnd(n * 1_000_000, "b")),
  fc.constant('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
  fc.json(),
);
const type = fc.constantFrom(
  "application/x-www-form-urlencoded",
  "application/json",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "text/plain",
  "application/octet-stream; charset=none",
  "",
);
const verb = fc.constantFrom(
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "PROPFIND",
);
const who = fc.constantFrom("nobody", "viewer", "agency", "liar");
const request = fc.record({ verb, path, query, body, type, who, odd: text });

/** A text as it may stand in a header or a path: what fetch itself would refuse is taken out. */
function safe(text: string): string {
  return encodeURI(text.toWellFormed()).replaceAll(/[?#]/g, "");
}

describe(`hostile requests (FUZZ_SEED=${SEED})`, () => {
  let brands: TwoBrands;
  const cookies: Record<string, string> = {};
  beforeAll(async () => {
    brands = await openTwoBrands();
    const { app, own } = brands;
    for (
      const [name, role] of [
        ["viewer", "tenant_viewer"],
        ["agency", "agency_admin"],
      ] as const
    ) {
      const scope = role === "agency_admin" ? [] : [own.id];
      const browser = await app.signedIn(await app.createUser(role, ...scope));
      cookies[name] = `session=${browser.cookies.get("session")}`;
    }
  });
  afterAll(() => brands[Symbol.dispose]());

  it(`${REQUESTS} of them find no 5xx, no inner detail, no hang, and change nothing`, async () => {
    const before = await rowsOfOthers(brands);
    const memory = Deno.memoryUsage().heapUsed;
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const answer = await inTime(send(brands, cookies, asked));
        const said = await readWhole(answer);
        expect(answer.status).toBeLessThan(500);
        expect(said).not.toMatch(/\bat .+\.tsx?:\d+:\d+/);
        expect(said).not.toMatch(/file:\/\/|\/lib\/\w+\/\w+\.ts/);
      }),
      { numRuns: REQUESTS, seed: SEED },
    );
    expect(await rowsOfOthers(brands)).toEqual(before);
    const grown = Deno.memoryUsage().heapUsed - memory;
    expect(grown).toBeLessThan(256 * 1024 * 1024);
  });
});

type Asked = typeof request extends fc.Arbitrary<infer A> ? A : never;

function send(
  { app, own }: TwoBrands,
  cookies: Record<string, string>,
  { verb, path, query, body, type, who, odd }: Asked,
): Promise<Response> {
  const params = query.map(([name, value]) => `${name}=${safe(value)}`);
  if (!query.some(([name]) => name === "w")) params.push(`w=${own.slug}`);
  const headers = new Headers({ "x-odd": safe(odd).slice(0, 4_000) });
  // A stranger's request says where it comes from as the portal's own would.
  headers.set("origin", "http://localhost:8000");
  headers.set("sec-fetch-site", "same-origin");
  const cookie = who === "liar"
    ? `session=${safe(odd)}; =; ;;; theme=${safe(odd)}`
    : cookies[who];
  if (cookie) headers.set("cookie", cookie);
  // What the admin may do is no finding: the agency only looks.
  const method = who === "agency" ? "GET" : verb;
  const bodiless = method === "GET" || method === "HEAD" || body === null;
  if (!bodiless && type) headers.set("content-type", type);
  return app.fetch(`${path}?${params.join("&")}`, {
    method,
    headers,
    ...(bodiless ? {} : { body }),
  });
}

async function inTime(answer: Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("No answer in 2 s")), PATIENCE);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Every row but those that a refusal writes. */
async function rowsOfOthers({ rig }: TwoBrands): Promise<unknown[]> {
  const rows = await allRows(rig.kv);
  return rows.filter(({ key }) => !OWN_ROWS.has(String(key[0])))
    .map(({ key, value }) => [key, value]);
}
