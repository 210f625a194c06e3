import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { serveBuild } from "../../cli/_serving.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";

/** The head of an answer as it came over the wire: `fetch` would unpack it and hide that. */
interface WireAnswer {
  status: number;
  headers: Headers;
  /** The beginning of the body, as far as it came with the head. */
  body: string;
}

describe("Answers on the wire", () => {
  const ended = new AbortController();
  let app: TestApp;
  let server: Deno.HttpServer<Deno.NetAddr>;
  let browser: TestBrowser;

  beforeAll(async () => {
    app = await createTestApp();
    const acme = await createTestBrand(app.store, "acme", app.clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
    server = app.serve(ended.signal);
  });
  afterAll(async () => {
    ended.abort();
    await server.finished;
    app.close();
  });

  async function get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<WireAnswer> {
    using socket = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.addr.port,
    });
    const session = browser.cookies.get("session");
    const lines = [
      `GET ${path} HTTP/1.1`,
      "host: localhost",
      `cookie: session=${session}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "",
      "",
    ];
    await socket.write(new TextEncoder().encode(lines.join("\r\n")));
    let text = "";
    const bytes = new Uint8Array(65_536);
    while (!text.includes("\r\n\r\n")) {
      const count = await socket.read(bytes);
      if (count === null) break;
      text += new TextDecoder("latin1").decode(bytes.subarray(0, count));
    }
    const end = text.indexOf("\r\n\r\n");
    const [first = "", ...rest] = text.slice(0, end).split("\r\n");
    const pairs = rest.map((line): [string, string] => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    });
    return {
      status: Number(first.split(" ")[1]),
      headers: new Headers(pairs),
      body: text.slice(end + 4),
    };
  }
  const encodingOf = async (path: string, accepted: string) =>
    (await get(path, { "accept-encoding": accepted })).headers
      .get("content-encoding");

  for (
    const [what, path] of [
      ["a page", "/dashboard?w=acme"],
      ["JSON", "/api/dashboard/notes?w=acme"],
      ["a file", "/notes.csv?w=acme"],
      ["the stylesheet", "/styles.css"],
    ] as const
  ) {
    it(`are packed as the browser understands it: ${what}`, async () => {
      expect(await encodingOf(path, "gzip, deflate, br")).toBe("br");
      expect(await encodingOf(path, "gzip")).toBe("gzip");
      expect(await encodingOf(path, "identity")).toBeNull();
      const { headers } = await get(path, { "accept-encoding": "br" });
      expect(headers.get("vary")).toContain("Accept-Encoding");
    });
  }

  it("keep a tag that is good for 304, packed or not", async () => {
    const path = "/api/dashboard/leads?w=acme";
    const plain = (await get(path)).headers.get("etag")!;
    const packed = (await get(path, { "accept-encoding": "br" })).headers
      .get("etag")!;
    expect(packed.replace(/^W\//, "")).toBe(plain);
    for (const tag of [plain, packed]) {
      const { status } = await get(path, {
        "accept-encoding": "br",
        "if-none-match": tag,
      });
      expect(status).toBe(304);
    }
  });

  it("are not packed where each part is to be heard at once", async () => {
    const { headers, body } = await get("/api/sync/events?w=acme", {
      "accept-encoding": "gzip, br",
    });
    expect(headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(headers.get("content-encoding")).toBeNull();
    expect(headers.get("cache-control")).toContain("no-transform");
    expect(body).toContain("retry:");
  });

  it("name the modules that the browser may fetch before it meets them", async () => {
    const { headers } = await get("/dashboard?w=acme");
    const links = headers.get("link")!.split(", ");
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) {
      expect(link).toMatch(/^<\/_fresh\/js\/.+>; rel="modulepreload"/);
    }
  });
});

describe("The production server", () => {
  it("packs what it answers", async () => {
    const dir = await Deno.makeTempDir();
    const built = new URL(`file://${dir}/server.js`);
    await Deno.writeTextFile(
      built,
      `const headers = { "content-type": "text/html" };
      const fetch = () => new Response("long ".repeat(500), { headers });
      export default { fetch };`,
    );
    let origin = "";
    const server = await serveBuild(
      { host: "127.0.0.1", port: 0, built },
      (url) => origin = url,
    );
    try {
      const { port } = new URL(origin);
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      await answer.body?.cancel();
      expect(answer.headers.get("vary")).toBe("Accept-Encoding");
    } finally {
      await server.shutdown();
      await Deno.remove(dir, { recursive: true });
    }
  });
});
