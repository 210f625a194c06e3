import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { inWorkspace, localUrl, safeNext } from "../../lib/web/mod.ts";

const PORTAL = "https://portal.example.com";

describe("safeNext()", () => {
  it("keeps pages of the portal with their query", () => {
    expect(safeNext("/leads")).toBe("/leads");
    expect(safeNext("/notes?search=a%20b&w=acme")).toBe(
      "/notes?search=a%20b&w=acme",
    );
    expect(safeNext("/notes/a%2Fb")).toBe("/notes/a%2Fb");
    expect(safeNext("/leads#row")).toBe("/leads");
  });

  it("refuses whatever leads, or could lead, elsewhere", () => {
    const elsewhere = [
      null,
      "",
      "leads",
      "https://evil.example/",
      "//evil.example/",
      "///evil.example/",
      "/\\evil.example",
      "\\/evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      "/.//evil.example",
      "/x/..//evil.example",
      "/%2e//evil.example",
      "javascript:alert(1)",
      " /leads",
      "/" + "a".repeat(2000),
    ];
    for (const next of elsewhere) expect(safeNext(next)).toBe(null);
  });

  it("refuses addresses that are not pages to come back to", () => {
    const others = ["/login", "/login?next=/login", "/logout", "/api/reports"];
    for (const next of others) expect(safeNext(next)).toBe(null);
    expect(safeNext("/login-help")).toBe("/login-help");
  });

  it("never returns what a browser would take to another origin", () => {
    const part = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "@",
      ":",
      "evil.example",
      "\t",
      "%2f",
      "%5c",
      "?",
      "#",
      "a",
    );
    const address = fc.array(part, { maxLength: 8 }).map((parts) =>
      "/" + parts.join("")
    );
    fc.assert(fc.property(address, (text) => {
      const next = safeNext(text);
      if (next === null) return;
      expect(new URL(next, PORTAL).origin).toBe(PORTAL);
      expect(safeNext(next)).toBe(next);
    }));
  });
});

describe("localUrl()", () => {
  it("leaves out what is null and escapes the rest", () => {
    expect(localUrl("/login", { next: null })).toBe("/login");
    expect(localUrl("/login", { next: "/leads?a=1&b=2" })).toBe(
      "/login?next=%2Fleads%3Fa%3D1%26b%3D2",
    );
  });
});

describe("inWorkspace()", () => {
  it("sets the workspace and keeps the rest", () => {
    expect(inWorkspace("/leads", "acme")).toBe("/leads?w=acme");
    expect(inWorkspace("/leads?source=Web&w=bravo", "acme")).toBe(
      "/leads?source=Web&w=acme",
    );
  });
});
