import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { STREAMS } from "../../../lib/domain/mod.ts";
import { SECOND } from "../../_clock.ts";
import { expectFailed, expectSuccess } from "./_expect.ts";
import { Twins } from "./_matrix.ts";
import { hastenDeadlines } from "./_time.ts";
import { breakable } from "./_way.ts";

const BACKOFF = [1 * SECOND, 2 * SECOND, 4 * SECOND];
const leads = { stream: "leads" } as const;
const ALL = "Sales cycles, leads, opportunities, notes and activities";

describe("a request that fails", () => {
  it("row 1: a 5xx is tried three times more, then its stream alone fails", async () => {
    await using twins = await Twins.create();
    for (const status of [500, 502, 503, 504]) {
      const seen = await twins.under({ kind: "http_status", status, ...leads });
      expectFailed(
        seen,
        `Leads: ClientTether answered ${status} four times.`,
        "leads",
      );
      expect(seen.asked("leads")).toBe(4);
      expect(seen.waits).toEqual(BACKOFF);
    }
    await twins.heal();
  });

  it("row 1: a 5xx that passes in time costs nothing but the time", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({
      kind: "http_status",
      call: { to: 3 },
      ...leads,
    });
    expectSuccess(seen);
    expect(seen.waits).toEqual(BACKOFF);
    await twins.heal();
  });

  it("row 2: a 429 is waited for as long as it asks", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({
      kind: "rate_limited",
      seconds: 42,
      call: 2,
      ...leads,
    });
    expectSuccess(seen);
    expect(seen.waits).toEqual([42 * SECOND]);
    await twins.heal();
  });

  it("row 2: a 429 that asks for more than a minute fails its stream, and the next run goes on", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({
      kind: "rate_limited",
      seconds: 600,
      call: 2,
      ...leads,
    });
    expectFailed(
      seen,
      "Leads: ClientTether answered 429 and asked to wait 600 s.",
      "leads",
    );
    expect(seen.asked("leads")).toBe(2);
    expect(seen.waits).toEqual([]);
    expectSuccess(await twins.under([]));
    await twins.heal();
  });

  it("row 3: a Retry-After that is a date is waited for, a past one or garbage is the usual backoff", async () => {
    await using twins = await Twins.create();
    const fault = { kind: "rate_limited_odd", call: 1, ...leads } as const;
    const dated = await twins.under({ ...fault, form: "date", seconds: 20 });
    expectSuccess(dated);
    expect(dated.waits).toEqual([20 * SECOND]);
    for (const form of ["past", "garbage", "none"] as const) {
      const seen = await twins.under({ ...fault, form });
      expectSuccess(seen);
      expect(seen.waits).toEqual([1 * SECOND]);
    }
    await twins.heal();
  });

  it("row 3: a 429 that never ends fails its stream after four tries", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({
      kind: "rate_limited_odd",
      form: "garbage",
      ...leads,
    });
    expectFailed(seen, "Leads: ClientTether answered 429 four times.", "leads");
    expect(seen.waits).toEqual(BACKOFF);
    await twins.heal();
  });

  it("row 4: a refused connection, over HTTP, is tried again and fails every stream", async () => {
    await using twins = await Twins.create({ http: true });
    await twins.hangUp();
    const seen = await twins.under([]);
    expectFailed(
      seen,
      `${ALL}: ClientTether refused the connection four times.`,
      ...STREAMS,
    );
    expect(seen.after.views).toEqual(seen.before.views);
    expect(seen.after.hotList).toEqual(seen.before.hotList);
    twins.pickUp();
    await twins.heal();
  });

  it("row 4: a name that is not found, and a connection that breaks, are tried again", async () => {
    const way = breakable();
    await using twins = await Twins.create({ fetch: way.fetch });
    way.breakWith(() =>
      Promise.reject(
        new TypeError("error sending request", {
          cause: new Error("dns error: failed to lookup address"),
        }),
      )
    );
    const unknown = await twins.under([]);
    expectFailed(
      unknown,
      `${ALL}: ClientTether could not be found (DNS) four times.`,
      ...STREAMS,
    );
    way.breakWith(null);
    const refused = await twins.under({ kind: "connection", ...leads });
    expectFailed(
      refused,
      "Leads: ClientTether refused the connection four times.",
      "leads",
    );
    await twins.heal();
  });

  it("row 4: a connection that is never made meets the deadline", async () => {
    const way = breakable();
    await using twins = await Twins.create({ fetch: way.fetch });
    way.breakWith(() => new Promise(() => {}));
    using _ = hastenDeadlines();
    const seen = await twins.under([]);
    expectFailed(
      seen,
      `${ALL}: ClientTether did not answer within 30 s four times.`,
      ...STREAMS,
    );
    way.breakWith(null);
    await twins.heal();
  });

  it("row 5: a stall in the middle of a body, over HTTP, meets the deadline", async () => {
    await using twins = await Twins.create({ http: true });
    {
      using _ = hastenDeadlines();
      const seen = await twins.under({ kind: "stall", ...leads });
      expectFailed(
        seen,
        "Leads: ClientTether did not answer within 30 s four times.",
        "leads",
      );
      const passing = await twins.under({ kind: "stall", call: 2, ...leads });
      expectSuccess(passing);
    }
    await twins.heal();
  });

  it("row 6: a reset in the middle of a body, over HTTP, has the page read again and leaves nothing behind", async () => {
    await using twins = await Twins.create({ http: true });
    const lasting = await twins.under({
      kind: "reset",
      call: { from: 2 },
      ...leads,
    });
    expectFailed(
      lasting,
      "Leads: ClientTether broke off its answer four times.",
      "leads",
    );
    // The first page once, the second four times.
    expect(lasting.asked("leads")).toBe(5);
    const passing = await twins.under({ kind: "reset", call: 2, ...leads });
    expectSuccess(passing);
    expect(passing.asked("leads")).toBe(3);
    await twins.heal();
  });
});
