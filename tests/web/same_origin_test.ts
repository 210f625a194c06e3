import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { isSameOrigin } from "../../lib/web/mod.ts";

const PORTAL = "https://portal.example.com";
const FOREIGN = "https://evil.example";

/** [Sec-Fetch-Site, Origin, whether a POST passes] */
const MATRIX: Array<[string | null, string | null, boolean]> = [
  ["same-origin", null, true],
  ["same-origin", PORTAL, true],
  ["same-origin", "http://portal.example.com", true],
  ["same-origin", FOREIGN, false],
  ["same-origin", "null", false],
  ["same-site", null, false],
  ["same-site", PORTAL, false],
  ["same-site", "https://other.example.com", false],
  ["cross-site", null, false],
  ["cross-site", PORTAL, false],
  ["cross-site", FOREIGN, false],
  ["none", null, false],
  ["none", PORTAL, true],
  ["none", FOREIGN, false],
  [null, PORTAL, true],
  [null, "http://portal.example.com", false],
  [null, PORTAL + ":8443", false],
  [null, FOREIGN, false],
  [null, "null", false],
  [null, "", false],
  [null, null, false],
];

describe("isSameOrigin()", () => {
  for (const [site, origin, passes] of MATRIX) {
    const verb = passes ? "lets pass" : "refuses";
    it(`${verb} a POST with Sec-Fetch-Site ${site} and Origin ${origin}`, () => {
      const headers = new Headers();
      if (site !== null) headers.set("sec-fetch-site", site);
      if (origin !== null) headers.set("origin", origin);
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        expect(isSameOrigin(method, headers, PORTAL)).toBe(passes);
      }
      for (const method of ["GET", "HEAD", "OPTIONS"]) {
        expect(isSameOrigin(method, headers, PORTAL)).toBe(true);
      }
    });
  }

  it("lets a bearer token pass, and no other way to sign in", () => {
    const passes = (authorization: string) =>
      isSameOrigin("POST", new Headers({ authorization }), PORTAL);
    expect(passes("Bearer abc")).toBe(true);
    expect(passes("Basic abc")).toBe(false);
  });
});
