import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type Fault } from "../../../lib/clienttether/simulator/mod.ts";
import { ask, bodyOf, simulatorOf, START } from "./_fixture.ts";
import { LEADS, PAGE_2, spoilt } from "./_faults_fixture.ts";

describe("answers that are no list", () => {
  it("1: bare statuses of servers in trouble", async () => {
    for (const status of [500, 502, 503, 504]) {
      const response = await ask(
        spoilt({ kind: "http_status", status }),
        LEADS,
      );
      expect(response.status).toBe(status);
    }
  });

  it("2: 429 with Retry-After in seconds", async () => {
    const response = await ask(
      spoilt({ kind: "rate_limited", seconds: 90 }),
      LEADS,
    );
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("90");
  });

  it("3: 429 with Retry-After as a date, past, garbage, or missing", async () => {
    const retryAfter = async (
      form: "date" | "past" | "garbage" | "none",
    ) => {
      const fault: Fault = { kind: "rate_limited_odd", form, seconds: 30 };
      const response = await ask(spoilt(fault), LEADS);
      expect(response.status).toBe(429);
      return response.headers.get("retry-after");
    };
    expect(Date.parse(await retryAfter("date") ?? "")).toBe(START + 30_000);
    expect(Date.parse(await retryAfter("past") ?? "")).toBeLessThan(START);
    expect(Number.isNaN(Date.parse(await retryAfter("garbage") ?? "")))
      .toBe(true);
    expect(await retryAfter("none")).toBe(null);
  });

  it("4: a connection that is refused, as a fetch would say it", async () => {
    await expect(ask(spoilt({ kind: "connection" }), LEADS)).rejects.toThrow(
      "Connection refused",
    );
  });

  it("8: an HTML page with status 200", async () => {
    const response = await ask(spoilt({ kind: "html" }), LEADS);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("<h1>");
  });

  it("9: good JSON under a wrong content type", async () => {
    const response = await ask(spoilt({ kind: "content_type" }), LEADS);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect((await bodyOf(response)).TotalRecord).toBe(250);
  });

  it("10: an error code in the body under HTTP 200", async () => {
    const fault: Fault = {
      kind: "result_code",
      code: "CT400",
      field: "Response_Code",
    };
    const response = await ask(spoilt(fault), LEADS);
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).Response_Code).toBe("CT400");
  });

  it("11: a redirect", async () => {
    const to = "http://127.0.0.1:9/x";
    const response = await ask(spoilt({ kind: "redirect", to }), LEADS);
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(to);
  });

  it("12: an expired token", async () => {
    const response = await ask(spoilt({ kind: "token_expired" }), LEADS);
    expect(response.status).toBe(401);
    expect((await bodyOf(response)).code).toBe("CT501");
  });

  it("13: a key that is revoked in the middle of a run, for good", async () => {
    const simulator = simulatorOf();
    simulator.faults.add({ kind: "key_revoked", brand: "key-a", call: 3 });
    const codes: unknown[] = [];
    for (const path of [LEADS, PAGE_2, "read_opportunity_list", "notes"]) {
      codes.push((await bodyOf(await ask(simulator, path))).code);
    }
    expect(codes).toEqual([undefined, undefined, "CT501", "CT501"]);
    const forbidden = spoilt({ kind: "key_revoked", style: "http403" });
    expect((await ask(forbidden, LEADS)).status).toBe(403);
  });
});
