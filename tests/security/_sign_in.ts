import type { KvOperation, User } from "../../lib/store/mod.ts";
import { TEST_PASSWORD, type TestApp, type TestBrowser } from "../_app.ts";

/** The sign-in form, filled in and sent; the body of the answer is left unread. */
export async function signInBy(
  browser: TestBrowser,
  { email }: Pick<User, "email">,
  password = TEST_PASSWORD,
  headers: HeadersInit = {},
): Promise<Response> {
  const answer = await browser.post("/login", { email, password }, headers);
  await answer.body?.cancel();
  return answer;
}

/** Status of an endpoint that needs a session and a workspace. */
export async function statusOf(
  browser: TestBrowser,
  path = "/api/sync/status",
): Promise<number> {
  const answer = await browser.get(path);
  await answer.body?.cancel();
  return answer.status;
}

/** The same for somebody who has nothing but this session token. */
export async function statusFor(app: TestApp, token: string): Promise<number> {
  const browser = app.browser();
  browser.cookies.set("session", token);
  return await statusOf(browser);
}

/** What was done at the database, without saying at which rows. */
export function shapesOf(operations: readonly KvOperation[]): string[] {
  return operations.map(({ kind, keys, mutations }) =>
    `${kind} ${keys.map(([first]) => String(first)).join(",")} ${mutations}`
  );
}
