import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { createTenant, openStore } from "../../lib/store/mod.ts";
import {
  KEY_FIELDS,
  readTenantForm,
  TENANT_FIELDS,
  type TenantValues,
  tenantValues,
  type TypedKeys,
} from "../../lib/web/mod.ts";
import { TestClock } from "../_clock.ts";

const GOOD: TenantValues & TypedKeys = {
  ...tenantValues(),
  name: "Birch Bakery",
  timezone: "America/New_York",
  webKey: "",
  accessToken: "",
};

describe("readTenantForm()", () => {
  it("makes the slug of the name, and takes blanks around values away", () => {
    const { input, problems } = readTenantForm({
      ...GOOD,
      name: "  Café Olé ",
      currency: " eur",
      marketFields: " territory,, region ,",
    });
    expect(problems).toEqual({});
    expect(input).toMatchObject({
      name: "Café Olé",
      slug: "cafe-ole",
      currency: "EUR",
      accent: null,
      fieldAliases: { market: ["territory", "region"] },
    });
  });

  it("asks for a slug where the name gives none", () => {
    const { problems } = readTenantForm({ ...GOOD, name: "東京" });
    expect(Object.keys(problems)).toEqual(["slug"]);
  });

  it("gives a form back as it was", async () => {
    const clock = new TestClock();
    const store = await openStore({ path: ":memory:", clock });
    const form = { ...GOOD, slug: "birch", unitsFields: "a, b" };
    const { input } = readTenantForm(form);
    const { webKey: _, accessToken: __, ...values } = form;
    expect(tenantValues(await createTenant(store, input, clock)))
      .toEqual(values);
    store.close();
  });

  it("finds a problem wherever the store would, and never repeats a key", async () => {
    const clock = new TestClock();
    const store = await openStore({ path: ":memory:", clock });
    let made = 0;
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 120 }),
      fc.constantFrom("", "#0f6b5c", "usd", "Europe/Berlin", "a-b", "\0"),
    );
    const fields = [...TENANT_FIELDS, ...KEY_FIELDS];
    const form = fc.record(
      Object.fromEntries(fields.map((field) => [field, text])),
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(form, async (typed) => {
        const all = { ...GOOD, ...typed };
        const { input, problems } = readTenantForm(all);
        for (const key of KEY_FIELDS) {
          const problem = problems[key];
          if (problem && all[key].length > 40) {
            expect(problem).not.toContain(all[key]);
          }
        }
        if (Object.keys(problems).length > 0) return;
        const slug = `t-${++made}`;
        await createTenant(store, { ...input, slug }, clock);
      }),
      { numRuns: 200 },
    );
    store.close();
  });
});
