import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type AuditEntry,
  listAudit,
  type Tenant,
} from "../../lib/store/mod.ts";
import { DENIAL_LIMITS } from "../../lib/web/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";

const EACH = DENIAL_LIMITS.user.each;

describe("refusals in the audit log", () => {
  let app: TestApp;
  let acme: Tenant;
  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
  });
  afterEach(() => app.close());

  const viewer = async (): Promise<TestBrowser> =>
    await app.signedIn(await app.createUser("tenant_viewer", acme.id));
  const refuse = async (browser: TestBrowser, times: number) => {
    const answers = Array.from({ length: times }, async (_, n) => {
      const path = n % 2 ? "/admin/tenants" : "/leads?w=nowhere";
      const { status, body } = await browser.get(path);
      await body?.cancel();
      return status;
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set([403, 404]));
  };
  const denials = async (): Promise<AuditEntry[]> => {
    const query = { limit: 1_000, action: "access.denied" };
    return (await listAudit(app.store, query)).rows;
  };

  it("are written one by one, then with their count whenever it has doubled", async () => {
    const browser = await viewer();
    await refuse(browser, 4 * EACH);
    const rows = await denials();
    expect(rows).toHaveLength(EACH + 2);
    const counts = rows.map(({ detail }) => detail.deniedThisHour)
      .filter((count) => count !== undefined);
    expect(counts.toSorted((a, b) => Number(a) - Number(b)))
      .toEqual([2, 4].map((times) => times * EACH));
  });

  it("of one person leave room for those of another, and for those of the next hour", async () => {
    const browser = await viewer();
    await refuse(browser, EACH + 2);
    expect(await denials()).toHaveLength(EACH);
    await refuse(await viewer(), 2);
    expect(await denials()).toHaveLength(EACH + 2);
    app.clock.advance(DENIAL_LIMITS.user.windowMs);
    await refuse(browser, 2);
    expect(await denials()).toHaveLength(EACH + 4);
  });

  it("from one address are bounded, however many accounts it has", async () => {
    const people = await Promise.all(Array.from({ length: 12 }, viewer));
    for (const person of people) await refuse(person, EACH);
    const { each } = DENIAL_LIMITS.address;
    const rows = await denials();
    expect(rows).toHaveLength(each + 1);
    expect(rows[0]!.detail.deniedFromThisAddress).toBe(2 * each);
  });
});
