import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  type EndpointProbe,
  isSound,
  PROBE_LIMIT,
  probeEndpoints,
  type ProbeOptions,
} from "../../lib/clienttether/mod.ts";
import { probeLines } from "../../cli/_probe_lines.ts";
import {
  ACCESS_TOKEN,
  createFakeClock,
  createFakeFetch,
  envelope,
  json,
  status,
  WEB_KEY,
} from "./_helpers.ts";

type Answer = Parameters<typeof createFakeFetch>[number];

/** Probes with the same answer for every request, or with one for each. */
async function probe(
  answers: Answer | Answer[],
  options: Partial<ProbeOptions> = {},
) {
  const fake = createFakeFetch(...[answers].flat());
  const clock = createFakeClock();
  const probes = await probeEndpoints({
    webKey: WEB_KEY,
    accessToken: ACCESS_TOKEN,
    fetch: fake.fetch,
    clock,
    timezone: "America/New_York",
    maxRps: 0,
    ...options,
  });
  return { probes, clock, requests: fake.requests };
}

const outcomes = (probes: EndpointProbe[]) =>
  Object.fromEntries(
    probes.map(({ endpoint, outcome }) => [endpoint, outcome]),
  );

/** All that an operator gets to see, as text and as JSON. */
const shown = (probes: EndpointProbe[]) =>
  probes.flatMap(probeLines).join("\n") + JSON.stringify(probes);

describe("probeEndpoints()", () => {
  it("asks every endpoint once for one small page", async () => {
    const { requests, probes } = await probe(envelope([{ client_id: "7" }], 1));
    expect(requests.map(({ url }) => url.pathname)).toEqual([
      "/v2/api/read_sales_cycle_list",
      "/v2/api/read_client_list",
      "/v2/api/read_opportunity_list",
      "/v2/api/notes",
      "/v2/api/activities",
      "/v2/api/read_client_history_notes/7",
    ]);
    for (const { url, init } of requests) {
      expect(url.searchParams.get("limit")).toBe(String(PROBE_LIMIT));
      expect(url.searchParams.get("offset")).toBe("0");
      expect(init.redirect).not.toBe("follow");
    }
    expect(probes.map(({ path }) => path).at(-1)).toBe(
      "/v2/api/read_client_history_notes/{contactId}",
    );
  });

  it("says which fields it found under which names, and which it did not", async () => {
    const { probes } = await probe(envelope([
      { client_id: "7", firstName: "Robin", colour: "red" },
      { client_id: "8", firstName: "", colour: "blue" },
    ], 2));
    const leads = probes.find(({ endpoint }) => endpoint === "leads")!;
    expect(leads).toMatchObject({
      outcome: "answered",
      httpStatus: 200,
      rows: 2,
      withoutId: 0,
      problem: null,
    });
    const names = leads.found.flatMap(({ as }) => as);
    expect(names).toEqual(["client_id", "firstName"]);
    expect(leads.missing).toContain("lastName");
    expect(leads.extra).toEqual([{
      name: "colour",
      shapes: [{ shape: "text 3-4", rows: 2 }],
    }]);
    expect(shown(probes)).toContain("missing: ");
  });

  it("looks for a tenant's own names of market and units", async () => {
    const { probes } = await probe(
      envelope([{ client_id: "7", region: "x" }]),
      {
        fieldAliases: { market: ["region"] },
      },
    );
    const leads = probes.find(({ endpoint }) => endpoint === "leads")!;
    const market = leads.found.find(({ field }) => field === "market");
    expect(market).toMatchObject({ as: ["region"] });
  });

  it("tries nothing again", async () => {
    const { probes, requests, clock } = await probe(status(500));
    expect([requests.length, clock.sleeps]).toEqual([5, []]);
    expect(outcomes(probes)).toEqual({
      cycles: "failed",
      leads: "failed",
      opportunities: "failed",
      notes: "failed",
      activities: "failed",
      contactNotes: "not_asked",
    });
  });

  it("asks no further once ClientTether could not be reached", async () => {
    const { probes, requests } = await probe(new TypeError("refused"));
    expect(requests.length).toBe(1);
    expect(new Set(Object.values(outcomes(probes)).slice(1))).toEqual(
      new Set(["not_asked"]),
    );
    expect(probes[1]!.problem).toBe("ClientTether could not be reached before");
  });

  it("keeps within the requests per second that are allowed", async () => {
    const { clock } = await probe(envelope([{ client_id: "7" }]), {
      maxRps: 4,
    });
    expect(clock.sleeps).toEqual([250, 250, 250, 250, 250]);
  });

  it("asks for the notes of somebody who has some, and of no one where nobody is known", async () => {
    const { requests } = await probe([
      envelope([]),
      envelope([{ client_id: "7" }]),
      envelope([]),
      envelope([{ id: "N", contact_id: "8" }]),
      envelope([]),
    ]);
    expect(requests.at(-1)!.url.pathname).toMatch(/\/8$/);
    const { probes } = await probe(envelope([]));
    expect(probes.at(-1)).toMatchObject({
      outcome: "not_asked",
      problem: "No contact is known whose notes could be asked for",
    });
  });

  it("is sound without lists of notes and activities, and no further", async () => {
    const { probes } = await probe(status(404));
    const sound = probes.filter(isSound).map(({ endpoint }) => endpoint);
    expect(sound).toEqual(["notes", "activities", "contactNotes"]);
    const refused = await probe(json({ code: "CT501" }));
    expect(refused.probes.filter(isSound).map(({ outcome }) => outcome))
      .toEqual(["not_asked"]);
    const empty = await probe(envelope([]));
    expect(empty.probes.every(isSound)).toBe(true);
  });

  it("refuses keys that cannot stand in a header, and names neither", async () => {
    const fetch = createFakeFetch().fetch;
    const asked = probe([], { webKey: "two\nlines", fetch });
    await expect(asked).rejects.toMatchObject({ name: "UsageError" });
    await asked.catch(({ message }) => expect(message).not.toContain("lines"));
  });
});

