import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { UsageError } from "../../lib/domain/mod.ts";
import { readConfig } from "../../lib/web/mod.ts";

const MAIL = {
  SMTP_URL: "smtps://portal:secret@mail.example.com",
  MAIL_FROM: "Tetherboard <portal@example.com>",
  PORTAL_URL: "https://portal.example.com/",
};

describe("readConfig(), mail and the portal's address", () => {
  const read = (environment: Record<string, string>) =>
    readConfig((name) => environment[name]);
  const problem = (environment: Record<string, string>) => {
    try {
      read(environment);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return String(error);
    }
    throw new Error("nothing was wrong");
  };

  it("has no mail unless it is told", () => {
    expect(read({})).toMatchObject({ mail: null, portalUrl: null });
    const { PORTAL_URL } = MAIL;
    expect(read({ PORTAL_URL })).toMatchObject({
      mail: null,
      portalUrl: "https://portal.example.com",
    });
  });

  it("takes a server with a sender and the portal's address", () => {
    expect(read(MAIL)).toMatchObject({
      mail: { url: MAIL.SMTP_URL, from: MAIL.MAIL_FROM },
      portalUrl: "https://portal.example.com",
    });
  });

  it("names the variable that is missing or wrong, and no secret", () => {
    for (const name of ["MAIL_FROM", "PORTAL_URL"] as const) {
      expect(problem({ ...MAIL, [name]: "" })).toContain(name);
    }
    const wrong: Record<string, string>[] = [
      { SMTP_URL: "portal:secret@mail.example.com" },
      { SMTP_URL: "https://portal:secret@mail.example.com" },
      { MAIL_FROM: "portal" },
      { PORTAL_URL: "portal.example.com" },
      { PORTAL_URL: "http://portal.example.com" },
      { PORTAL_URL: "https://portal.example.com/portal" },
      { PORTAL_URL: "https://user:secret@portal.example.com" },
    ];
    for (const change of wrong) {
      const said = problem({ ...MAIL, ...change });
      expect(said).toContain(Object.keys(change)[0]);
      expect(said).not.toContain("secret");
    }
  });
});
