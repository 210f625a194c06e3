import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_ACCESS_TOKEN,
  TEST_WEB_KEY,
} from "../_sync.ts";
import { BIRCH } from "../browser/_birch.ts";
import { expectPage } from "./_assert.ts";

/** The brand under the keys of the sync tests. */
export const BRAND = {
  ...BIRCH,
  webKey: TEST_WEB_KEY,
  accessToken: TEST_ACCESS_TOKEN,
};
/** The seven pages of a workspace. */
export const PAGES = [
  "/dashboard",
  "/reports",
  "/leads",
  "/pipeline",
  "/hot-list",
  "/notes",
  "/schedule",
];

/** A brand in the portal, and a viewer's browser that runs no script. */
export interface Reader extends Disposable {
  app: TestApp;
  rig: SyncRig;
  browser: TestBrowser;
  /** The page's visible text, tags and white space taken out. */
  text(path: string): Promise<string>;
  html(path: string): Promise<string>;
}

/** Nothing is synced yet. */
export async function openReader(options: RigOptions = {}): Promise<Reader> {
  const rig = await createRig({
    brand: BRAND,
    ...options,
    tenant: { name: "Birch Bakery", slug: "birch-bakery", ...options.tenant },
  });
  const app = await createTestApp({ store: rig.store, clock: rig.clock });
  const user = await app.createUser("tenant_viewer", rig.tenant.id);
  const browser = await app.signedIn(user);
  const html = async (path: string) =>
    await expectPage(await browser.getIn("birch-bakery", path));
  return {
    app,
    rig,
    browser,
    html,
    text: async (path) => textOf(await html(path)),
    [Symbol.dispose]: () => rig.dispose(),
  };
}

/** The text of a page's body as it is read, entities resolved. */
export function textOf(html: string): string {
  return html.slice(html.indexOf("<body"))
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, " ")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}
