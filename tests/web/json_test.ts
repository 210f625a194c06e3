import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { jsonAnswer } from "../../lib/web/mod.ts";

const ask = (ifNoneMatch?: string) =>
  new Request("http://portal.example.com/api/x", {
    headers: ifNoneMatch ? { "if-none-match": ifNoneMatch } : {},
  });

describe("jsonAnswer()", () => {
  it("sends the body with an ETag that follows the content", async () => {
    const answer = jsonAnswer(ask(), { a: 1 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    expect(await answer.json()).toEqual({ a: 1 });
    const etag = answer.headers.get("etag");
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(jsonAnswer(ask(), { a: 1 }).headers.get("etag")).toBe(etag);
    expect(jsonAnswer(ask(), { a: 2 }).headers.get("etag")).not.toBe(etag);
  });

  it("answers 304 without a body to whoever has it already, weakly or in a list", async () => {
    const etag = jsonAnswer(ask(), { a: 1 }).headers.get("etag") ?? "";
    for (const tag of [etag, `W/${etag}`, `"x", W/${etag}`, "*"]) {
      const answer = jsonAnswer(ask(tag), { a: 1 });
      expect(answer.status).toBe(304);
      expect(answer.headers.get("etag")).toBe(etag);
      expect(answer.headers.get("cache-control")).toBe("private, no-cache");
      expect(await answer.text()).toBe("");
    }
    expect(jsonAnswer(ask(etag), { a: 2 }).status).toBe(200);
    expect(jsonAnswer(ask('"x"'), { a: 1 }).status).toBe(200);
  });
});