describe("what a probe shows", () => {
  /** A text that stands nowhere but in the answer. */
  const secret = fc.string({ minLength: 8, maxLength: 30, unit: "grapheme" })
    .map((text) => `Zq7${text}`);

  it("is never a value, wherever it stands in an answer", async () => {
    await fc.assert(
      fc.asyncProperty(secret, async (text) => {
        const answers = [
          envelope([{ client_id: text, firstName: text, [text]: text }], text),
          envelope([{ client_id: "7", nested: { [text]: [text] } }, text]),
          json({ code: text, message: text, [text]: text, data: text }),
          json({ code: "CT500", message: text, data: { [text]: text } }),
          json([text, { id: text }]),
          json(`<html>${text}</html>`, { status: 502 }),
        ];
        for (const answer of answers) {
          const { probes } = await probe(answer);
          const all = shown(probes);
          for (const part of [text, JSON.stringify(text).slice(1, -1)]) {
            expect(all.includes(part)).toBe(false);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is never a key, wherever ClientTether repeats it", async () => {
    for (const key of [WEB_KEY, ACCESS_TOKEN]) {
      const name = key.replaceAll("-", "_");
      const answers = [
        envelope([{ client_id: key, [key]: key, [name]: 1 }]),
        json({ code: key, message: `bad key ${key}`, [key]: key }),
        json(`no JSON ${key}`, { headers: { "content-type": key } }),
        new TypeError(`cannot connect with ${key}`),
        status(302, { location: `https://example.com/${key}` }),
        json({ error: key }, { status: 401 }),
      ];
      for (const answer of answers) {
        expect(shown((await probe(answer)).probes)).not.toContain(key);
      }
    }
  });
});
