import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createClient } from "../../lib/clienttether/mod.ts";
import {
  collect,
  createFakeClock,
  createFakeFetch,
  createHarness,
  createListFetch,
  dataOf,
  envelope,
  errorOf,
  leads,
  START,
  status,
} from "./_helpers.ts";

const OK = envelope(leads(1), 1);

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
