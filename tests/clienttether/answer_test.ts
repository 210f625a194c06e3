import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  bytes,
  createFakeFetch,
  createHarness,
  envelope,
  errorOf,
  firstOf,
  json,
  leads,
  pageOf,
  status,
} from "./_helpers.ts";

async function failureOf(answer: Response) {
  const { response, tries } = await firstOf(answer);
  return { ...errorOf(response), tries };
}

describe("an envelope", () => {
  it("carries rows and their total as a number, as text, or not at all", async () => {
    const total = async (given: unknown) =>
      (await pageOf(envelope(leads(2), given))).total;
    expect(await total(2)).toBe(2);
    expect(await total(" 2 ")).toBe(2);
    expect(await total("")).toBe(null);
    expect(await total(undefined)).toBe(null);
  });

  it("warns of a total that is no count and goes on without it", async () => {
    for (const odd of [-1, 1.5, "many", true, {}]) {
      const page = await pageOf(envelope(leads(2), odd));
      expect(page.total).toBe(null);
      expect(page.warnings).toEqual([
        "ClientTether sent a TotalRecord that is no count",
      ]);
    }
  });

  it("is read in any case", async () => {
    const page = await pageOf(json({ Data: leads(1), totalrecord: 1 }));
    expect(page.rows.map((row) => row.id)).toEqual(["1"]);
    expect(page.total).toBe(1);
    expect(page.envelope).toEqual({
      httpStatus: 200,
      code: null,
      keys: ["Data", "totalrecord"],
    });
  });

  it("is empty as [], null, blank text and CT515", async () => {
    const empties = [
      { data: [] },
      { data: null },
      { data: "" },
      { code: "CT515", message: "No record found" },
      { status: "CT_515", data: { nothing: true } },
    ];
    for (const body of empties) {
      expect((await pageOf(json(body))).rows).toEqual([]);
    }
  });

  it("may be missing around a list", async () => {
    const page = await pageOf(json(leads(2)));
    expect(page.rows.map((row) => row.id)).toEqual(["1", "2"]);
    expect(page.total).toBe(null);
  });

  it("is damaged when its data is no list", async () => {
    const bodies = [
      { data: { id: 1 } },
      { data: "x" },
      { data: 0 },
      {},
      5,
      "x",
    ];
    for (const body of [...bodies, { code: "CT200" }, { rows: [] }]) {
      const error = await failureOf(json(JSON.stringify(body)));
      expect(error).toMatchObject({
        kind: "damaged",
        message: "ClientTether sent an answer that is not a list",
        tries: 1,
      });
    }
  });
});

describe("a result code", () => {
  it("of success changes nothing, in either spelling", async () => {
    for (const code of ["CT200", "CT_200", "ct200", 200, "200", "success"]) {
      const page = await pageOf(json({ code, data: leads(1) }));
      expect(page.rows.length).toBe(1);
    }
  });

  it("is heard before the data, in every field that may hold it", async () => {
    for (const field of ["code", "Status", "STATUS_CODE", "response_code"]) {
      const error = await failureOf(json({ [field]: "CT400", data: leads(1) }));
      expect(error).toMatchObject({
        kind: "terminal",
        code: "CT400",
        httpStatus: 200,
        message: "ClientTether answered CT400 (bad request)",
        tries: 1,
      });
    }
  });

  it("CT501 is a refused key, never tried again, under any status", async () => {
    for (const httpStatus of [200, 400, 404, 429, 500, 501]) {
      const body = { code: "CT501", data: leads(1) };
      const error = await failureOf(json(body, { status: httpStatus }));
      expect(error).toMatchObject({
        kind: "refused",
        httpStatus,
        code: "CT501",
        message:
          "ClientTether refused the web key: it answered CT501 (the key is missing)",
        tries: 1,
      });
    }
  });

  it("CT501 outweighs a success beside it", async () => {
    const error = await failureOf(json({ status: 200, code: "CT501" }));
    expect(error.kind).toBe("refused");
  });

  it("CT500 is tried again", async () => {
    const error = await failureOf(json({ code: "CT500" }));
    expect(error).toMatchObject({
      kind: "transient",
      message: "ClientTether answered CT500 (unknown error) four times",
      tries: 4,
    });
  });

  it("CT404 means that the endpoint is not there", async () => {
    const error = await failureOf(json({ code: "CT404", data: [] }));
    expect(error).toMatchObject({ kind: "not_found", tries: 1 });
  });

  it("that nobody knows, and a word of failure, are terminal", async () => {
    for (const code of ["CT512", "CT999", "CTX", "error", "Failed"]) {
      const error = await failureOf(json({ status: code, data: [] }));
      expect(error).toMatchObject({ kind: "terminal", tries: 1 });
    }
  });
});

