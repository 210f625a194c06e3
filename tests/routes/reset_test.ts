import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { FORGOT_LIMITS, RESET_MS } from "../../lib/auth/mod.ts";
import {
  listAudit,
  type Tenant,
  updateUser,
  type User,
} from "../../lib/store/mod.ts";
import { settled } from "../../lib/web/mod.ts";
import { createTestApp, TEST_PASSWORD, type TestApp } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { createTestMailer, linkIn, type TestMailer } from "../_mail.ts";
import { expectPage, expectRedirect } from "./_assert.ts";

const NEXT = "another horse, no battery";
const FORM = { password: NEXT, again: NEXT };

describe("/forgot and /reset", () => {
  let app: TestApp;
  let acme: Tenant;
  let user: User;
  let mailer: TestMailer;

  beforeEach(async () => {
    mailer = createTestMailer();
    app = await createTestApp({
      services: { mail: mailer, publicUrl: "http://localhost:8000" },
    });
    acme = await createTestBrand(app.store, "acme", app.clock);
    user = await app.createUser("tenant_viewer", acme.id);
  });

  afterEach(() => app.close());

  const forgot = async (email: string, address?: string) => {
    const answer = await app.browser(address).post("/forgot", { email });
    await settled(app.store);
    return answer;
  };
  /** The path of the link in the letter that was sent last. */
  const resetPath = async () => {
    await (await forgot(user.email)).body?.cancel();
    return linkIn(mailer.sent.at(-1)!.text);
  };
  const signIn = (password: string) =>
    app.browser().post("/login", { email: user.email, password });

  it("leads there from the sign-in", async () => {
    const html = await expectPage(await app.browser().get("/login"));
    expect(html).toContain('href="/forgot"');
    expect(await expectPage(await app.browser().get("/forgot")))
      .toContain('action="/forgot"');
  });

  it("sends a link to the address, and the link sets a password", async () => {
    const signedIn = await app.signedIn(user);
    const path = await resetPath();
    expect(mailer.sent).toHaveLength(1);
    expect(mailer.sent[0]?.to).toBe(user.email);
    const browser = app.browser();
    const html = await expectPage(await browser.get(path));
    expect(html).toContain(`action="${path}"`);
    expect(html).toContain('autocomplete="new-password"');
    await expectRedirect(await browser.post(path, FORM), "/reset/done");
    expect(browser.cookies.size).toBe(0);
    await expectPage(await browser.get("/reset/done"));
    expect((await signedIn.get("/account")).status).toBe(303);
    await expectPage(await signIn(TEST_PASSWORD), 422);
    await expectRedirect(await signIn(NEXT), "/dashboard");
  });

  it("builds the link from the portal's own address, not from the request's", async () => {
    const answer = await app.browser().post("/forgot", { email: user.email }, {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
    });
    await answer.body?.cancel();
    await settled(app.store);
    expect(mailer.sent[0]?.text).toContain("http://localhost:8000/reset/");
    expect(mailer.sent[0]?.text).not.toContain("evil");
  });

  it("says what is wrong, shows nothing typed, and stays good", async () => {
    const path = await resetPath();
    const wrong: [Partial<typeof FORM>, string][] = [
      [{ again: "not the same" }, "not typed the same way twice"],
      [{ password: "short", again: "short" }, "too short"],
    ];
    for (const [form, sentence] of wrong) {
      const answer = await app.browser().post(path, { ...FORM, ...form });
      const html = await expectPage(answer, 422);
      expect(html).toContain(sentence);
      expect(html).not.toContain(NEXT);
    }
    await expectRedirect(await app.browser().post(path, FORM), "/reset/done");
  });

  it("answers a text that is no address with a sentence", async () => {
    const html = await expectPage(await forgot("robin"), 422);
    expect(html).toContain("This is not an e-mail address.");
    expect(html).toContain('value="robin"');
  });

  it("stops who asks too often, by account and by network address", async () => {
    for (const email of [user.email, "nobody@example.com"]) {
      for (let n = 0; n < FORGOT_LIMITS.account.attempts; n++) {
        const answer = await forgot(email, `203.0.113.${n}`);
        await expectRedirect(answer, "/forgot?done=sent");
      }
      const answer = await forgot(email, "203.0.113.9");
      expect(answer.headers.get("retry-after")).toBe("60");
      expect(await expectPage(answer, 429)).toContain("Too many links");
    }
    expect(mailer.sent).toHaveLength(FORGOT_LIMITS.account.attempts);
  });

  it("logs a letter that could not be sent, without its link", async () => {
    mailer.refuses = true;
    await expectRedirect(await forgot(user.email), "/forgot?done=sent");
    const text = Deno.inspect(app.log.entries, { depth: 9 });
    expect(text).toContain("no mail today");
    expect(text).not.toContain("/reset/");
  });

  it("without mail says whom to ask, and makes no link", async () => {
    const quiet = await createTestApp({ store: app.store, clock: app.clock });
    const browser = quiet.browser();
    const html = await expectPage(await browser.get("/forgot"));
    expect(html).toContain("Ask your agency");
    expect(html).not.toContain("<form");
    const answer = await browser.post("/forgot", { email: user.email });
    expect(await expectPage(answer)).toContain("Ask your agency");
    await settled(app.store);
    expect(await listAudit(app.store, { limit: 1 })).toMatchObject({
      rows: [],
    });
  });

  it("stands in the audit log, and its token nowhere", async () => {
    const path = await resetPath();
    await (await app.browser().post(path, FORM, {
      origin: "https://evil.example",
    })).body?.cancel();
    await (await app.browser().post(path, FORM)).body?.cancel();
    const { rows } = await listAudit(app.store, { limit: 10 });
    expect(rows.map(({ action, actor, target }) => [
      action,
      actor.kind,
      target,
    ])).toEqual([
      ["password.reset", "user", user.id],
      ["password.reset_link_made", "nobody", user.id],
    ]);
    const text = JSON.stringify([rows, app.log.entries]);
    expect(text).toContain("/reset/[token]");
    expect(text).not.toContain(path.split("/").at(-1));
    expect(text).not.toContain(NEXT);
  });

  it("is over after an hour, and after the account was disabled", async () => {
    const path = await resetPath();
    app.clock.advance(RESET_MS);
    await expectPage(await app.browser().get(path), 404);
    const next = await resetPath();
    await updateUser(app.store, user.id, { status: "disabled" }, app.clock);
    await expectPage(await app.browser().post(next, FORM), 404);
  });
});
