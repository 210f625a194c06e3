import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { STREAMS } from "../../../lib/domain/mod.ts";
import { expectFailed, expectRefused, expectSuccess } from "./_expect.ts";
import { Twins } from "./_matrix.ts";
import { breakable } from "./_way.ts";

const leads = { stream: "leads" } as const;
const ALL = "Sales cycles, leads, opportunities, notes and activities";

describe("an answer that is none", () => {
  it("row 7: truncated JSON is tried again and never taken for an empty list", async () => {
    await using twins = await Twins.create();
    for (const after of [0, 0.01, 0.5, 0.99]) {
      const seen = await twins.under({
        kind: "truncated_json",
        after,
        ...leads,
      });
      expectFailed(
        seen,
        "Leads: ClientTether sent an answer that is not complete JSON four times.",
        "leads",
      );
    }
    expectSuccess(
      await twins.under({ kind: "truncated_json", call: 2, ...leads }),
    );
    await twins.heal();
  });

  it("row 8: a web page with status 200 is refused by its shape", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({ kind: "html", ...leads });
    expectFailed(
      seen,
      "Leads: ClientTether answered with a web page instead of data four times.",
      "leads",
    );
    await twins.heal();
  });

  it("row 8: JSON that is no list is refused by its shape, at once", async () => {
    const way = breakable();
    await using twins = await Twins.create({ fetch: way.fetch });
    for (const body of ["42", "{}", '{"data":{"client_id":"1"}}', "null"]) {
      way.breakWith(() => Promise.resolve(new Response(body)));
      const seen = await twins.under([]);
      expectFailed(
        seen,
        `${ALL}: ClientTether sent an answer that is not a list.`,
        ...STREAMS,
      );
      expect(seen.waits).toEqual([]);
    }
    way.breakWith(null);
    await twins.heal();
  });

  it("row 9: good JSON under another content type is taken", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under([
      { kind: "content_type", ...leads },
      { kind: "content_type", value: "text/plain", stream: "notes" },
    ]);
    expectSuccess(seen);
    expect(seen.report.streams.leads).toMatchObject({
      fetched: twins.brand.counts().leads,
    });
    await twins.heal();
  });

  it("row 10: a result code under 200 is heard before the data is read", async () => {
    await using twins = await Twins.create();
    const code = (code: string, call?: number) =>
      twins.under({
        kind: "result_code",
        code,
        ...leads,
        ...(call ? { call } : {}),
      });
    expectFailed(
      await code("CT500"),
      "Leads: ClientTether answered CT500 (unknown error) four times.",
      "leads",
    );
    for (
      const [name, said] of [
        ["CT400", "CT400 (bad request)"],
        ["CT404", "CT404 (not found)"],
        ["CT777", "CT777"],
      ] as const
    ) {
      const seen = await code(name);
      expectFailed(seen, `Leads: ClientTether answered ${said}.`, "leads");
      expect(seen.asked("leads")).toBe(1);
    }
    expectRefused(
      await code("CT501"),
      "ClientTether refused the web key: it answered CT501 (the key is missing).",
      "leads",
      "opportunities",
      "notes",
      "activities",
    );
    expectSuccess(await code("CT500", 1));
    await twins.heal();
  });

  it("row 11: a redirect, over HTTP, is refused and the keys go nowhere else", async () => {
    let arrived = 0;
    const elsewhere = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => {
        arrived++;
        return Response.json({ data: [], TotalRecord: 0 });
      },
    );
    await using twins = await Twins.create({ http: true });
    const to = `http://127.0.0.1:${elsewhere.addr.port}/`;
    for (const status of [301, 302, 303, 307, 308] as const) {
      const seen = await twins.under({
        kind: "redirect",
        to,
        status,
        ...leads,
      });
      expectFailed(
        seen,
        "Leads: ClientTether redirected the request; redirects are refused.",
        "leads",
      );
      expect(seen.asked("leads")).toBe(1);
    }
    expect(arrived).toBe(0);
    await elsewhere.shutdown();
    await twins.heal();
  });

  it("row 25: a giant body is cut off at 32 MiB, plain and, over HTTP, unpacked from a small one", async () => {
    await using plain = await Twins.create();
    await using packed = await Twins.create({ http: true });
    for (const [twins, gzip] of [[plain, false], [packed, true]] as const) {
      const bytes = 40 * 1024 * 1024;
      const fault = { kind: "giant_body", gzip, bytes, ...leads } as const;
      const seen = await twins.under(fault);
      expectFailed(
        seen,
        "Leads: ClientTether sent more than 32 MiB in one answer.",
        "leads",
      );
      expect(seen.asked("leads")).toBe(1);
      await twins.heal();
    }
  });
});

describe("a key that is refused", () => {
  it("row 12: an expired token ends the asking, and the data stays", async () => {
    await using twins = await Twins.create();
    const seen = await twins.under({ kind: "token_expired" });
    expectRefused(
      seen,
      "ClientTether refused the web key: it answered 401.",
      ...STREAMS,
    );
    expect(seen.asked("cycles")).toBe(1);
    expect(seen.after.views).toEqual(seen.before.views);
    await twins.heal();
  });

  it("row 13: a key revoked in the middle of a list stops the tenant there", async () => {
    await using twins = await Twins.create();
    for (
      const [style, said] of [
        ["http401", "401"],
        ["http403", "403"],
        ["CT501", "CT501 (the key is missing)"],
      ] as const
    ) {
      const seen = await twins.under({
        kind: "key_revoked",
        style,
        call: 2,
        ...leads,
      });
      expectRefused(
        seen,
        `ClientTether refused the web key: it answered ${said}.`,
        "leads",
        "opportunities",
        "notes",
        "activities",
      );
      expect(seen.asked("leads")).toBe(2);
      expect(seen.report.streams.cycles!.status).toBe("success");
    }
    await twins.heal();
  });
});
