import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createClient } from "../../lib/clienttether/mod.ts";
import {
  ACCESS_TOKEN,
  collect,
  createFakeClock,
  createFakeFetch,
  createHarness,
  createListFetch,
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
      ["Connection refused (os error 111)", "refused the connection"],
      ["invalid peer certificate", "showed a certificate that is not valid"],
      [
        "error sending request for url (https://x/?k=1)",
        "could not be reached",
      ],
    ];
    for (const [text, phrase] of phrases) {
      const { fetch } = createFakeFetch(new TypeError(text));
      const error = errorOf(await createHarness(fetch).client.getLeads());
      expect(error).toMatchObject({
        kind: "transient",
        httpStatus: null,
        message: `ClientTether ${phrase} four times`,
      });
    }
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
      json({ status: `CT ${WEB_KEY}`, data: [] }),
    ];
    for (const answer of answers) {
      const { fetch } = createFakeFetch(answer);
      const error = errorOf(await createHarness(fetch).client.getLeads());
      expect(JSON.stringify(error).toLowerCase()).not.toContain(WEB_KEY);
      expect(JSON.stringify(error).toLowerCase()).not.toContain(ACCESS_TOKEN);
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

describe("the pace", () => {
  it("starts at most maxRps requests in any second", async () => {
    const starts: number[] = [];
    const list = leads(950);
    const clock = createFakeClock();
    const { fetch } = createListFetch(() => {
      starts.push(clock.now());
      return { list, total: 950 };
    });
    const { client } = createHarness(fetch, { clock, maxRps: 4 });
    dataOf(await client.getLeads());
    expect(starts.length).toBe(10);
    for (const start of starts) {
      const within = starts.filter((t) => t >= start && t < start + 1000);
      expect(within.length).toBeLessThanOrEqual(4);
    }
  });

  it("is 4 a second unless told, and none with 0", async () => {
    const list = leads(250);
    const sleepsWith = async (maxRps: number | undefined) => {
      const { fetch } = createListFetch(() => ({ list, total: 250 }));
      const { client, clock } = createHarness(fetch, { maxRps });
      await client.getLeads();
      return clock.sleeps;
    };
    expect(await sleepsWith(undefined)).toEqual([250, 250]);
    expect(await sleepsWith(0)).toEqual([]);
  });

  it("survives a clock that is set back", async () => {
    const clock = createFakeClock();
    const { fetch } = createFakeFetch(OK);
    const { client } = createHarness(fetch, { clock, maxRps: 2 });
    await client.getLeads();
    clock.set(START - 86_400_000);
    await client.getLeads();
    expect(clock.sleeps).toEqual([500]);
  });

  it("lets one request go at a time", async () => {
    let open = 0;
    let most = 0;
    const { fetch } = createFakeFetch(async () => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      return OK.clone();
    });
    const { client } = createHarness(fetch);
    await Promise.all([
      client.getLeads(),
      client.getNotes(),
      client.getSalesCycles(),
    ]);
    expect(most).toBe(1);
  });
});

describe("the lists", () => {
  const asked = async (
    call: (client: ReturnType<typeof createClient>) => Promise<unknown>,
  ) => {
    const { fetch, requests } = createFakeFetch(envelope([], 0));
    await call(createHarness(fetch).client);
    return requests.map(({ url }) => url.pathname + url.search);
  };

  it("are asked for at their endpoints", async () => {
    const page = "limit=100&offset=0";
    expect(await asked((c) => c.getOpportunities())).toEqual([
      `/v2/api/read_opportunity_list?${page}`,
    ]);
    expect(await asked((c) => c.getSalesCycles())).toEqual([
      `/v2/api/read_sales_cycle_list?${page}`,
    ]);
    expect(
      await asked((c) => c.getNotes({ since: "2026-07-01T00:00:00.000Z" })),
    ).toEqual([`/v2/api/notes?since=2026-07-01T00%3A00%3A00.000Z&${page}`]);
    expect(await asked((c) => c.getNotes({ contactId: "a&b" }))).toEqual([
      `/v2/api/notes?contact_id=a%26b&${page}`,
    ]);
  });

  it("of activities run from yesterday to 180 days ahead in the tenant's zone", async () => {
    expect(await asked((c) => c.getScheduledActivities())).toEqual([
      "/v2/api/activities?start_date=2026-06-30&end_date=2026-12-28&limit=100&offset=0",
    ]);
    expect(
      await asked((c) => c.getScheduledActivities({ startDate: "2026-07-04" })),
    ).toEqual([
      "/v2/api/activities?start_date=2026-07-04&end_date=2026-12-28&limit=100&offset=0",
    ]);
  });

  it("of a contact's notes come from its history where there is no list", async () => {
    const { fetch, requests } = createFakeFetch(
      status(404),
      envelope([{ id: "n1", note: "Hi" }]),
    );
    const notes = dataOf(
      await createHarness(fetch).client.getNotes({ contactId: "5/6" }),
    );
    expect(notes.map((note) => note.content)).toEqual(["Hi"]);
    expect(requests[1]?.url.pathname).toBe(
      "/v2/api/read_client_history_notes/5%2F6",
    );
  });

  it("of all notes are not found where there is no list", async () => {
    const { fetch } = createFakeFetch(status(404));
    const error = errorOf(await createHarness(fetch).client.getNotes());
    expect(error.kind).toBe("not_found");
  });

  it("ask nothing for a contact whose id would change the path", async () => {
    for (const contactId of ["", ".", "..", "\ud800", undefined]) {
      const { fetch, requests } = createFakeFetch(OK);
      const { client } = createHarness(fetch);
      const [response] = await collect(
        client.pages("contactNotes", { contactId }),
      );
      expect(response && errorOf(response)).toMatchObject({
        kind: "terminal",
        message:
          "ClientTether cannot be asked for this contact: its id does not fit into an address",
      });
      expect(requests.length).toBe(0);
    }
  });

  it("hold a record that comes twice once, as it was newest", async () => {
    const row = (id: string, city: string, last_modified_date: string) => ({
      client_id: id,
      city,
      last_modified_date,
    });
    const { fetch } = createFakeFetch(
      envelope([
        row("1", "new", "2026-06-02"),
        row("2", "old", "2026-06-01"),
        row("1", "older", "2026-06-01"),
        row("2", "newer", "2026-06-03"),
        {},
        {},
      ]),
    );
    const list = dataOf(await createHarness(fetch).client.getLeads());
    expect(list.map((lead) => [lead.client_id, lead.city])).toEqual([
      ["1", "new"],
      ["2", "newer"],
      [null, null],
      [null, null],
    ]);
  });
});
