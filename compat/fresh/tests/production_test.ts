import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { serveBuild, serveDev, type Server } from "./_server.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
const NO_CACHE = "no-cache, no-store, max-age=0, must-revalidate";

describe("A production build", () => {
  let server: Server;
  beforeAll(async () => {
    server = await serveBuild();
  });
  afterAll(() => server.stop());

  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(server.url + path, {
      redirect: "manual",
      ...init,
    });
    return { response, headers: response.headers, text: await response.text() };
  };
  const buildId = async () => {
    const { text } = await get("/styles.css");
    return /__frsh_c=(\w+)/.exec(text)![1]!;
  };

  it("B3 B5 answers pages, data and modules", async () => {
    const home = await get("/");
    expect(home.response.status).toBe(200);
    expect(home.text).toContain("<h1>Home</h1>");
    for (const [, path] of home.headers.get("link")!.matchAll(/<([^>]+)>/g)) {
      expect((await get(path!)).response.status).toBe(200);
    }
    expect((await get("/api/hello")).text).toContain("root 2");
    expect((await get("/nope")).response.status).toBe(404);
    expect((await get("/form", { method: "POST" })).response.status).toBe(500);
  });

  it("B4 the same revision has the same build id", async () => {
    expect(await buildId()).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
  });

  it("B6 transforms make static files", async () => {
    expect((await get("/word.shout")).text).toBe("HELLO\n");
    expect((await get("/word.txt")).text).toBe("loud: hello\n");
  });

  it("T1 files have the type of their extension", async () => {
    const types = {
      "/a.txt": "text/plain; charset=UTF-8",
      "/script.js": "text/javascript; charset=UTF-8",
      "/styles.css": "text/css; charset=UTF-8",
      "/data.json": "application/json; charset=UTF-8",
      "/dot.svg": "image/svg+xml",
      "/file.zzz": "text/plain",
    };
    for (const [path, type] of Object.entries(types)) {
      expect((await get(path)).headers.get("content-type")).toBe(type);
    }
  });

  it("T2 a plain address is checked every time, by its ETag", async () => {
    const { headers, text } = await get("/a.txt");
    expect(text).toBe("plain text\n");
    expect(headers.get("etag")).toMatch(/^W\/"[0-9a-f]{64}"$/);
    expect(headers.get("vary")).toContain("If-None-Match");
    expect(headers.get("cache-control")).toBe(NO_CACHE);
  });

  it("T3 If-None-Match of the same version answers 304", async () => {
    const etag = (await get("/a.txt")).headers.get("etag")!;
    const same = await get("/a.txt", { headers: { "if-none-match": etag } });
    expect(same.response.status).toBe(304);
    expect(same.text).toBe("");
    const other = await get("/a.txt", {
      headers: { "if-none-match": 'W/"other"' },
    });
    expect(other.response.status).toBe(200);
  });

  it("T4 a keyed address and a module last a year", async () => {
    const id = await buildId();
    const keyed = await get(`/a.txt?__frsh_c=${id}`);
    expect(keyed.headers.get("cache-control")).toBe(IMMUTABLE);
    const link = (await get("/")).headers.get("link")!;
    const module = /<([^>]+)>/.exec(link)![1]!;
    expect(module).toContain(`/_fresh/js/${id}/`);
    expect((await get(module)).headers.get("cache-control")).toBe(IMMUTABLE);
  });

  it("T4 a stale key leads to the plain address", async () => {
    const { response, headers } = await get("/a.txt?__frsh_c=old&x=1");
    expect(response.status).toBe(307);
    expect(headers.get("location")).toBe("/a.txt?x=1");
    expect((await get("/_fresh/js/old/Counter.js")).response.status).toBe(404);
  });

  it("T5 files answer GET and HEAD only", async () => {
    const head = await get("/a.txt", { method: "HEAD" });
    expect(head.response.status).toBe(200);
    expect(head.headers.get("content-length")).toBe("11");
    expect(head.text).toBe("");
    for (const method of ["POST", "OPTIONS"]) {
      expect((await get("/a.txt", { method })).response.status).toBe(405);
    }
  });

  it("T6 files are sent whole and uncompressed", async () => {
    const { response, headers } = await get("/a.txt", {
      headers: { range: "bytes=0-1", "accept-encoding": "gzip" },
    });
    expect(response.status).toBe(200);
    expect(headers.get("content-encoding")).toBe(null);
  });

  it("T7 a missing favicon is an empty 404", async () => {
    const { response, text } = await get("/favicon.ico");
    expect(response.status).toBe(404);
    expect(text).toBe("");
  });

  it("T8 hidden files are not served, .well-known is", async () => {
    expect((await get("/.hidden")).response.status).toBe(404);
    expect((await get("/.well-known/known.txt")).text).toBe("known\n");
  });

  it("T9 no address leads out of the folder", async () => {
    for (
      const path of [
        "/../main.ts",
        "/..%2fmain.ts",
        "/%2e%2e/main.ts",
        "/%2e%2e%2fmain.ts",
        "/x/..%2f..%2fmain.ts",
        "/..%5cmain.ts",
      ]
    ) {
      expect((await get(path)).response.status).not.toBe(200);
    }
  });

  it("T11 a stylesheet's addresses are keyed", async () => {
    const { text } = await get("/styles.css");
    expect(text).toMatch(/url\("?\/dot\.svg\?__frsh_c=\w+"?\)/);
  });

  it("S7 files served before csp() have no policy", async () => {
    const { headers } = await get("/a.txt");
    expect(headers.get("content-security-policy")).toBe(null);
  });
});

describe("Development", () => {
  let server: Server;
  beforeAll(async () => {
    server = await serveDev();
  });
  afterAll(() => server.stop());

  it("B8 answers from the sources, without caching", async () => {
    const home = await fetch(server.url);
    expect(home.status).toBe(200);
    expect(await home.text()).toContain("<h1>Home</h1>");
    const [, path] = /<([^>]+)>/.exec(home.headers.get("link")!)!;
    const module = await fetch(server.url + path);
    expect(module.status).toBe(200);
    expect(await module.text()).toContain("boot");
    const file = await fetch(`${server.url}/a.txt`);
    expect(file.headers.get("etag")).toBe(null);
    expect(file.headers.get("cache-control")).toBe(NO_CACHE);
    expect(await file.text()).toBe("plain text\n");
    const made = await fetch(`${server.url}/word.shout`);
    expect(await made.text()).toBe("HELLO\n");
  });

  it("B8 every page has a script, which keeps a socket", async () => {
    const about = await fetch(`${server.url}/about`);
    expect(await about.text()).toContain("<script");
    const socket = new WebSocket(
      `${server.url.replace("http", "ws")}/_frsh/alive`,
    );
    await new Promise((resolve) => socket.onopen = resolve);
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  });
});
