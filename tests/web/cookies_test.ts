import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  expiredCookieHeader,
  readSessionToken,
  sessionCookieHeader,
} from "../../lib/web/mod.ts";

describe("sessionCookieHeader()", () => {
  it("is bound to the host and secure on HTTPS", () => {
    expect(sessionCookieHeader("abc", true)).toBe(
      "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure",
    );
  });

  it("has a plain name on plain HTTP, where a browser would refuse the other", () => {
    expect(sessionCookieHeader("abc", false)).toBe(
      "session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400",
    );
  });
});

describe("expiredCookieHeader()", () => {
  it("takes the same cookie away", () => {
    expect(expiredCookieHeader(true)).toBe(
      "__Host-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
    );
  });
});

describe("readSessionToken()", () => {
  const read = (cookie: string, https: boolean) =>
    readSessionToken(new Headers({ cookie }), https);

  it("finds the session among other cookies", () => {
    expect(read("a=1; session=abc; b=2", false)).toBe("abc");
    expect(read("a=1;__Host-session=abc", true)).toBe("abc");
  });

  it("takes no cookie of the other scheme and none that is only alike", () => {
    expect(read("session=abc", true)).toBe(null);
    expect(read("__Host-session=abc", false)).toBe(null);
    expect(read("xsession=abc; session2=abc; session", false)).toBe(null);
    expect(readSessionToken(new Headers(), false)).toBe(null);
  });
});
