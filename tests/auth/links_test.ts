import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  hashToken,
  invite,
  isMailable,
  makeResetLink,
  MAX_NAME_LENGTH,
  nameProblem,
} from "../../lib/auth/mod.ts";
import {
  createTenant,
  createUser,
  listMemberships,
  openStore,
  type Store,
  type Tenant,
  type User,
} from "../../lib/store/mod.ts";
import { TestClock } from "../_clock.ts";

describe("one-time links", () => {
  let kv: Deno.Kv;
  let store: Store;
  let clock: TestClock;
  let acme: Tenant;
  let agency: User;

  beforeEach(async () => {
    clock = new TestClock();
    kv = await Deno.openKv(":memory:");
    store = await openStore({ kv, clock });
    acme = await createTenant(store, { name: "Acme", timezone: "UTC" }, clock);
    agency = await createUser(store, {
      email: "agency@example.com",
      name: "Avery Agency",
      passwordHash: "scrypt$…",
      membership: { scope: "*", role: "agency_admin" },
    }, clock);
  });

  afterEach(() => store.close());

  const rows = async () => {
    const found = [];
    for await (const row of kv.list<Record<string, unknown>>({ prefix: [] })) {
      found.push(row);
    }
    return found;
  };

  it("keep the hash of a token of 256 random bits, and say until when they are good", async () => {
    const memberships = await listMemberships(store, agency.id);
    const { token } = await invite(store, { user: agency, memberships }, {
      email: "Robin@Example.com",
      role: "tenant_viewer",
      scope: acme.id,
    }, clock);
    const reset = await makeResetLink(store, agency.id, agency.id, clock);
    const all = await rows();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(reset).toMatch(/^[\w-]{43}$/);
    const text = JSON.stringify(all.map(({ key, value }) => [key, value]));
    expect(text).not.toContain(token);
    expect(text).not.toContain(reset);
    const links = all.filter(({ key }) => key[0] === "links");
    expect(links.map(({ key }) => key[1]).sort())
      .toEqual([hashToken(token), hashToken(reset)].sort());
    expect(links.map(({ value }) => value)).toContainEqual({
      purpose: "invite",
      email: "robin@example.com",
      role: "tenant_viewer",
      scope: acme.id,
      createdBy: agency.id,
      createdAt: "2026-03-11T15:00:00.000Z",
      expiresAt: "2026-03-18T15:00:00.000Z",
    });
    expect(links.map(({ value }) => value)).toContainEqual({
      purpose: "reset",
      userId: agency.id,
      createdBy: agency.id,
      createdAt: "2026-03-11T15:00:00.000Z",
      expiresAt: "2026-03-11T16:00:00.000Z",
    });
  });
});

describe("isMailable()", () => {
  it("takes addresses that have one reading alone", () => {
    for (
      const email of ["a@example.com", "a.b+c@example.com", "ü@example.com"]
    ) {
      expect(isMailable(email)).toBe(true);
    }
    const others = [
      "a,b@example.com",
      '"a"@example.com',
      "<a>@example.com",
      "a;b@example.com",
      "a(b)@example.com",
      "a@[127.0.0.1]",
    ];
    for (const email of others) expect(isMailable(email)).toBe(false);
  });
});

describe("nameProblem()", () => {
  it("wants a name of some length, in any alphabet, in one line", () => {
    for (const name of ["Robin", "Ng", "Łukasz Żak", "山田太郎"]) {
      expect(nameProblem(name)).toBe(null);
    }
    expect(nameProblem("   ")).toContain("missing");
    expect(nameProblem("Robin\nBcc: a@example.com")).toContain("characters");
    expect(nameProblem("\ud800")).toContain("characters");
    expect(nameProblem("é".repeat(MAX_NAME_LENGTH))).toBe(null);
    expect(nameProblem("é".repeat(MAX_NAME_LENGTH + 1))).toContain("too long");
  });
});
