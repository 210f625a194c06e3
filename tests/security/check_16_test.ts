import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { RESET_MS } from "../../lib/auth/mod.ts";
import { openStore, type User } from "../../lib/store/mod.ts";
import { settled } from "../../lib/web/mod.ts";
import { createTestApp, TEST_PASSWORD, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { createTestMailer, linkIn, type TestMailer } from "../_mail.ts";
import { expectPage, expectRedirect } from "../routes/_assert.ts";

const FORM = {
  password: "another horse, no battery",
  again: "another horse, no battery",
};

describe("security check 16: reset links", () => {
  let kv: Deno.Kv;
  let app: TestApp;
  let user: User;
  let mailer: TestMailer;

  beforeEach(async () => {
    kv = await Deno.openKv(":memory:");
    mailer = createTestMailer();
    app = await createTestApp({
      store: await openStore({ kv }),
      services: { mail: mailer, publicUrl: "http://localhost:8000" },
    });
    const acme = await createTestBrand(app.store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
  });

  afterEach(() => app.store.close());

  const forgot = (email: string) => app.browser().post("/forgot", { email });
  const makeLink = async () => {
    await (await forgot(user.email)).body?.cancel();
    await settled(app.store);
    return linkIn(mailer.sent.at(-1)!.text);
  };
  /** A page without what differs from request to request. */
  const body = async (answer: Response, status: number) =>
    (await expectPage(answer, status)).replaceAll(/nonce="[^"]*"/g, "");

  it("check 16: used, replaced, expired and unknown links are refused alike", async () => {
    const bodies: string[] = [];
    const refuse = async (path: string) => {
      bodies.push(await body(await app.browser().get(path), 404));
      bodies.push(await body(await app.browser().post(path, FORM), 404));
    };
    const used = await makeLink();
    await expectRedirect(await app.browser().post(used, FORM), "/reset/done");
    await refuse(used);
    const replaced = await makeLink();
    const latest = await makeLink();
    await refuse(replaced);
    app.clock.advance(RESET_MS);
    await refuse(latest);
    const rows = [];
    for await (const { key } of kv.list({ prefix: ["links"] })) rows.push(key);
    expect(rows).toHaveLength(1); // The expired row is still there: its value decides.
    for (const token of ["A".repeat(43), "x", "%00", "done%2f"]) {
      await refuse(`/reset/${token}`);
    }
    expect(new Set(bodies).size).toBe(1);
    const form = { email: user.email, password: FORM.password };
    await expectRedirect(
      await app.browser().post("/login", form),
      "/dashboard",
    );
  });

  it("check 16: one of many uses at the same moment succeeds", async () => {
    const path = await makeLink();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const password = `${FORM.password} ${n}`;
        return app.browser().post(path, { password, again: password });
      }),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([303, ...Array(7).fill(404)]);
    for (const answer of answers) await answer.body?.cancel();
  });

  it("check 16: whether an address has an account shows neither in the answer nor in what is done before it", async () => {
    const seen: unknown[] = [];
    for (const email of [user.email, "nobody@example.com"]) {
      const answer = await forgot(email);
      // The letter, and all that leads to it, follow the answer.
      expect(mailer.sent).toHaveLength(0);
      const headers = [...answer.headers].filter(([name]) =>
        name !== "x-request-id"
      );
      seen.push([answer.status, headers, await answer.text()]);
      await settled(app.store);
      mailer.sent.length = 0;
    }
    expect(seen[0]).toEqual(seen[1]);
    const shown = await app.browser().get("/forgot?done=sent");
    expect(await expectPage(shown)).toContain("If there is an account");
  });

  it("check 16: a link is stored as a hash alone, and sets no session", async () => {
    const path = await makeLink();
    const token = path.split("/").at(-1)!;
    const rows: string[] = [];
    for await (const { key, value } of kv.list({ prefix: [] })) {
      rows.push(JSON.stringify([key, value]));
    }
    expect(rows.join("\n")).not.toContain(token);
    const browser = app.browser();
    await expectRedirect(await browser.post(path, FORM), "/reset/done");
    expect(browser.cookies.size).toBe(0);
    const old = { email: user.email, password: TEST_PASSWORD };
    await expectPage(await browser.post("/login", old), 422);
  });
});