describe("an HTTP status", () => {
  it("401 and 403 are a refused key", async () => {
    for (const code of [401, 403]) {
      const error = await failureOf(status(code));
      expect(error).toMatchObject({
        kind: "refused",
        httpStatus: code,
        message: `ClientTether refused the web key: it answered ${code}`,
        tries: 1,
      });
    }
  });

  it("404 means not found", async () => {
    const error = await failureOf(status(404));
    expect(error).toMatchObject({
      kind: "not_found",
      message: "ClientTether answered 404 (not found)",
      tries: 1,
    });
  });

  it("404 with CT515 is an empty list", async () => {
    const page = await pageOf(json({ code: "CT515" }, { status: 404 }));
    expect(page.rows).toEqual([]);
  });

  it("that can pass is tried four times", async () => {
    for (const code of [408, 425, 500, 502, 503, 504]) {
      const error = await failureOf(status(code));
      expect(error).toMatchObject({
        kind: "transient",
        httpStatus: code,
        message: `ClientTether answered ${code} four times`,
        tries: 4,
      });
    }
  });

  it("of any other refusal is terminal at once", async () => {
    for (const code of [400, 402, 405, 409, 410, 422]) {
      const error = await failureOf(status(code));
      expect(error).toMatchObject({ kind: "terminal", tries: 1 });
    }
    const error = await failureOf(json({ code: "CT500" }, { status: 400 }));
    expect(error).toMatchObject({ kind: "terminal", tries: 1 });
  });

  it("of a redirect is terminal, and nothing is asked of its target", async () => {
    for (const code of [301, 302, 303, 307, 308]) {
      const error = await failureOf(
        status(code, { location: "https://other.example.com/" }),
      );
      expect(error).toMatchObject({
        kind: "terminal",
        httpStatus: code,
        message: "ClientTether redirected the request; redirects are refused",
        tries: 1,
      });
    }
  });
});

describe("a body", () => {
  it("of truncated JSON is tried again, and never an empty list", async () => {
    for (const text of ["", '{"data":[{"client_id":"1"', '{"data":[]']) {
      const error = await failureOf(json(text));
      expect(error).toMatchObject({
        kind: "transient",
        message:
          "ClientTether sent an answer that is not complete JSON four times",
        tries: 4,
      });
    }
  });

  it("of HTML with 200 is tried again", async () => {
    const html = new Response("<!doctype html><p>Maintenance</p>", {
      headers: { "content-type": "text/html" },
    });
    const error = await failureOf(html);
    expect(error).toMatchObject({
      kind: "transient",
      message:
        "ClientTether answered with a web page instead of data four times",
      tries: 4,
    });
  });

  it("of good JSON is taken under a wrong content type, with a warning", async () => {
    const page = await pageOf(
      json({ data: leads(1) }, { headers: { "content-type": "text/html" } }),
    );
    expect(page.rows.length).toBe(1);
    expect(page.warnings).toEqual([
      "ClientTether declared its answer as 'text/html' instead of JSON",
    ]);
  });

  it("over the cap is refused and not asked for again", async () => {
    const { fetch, requests } = createFakeFetch(envelope(leads(200)));
    const { client } = createHarness(fetch, {
      bodyCapBytes: 2048,
    });
    const error = errorOf(await client.getLeads());
    expect(error.kind).toBe("damaged");
    expect(error.message).toBe(
      "ClientTether sent more than 0.002 MiB in one answer",
    );
    expect(requests.length).toBe(1);
  });

  it("may begin with a byte order mark", async () => {
    const page = await pageOf(bytes([0xef, 0xbb, 0xbf], '{"data":[{"id":1}]}'));
    expect(page.rows[0]).toMatchObject({ id: "1", raw: '{"id":1}' });
  });
});
