import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  ACCESS_TOKEN,
  createFakeFetch,
  createHarness,
  dataOf,
  envelope,
  errorOf,
  json,
  leads,
  START,
  status,
  WEB_KEY,
} from "./_helpers.ts";

const OK = envelope(leads(1), 1);

describe("createClient()", () => {
  it("refuses a key that no header can carry, without repeating it", () => {
    for (const webKey of ["", "  ", "secret\nkey", "sécret-key"]) {
      const create = () => createHarness(createFakeFetch().fetch, { webKey });
      expect(create).toThrow(
        "Cannot create a ClientTether client: the web key is blank or holds characters that no key has",
      );
    }
  });

  it("refuses an address that would send the keys in the clear", () => {
    const { fetch } = createFakeFetch(OK);
    const refused = ["http://api.example.com", "ftp://localhost", "x", ""];
    for (const baseUrl of [...refused, "http://169.254.169.254"]) {
      expect(() => createHarness(fetch, { baseUrl })).toThrow(
        "must be https, or http on this machine",
      );
    }
    const local = ["http://127.0.0.1:1", "http://localhost", "http://[::1]:9"];
    for (const baseUrl of [...local, "https://api.example.com"]) {
      expect(() => createHarness(fetch, { baseUrl })).not.toThrow();
    }
  });
});

describe("a request", () => {
  it("goes to the live service with both keys and refuses redirects", async () => {
    const { fetch, requests } = createFakeFetch(OK);
    await createHarness(fetch).client.getLeads();
    const { url, headers, init } = requests[0] ?? {};
    expect(url?.href).toBe(
      "https://api.clienttether.com/v2/api/read_client_list?limit=100&offset=0",
    );
    expect(Object.fromEntries(headers ?? [])).toEqual({
      "accept": "application/json",
      "x-access-token": ACCESS_TOKEN,
      "x-web-key": WEB_KEY,
    });
    expect(init?.redirect).toBe("manual");
  });

  it("carries no access token where there is none", async () => {
    for (const accessToken of [null, "", " "]) {
      const { fetch, requests } = createFakeFetch(OK);
      await createHarness(fetch, { accessToken }).client.getLeads();
      expect(requests[0]?.headers.has("x-access-token")).toBe(false);
    }
  });

  it("is tried again after exactly 1, 2 and 4 s", async () => {
    const { fetch, requests } = createFakeFetch(status(503));
    const { client, clock } = createHarness(fetch);
    const error = errorOf(await client.getLeads());
    expect(clock.sleeps).toEqual([1000, 2000, 4000]);
    expect(requests.length).toBe(4);
    expect(error).toEqual({
      kind: "transient",
      message: "ClientTether answered 503 four times",
      httpStatus: 503,
      code: null,
      retryAfterMs: null,
    });
  });

  it("that succeeds at last leaves no trace of its failures", async () => {
    const { fetch } = createFakeFetch(status(500), new TypeError("x"), OK);
    const { client, clock } = createHarness(fetch);
    expect(dataOf(await client.getLeads()).length).toBe(1);
    expect(clock.sleeps).toEqual([1000, 2000]);
  });

  it("gets its full number of tries for every page", async () => {
    const page = envelope(leads(100), 101);
    const { fetch } = createFakeFetch(
      status(500),
      page,
      status(500),
      envelope(leads(1, 101), 101),
    );
    const { client, clock } = createHarness(fetch);
    expect(dataOf(await client.getLeads()).length).toBe(101);
    expect(clock.sleeps).toEqual([1000, 1000]);
  });

  it("names its different failures in one sentence", async () => {
    const { fetch } = createFakeFetch(status(500), status(502), json("{"));
    const error = errorOf(await createHarness(fetch).client.getLeads());
    expect(error.message).toBe(
      "ClientTether failed four times; the last time it sent an answer that is not complete JSON",
    );
  });

  it("that is refused after a failure tells only of the refusal", async () => {
    const { fetch } = createFakeFetch(status(500), status(401));
    const error = errorOf(await createHarness(fetch).client.getLeads());
    expect(error.message).toBe(
      "ClientTether refused the web key: it answered 401",
    );
  });

  it("that the network fails is tried again, and no address is told", async () => {
    const phrases: [string, string][] = [
      ["dns error: failed to lookup address", "could not be found (DNS)"],
      ["tcp connect error: Connection refused", "refused the connection"],
      ["invalid peer certificate: Expired", "has no valid certificate"],
      ["something else", "could not be reached"],
    ];
    for (const [text, phrase] of phrases) {
      // Deno says what happened in the cause.
      const cause = new Error(
        `error sending request for url (https://x/): ${text}`,
      );
      const { fetch } = createFakeFetch(
        new TypeError("fetch failed", { cause }),
      );
      const error = errorOf(await createHarness(fetch).client.getLeads());
      expect(error).toMatchObject({
        kind: "transient",
        httpStatus: null,
        message: `ClientTether ${phrase} four times`,
      });
    }
  });

  it("whose answer breaks off is tried again", async () => {
    const { fetch } = createFakeFetch(() =>
      new Response(
        new ReadableStream({ start: (c) => c.error(new TypeError("reset")) }),
      )
    );
    const error = errorOf(await createHarness(fetch).client.getLeads());
    expect(error).toMatchObject({
      kind: "transient",
      httpStatus: 200,
      message: "ClientTether broke off its answer four times",
    });
  });

  it("that is rate limited waits as long as it was told", async () => {
    const { fetch } = createFakeFetch(
      status(429, { "retry-after": "7" }),
      status(429, {
        "retry-after": new Date(START + 7000 + 30_000).toUTCString(),
      }),
      status(429, { "retry-after": "garbage" }),
      OK,
    );
    const { client, clock } = createHarness(fetch);
    dataOf(await client.getLeads());
    expect(clock.sleeps).toEqual([7000, 30_000, 4000]);
  });

  it("that is told to wait longer than 60 s fails at once and says how long", async () => {
    const { fetch, requests } = createFakeFetch(
      status(429, { "retry-after": "61" }),
    );
    const { client, clock } = createHarness(fetch);
    const error = errorOf(await client.getLeads());
    expect(error).toEqual({
      kind: "rate_limited",
      message: "ClientTether answered 429 and asked to wait 61 s",
      httpStatus: 429,
      code: null,
      retryAfterMs: 61_000,
    });
    expect(clock.sleeps).toEqual([]);
    expect(requests.length).toBe(1);
  });

  it("does not obey a Retry-After under another status", async () => {
    const { fetch } = createFakeFetch(status(503, { "retry-after": "9" }), OK);
    const { client, clock } = createHarness(fetch);
    dataOf(await client.getLeads());
    expect(clock.sleeps).toEqual([1000]);
  });

  it("never puts a key into an error", async () => {
    const leak = `${WEB_KEY} ${ACCESS_TOKEN}`;
    const answers = [
      new TypeError(`error sending request with ${leak}`),
      json({ code: "CT400", message: leak }),
      json({ code: "CT501", message: leak }, { status: 401 }),
      json({ data: leak }),
      json(leak),
      json({ status: `CT${WEB_KEY.replaceAll("-", "")}`, data: {} }),
    ];
    for (const answer of answers) {
      const { fetch } = createFakeFetch(answer);
      const error = errorOf(await createHarness(fetch).client.getLeads());
      expect(JSON.stringify(error)).not.toMatch(/0123456789|9876543210/);
    }
  });

  it("is reported with its status, duration and size", async () => {
    const { fetch } = createFakeFetch(status(500), new Error("x"), OK);
    const { client, metrics } = createHarness(fetch);
    await client.getLeads();
    const bytes = (await OK.clone().arrayBuffer()).byteLength;
    expect(metrics).toEqual([
      { stream: "leads", status: 500, ms: 0, bytes: 0 },
      { stream: "leads", status: null, ms: 0, bytes: 0 },
      { stream: "leads", status: 200, ms: 0, bytes },
    ]);
  });
});

