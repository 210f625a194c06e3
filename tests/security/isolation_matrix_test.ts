import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { EVERY_TENANT, listMembers, type User } from "../../lib/store/mod.ts";
import { readWhole } from "../_app.ts";
import { allRows } from "../_dump.ts";
import { strayKeys } from "./_kv_spy.ts";
import { DOORS, FORMS, type MatrixRole, pathIds, ROLES } from "./_matrix.ts";
import {
  allCases,
  type Case,
  isInWorkspace,
  nameOf,
  requestOf,
} from "./_matrix_cases.ts";
import { readRoutes, type Route } from "./_routes.ts";
import {
  type BrandThings,
  holds,
  openTwoBrands,
  type TwoBrands,
} from "./_two_brands.ts";
import { wrongAnswer } from "./_matrix_verdict.ts";

describe("check 18 to 21: a brand's things stay its own", () => {
  let brands: TwoBrands;
  let routes: Route[];
  const users = new Map<MatrixRole, User>();
  beforeAll(async () => {
    brands = await openTwoBrands();
    routes = await readRoutes();
    const { app, own, foreign } = brands;
    users.set("tenant_viewer", await app.createUser("tenant_viewer", own.id));
    users.set("tenant_admin", await app.createUser("tenant_admin", own.id));
    users.set("agency_admin", await app.createUser("agency_admin"));
    users.set(
      "other_viewer",
      await app.createUser("tenant_viewer", foreign.id),
    );
  });
  afterAll(() => brands[Symbol.dispose]());

  it("every route of the table has its row, its forms and its ids, and every row its route", () => {
    expect(routes.map(({ pattern }) => pattern))
      .toEqual(Object.keys(DOORS).sort());
    const posted = routes.filter(({ verbs }) => verbs.includes("POST"));
    expect(posted.map(({ pattern }) => pattern))
      .toEqual(Object.keys(FORMS).sort());
    for (const { pattern } of routes) {
      expect(() => pathIds(pattern)).not.toThrow();
    }
  });

  it("each brand's own people do find its canary, so that its absence says something", async () => {
    const { app, things } = brands;
    for (const { tenant, canary } of [things.own, things.foreign]) {
      const reader = await app.signedIn(
        await app.createUser("tenant_viewer", tenant.id),
      );
      const pages = ["/leads", "/notes", "/hot-list", "/schedule", "/reports"];
      for (const path of pages) {
        const answer = await reader.getIn(tenant.slug, path);
        const found = holds(await answer.text(), canary);
        expect([path, found]).toEqual([path, true]);
      }
    }
  });

  it("every route, role, tenant and place: what is foreign is not there, and nothing of it comes out", async () => {
    const cases = ROLES.flatMap((role) => allCases(routes, role));
    const findings: string[] = [];
    let touched = await rowsOf(brands.things.foreign);
    let mine = await rowsOf(brands.things.own);
    for (const role of ROLES) {
      const isOther = role === "other_viewer";
      for (const one of allCases(routes, role)) {
        const found = await tryOut(one);
        if (found) findings.push(`${nameOf(one)}: ${found}`);
      }
      // What the agency does to a brand by its own address is its right.
      if (role === "agency_admin") {
        touched = await rowsOf(brands.things.foreign);
        mine = await rowsOf(brands.things.own);
        continue;
      }
      const { own, foreign } = brands.things;
      const [before, others] = isOther ? [mine, own] : [touched, foreign];
      if (JSON.stringify(await rowsOf(others)) !== JSON.stringify(before)) {
        findings.push(`${role}: something of the other brand was changed`);
      }
    }
    const line = `isolation matrix: ${cases.length} cases\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(line));
    expect(findings).toEqual([]);
  });

  /** What is wrong with the answer; null where it is as it must be. */
  async function tryOut(one: Case): Promise<string | null> {
    const { app, rig, things } = brands;
    const isOther = one.role === "other_viewer";
    const home = isOther ? things.foreign : things.own;
    const away = isOther ? things.own : things.foreign;
    const user = users.get(one.role) ?? null;
    const { url, init } = await requestOf(one, { app, user, home, away });
    const byAddress = one.role === "agency_admin" && one.place === "body" &&
      (one.pattern.includes(":slug") || isInWorkspace(one.pattern));
    const onlyAway = async () =>
      JSON.stringify(await rowsOf(away, { without: home.tenant.id }));
    const before = byAddress ? await onlyAway() : null;
    const people = await peopleOf(home);
    rig.operations.length = 0;
    const answer = await app.fetch(url, init);
    const operations = [...rig.operations];
    const text = await readWhole(answer);
    const headers = JSON.stringify([...answer.headers]);
    if (answer.status >= 500) return `answered ${answer.status}`;
    if (before !== null) {
      return before === await onlyAway()
        ? wrongAnswer(one, answer)
        : "a brand was changed by an address of the other one";
    }
    if (one.role === "agency_admin") return wrongAnswer(one, answer);
    if (holds(text + headers, away.canary)) {
      return "gave away something of the other brand";
    }
    const isKnown = one.pattern.startsWith("/calendar/") ||
      (user !== null && one.place !== "forged_session");
    const stray = strayKeys(operations, {
      tenantId: isKnown ? home.tenant.id : null,
      userIds: people,
      signsIn: DOORS[one.pattern] === "open",
    });
    if (stray.length > 0) return `touched ${stray.join(", ")}`;
    return wrongAnswer(one, answer);
  }

  /** Members of a brand, and the agency's people. */
  async function peopleOf({ tenant }: BrandThings): Promise<Set<string>> {
    const { store } = brands.app;
    const people = [
      ...await listMembers(store, tenant.id),
      ...await listMembers(store, EVERY_TENANT),
    ];
    return new Set(people.map(({ userId }) => userId));
  }

  /**
   * Everything of a brand, and of its idle member.
   *
   * @param but `without`: leaves out what tells of this tenant too.
   */
  async function rowsOf(
    { tenant, member, sessionHash, passkey, ...things }: BrandThings,
    { without = "" }: { without?: string } = {},
  ): Promise<unknown[]> {
    const names = [tenant.id, member.id, sessionHash, passkey];
    const ofBrand = (await allRows(brands.rig.kv)).filter(({ key }) =>
      key[0] !== "audit" && key[0] !== "throttle" && !key.includes(without) &&
      key.some((part) =>
        names.includes(String(part)) ||
        String(part).startsWith(things.invitation) ||
        String(part).startsWith(things.apiToken)
      )
    );
    return ofBrand.map(({ key, value }) => [key, value]);
  }
});
