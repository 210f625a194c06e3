import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { inspectAll } from "./_axe.ts";
import { Stage } from "./_browser.ts";

const PEOPLE = "/people/tokens?w=birch-bakery";
const BRAND = "/admin/tenants/birch-bakery/tokens";

describe("API tokens in the browser", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const field = (page: Page, name: string | RegExp) =>
    page.getByLabel(name).inputValue();
  const make = async (page: Page, name: string) => {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Make the token" }).click();
    return await field(page, `The token “${name}”`);
  };
  /** What a program gets that has nothing but the token. */
  const ask = async (token: string, path: string) => {
    const answer = await fetch(stage.portal.url + path, {
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.body?.cancel();
    return answer.status;
  };

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";

    for (const path of [PEOPLE, BRAND]) {
      it(`a token is made, copied, used, revoked and refused at ${path}, ${how} JavaScript`, () =>
        stage.visit(
          { as: "agency", javaScriptEnabled },
          async ({ page, glance }) => {
            await glance(path);
            await page.getByLabel(/^Pipeline/).uncheck();
            const name = `Sheet ${how}`;
            const token = await make(page, name);
            expect(await field(page, "Try it")).toContain(
              `Bearer ${token}" ${stage.portal.url}/api/dashboard/leads`,
            );
            expect(await ask(token, "/api/dashboard/leads")).toBe(200);
            expect(await ask(token, "/api/dashboard/leads?w=cedar-pizza"))
              .toBe(404);
            expect(await ask(token, "/api/dashboard/pipeline")).toBe(403);
            expect(await ask(token, "/api/dashboard/notes")).toBe(403);

            await glance(path);
            expect(await page.content()).not.toContain(token.slice(3));
            const row = page.getByRole("listitem").filter({
              hasText: `…${token.slice(-4)}`,
            });
            expect(await row.innerText()).toContain("last used");
            await row.getByText("Revoke").first().click();
            await row.getByRole("button", { name: `Yes, revoke ${name}` })
              .click();
            await page.getByText("That token is revoked").waitFor();
            expect(await ask(token, "/api/dashboard/leads")).toBe(401);
            expect(await row.innerText()).toContain("Revoked");
          },
        ));
    }
  }

  it("the way there leads over People", () =>
    stage.visit({ as: "agency" }, async ({ page, glance }) => {
      await glance("/people?w=birch-bakery");
      await page.getByRole("link", { name: "API tokens" }).click();
      await page.getByRole("heading", { name: "API tokens", level: 1 })
        .waitFor();
      expect(new URL(page.url()).search).toBe("?w=birch-bakery");
    }));

  it("axe finds nothing on these pages, wide or narrow, light or dark", () =>
    stage.visit({ as: "agency" }, async ({ page, open, complaints }) => {
      for (const path of [PEOPLE, BRAND]) {
        const inspected = async () => {
          expect(await inspectAll(page)).toEqual([]);
        };
        await open(path);
        await inspected();
        await make(
          page,
          "A program with a name that is as long as names of programs get",
        );
        await inspected();
        await open(path);
        await page.getByText("Revoke", { exact: false }).first().click();
        await inspected();
        expect(complaints).toEqual([]);
        await page.getByLabel("Name", { exact: true }).fill(" ");
        await page.getByRole("button", { name: "Make the token" }).click();
        await page.getByRole("alert").waitFor();
        await inspected();
        complaints.length = 0;
      }
    }));
});