describe("the deadline", () => {
  /** A timer that fires when the test says so. */
  function createTimer() {
    const pending = new Set<() => void>();
    const started: number[] = [];
    return {
      started,
      pending,
      startTimer: (ms: number, fire: () => void) => {
        started.push(ms);
        pending.add(fire);
        return () => void pending.delete(fire);
      },
      fire: () => [...pending].forEach((fire) => fire()),
    };
  }

  it("ends a request that is never answered", async () => {
    const timer = createTimer();
    const { fetch } = createFakeFetch(() => {
      queueMicrotask(timer.fire);
      return new Promise(() => {});
    });
    const { client, clock } = createHarness(fetch, timer);
    const error = errorOf(await client.getLeads());
    expect(error).toMatchObject({
      kind: "transient",
      message: "ClientTether did not answer within 30 s four times",
    });
    expect(clock.sleeps).toEqual([1000, 2000, 4000]);
    expect(timer.started).toEqual([30_000, 30_000, 30_000, 30_000]);
  });

  it("covers the body", async () => {
    const timer = createTimer();
    let cancelled = 0;
    const { fetch } = createFakeFetch(() => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode('{"data":['));
          setTimeout(timer.fire);
          return new Promise(() => {});
        },
        cancel: () => void cancelled++,
      });
      return new Response(body);
    });
    const { client } = createHarness(fetch, { ...timer, deadlineMs: 500 });
    const error = errorOf(await client.getLeads());
    expect(error.message).toBe(
      "ClientTether did not answer within 0.5 s four times",
    );
    expect(cancelled).toBe(4);
  });

  it("is stopped as soon as a request ends", async () => {
    const timer = createTimer();
    const { fetch } = createFakeFetch(status(500), new Error("x"), OK);
    await createHarness(fetch, timer).client.getLeads();
    expect(timer.started.length).toBe(3);
    expect(timer.pending.size).toBe(0);
  });
});

describe("the caller's signal", () => {
  it("ends a request under way with its reason", async () => {
    const controller = new AbortController();
    const { fetch } = createFakeFetch(() => {
      queueMicrotask(() => controller.abort(new Error("stopping")));
      return new Promise(() => {});
    });
    const { client } = createHarness(fetch, { signal: controller.signal });
    await expect(client.getLeads()).rejects.toThrow("stopping");
  });

  it("ends a wait between two tries", async () => {
    const controller = new AbortController();
    const { fetch, requests } = createFakeFetch(() => {
      controller.abort(new Error("stopping"));
      return status(500);
    });
    const { client } = createHarness(fetch, { signal: controller.signal });
    await expect(client.getLeads()).rejects.toThrow("stopping");
    expect(requests.length).toBe(1);
  });

  it("that is aborted already lets nothing be asked", async () => {
    const { fetch, requests } = createFakeFetch(OK);
    const signal = AbortSignal.abort(new Error("stopping"));
    const { client } = createHarness(fetch, { signal });
    await expect(client.getLeads()).rejects.toThrow("stopping");
    expect(requests.length).toBe(0);
  });
});
