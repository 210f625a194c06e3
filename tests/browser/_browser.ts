import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import {
  type MoreServices,
  PASSWORD,
  type PortalUser,
  startPortal,
  type TestPortal,
} from "./_portal.ts";

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };
/** What a desktop of 1280 pixels shows at 200%. */
export const ZOOMED = { width: 640, height: 450 };

/** One page in a browser of its own, and what went wrong in it. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Errors and warnings of the console, scripts that threw, failed requests, answers of 400 and more. */
  complaints: string[];
  /** Goes to an address of the portal; resolves when its scripts have run and nothing is being loaded. */
  open(path: string): Promise<void>;
  /** The same without waiting for scripts that ask for more. */
  glance(path: string): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Signed in without the form; nobody is when it is not given. */
  as?: PortalUser;
}

/** A portal and a Chromium for the tests of one file. */
export class Stage {
  private constructor(
    readonly portal: TestPortal,
    readonly browser: Browser,
  ) {}

  static async open(more: MoreServices = {}): Promise<Stage> {
    const browser = await chromium.launch({
      executablePath: Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    });
    return new Stage(await startPortal(more), browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.portal.close();
  }

  /** Runs `act` in a browser without a past, which is closed afterwards. */
  async visit(
    { as, ...options }: VisitOptions,
    act: (visit: Visit) => Promise<void>,
  ): Promise<void> {
    const context = await this.browser.newContext({
      viewport: DESKTOP,
      reducedMotion: "reduce",
      ...options,
    });
    try {
      if (as) {
        const token = await this.portal.session(as);
        await context.addCookies([{
          name: "session",
          value: token,
          url: this.portal.url,
          httpOnly: true,
          sameSite: "Lax",
        }]);
      }
      const page = await context.newPage();
      const goTo =
        (waitUntil: "load" | "networkidle") => async (path: string) => {
          await page.goto(this.portal.url + path, { waitUntil });
        };
      const visit: Visit = {
        page,
        context,
        complaints: listen(page),
        open: goTo("networkidle"),
        glance: goTo("load"),
      };
      await act(visit);
    } finally {
      await context.close();
    }
  }

  /** Fills in the sign-in form of the page and sends it. */
  async signIn(
    page: Page,
    user: PortalUser,
    password = PASSWORD,
  ): Promise<void> {
    const { email } = this.portal.users[user];
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }
}

/** Collects whatever a page complains of. Violations of the CSP are errors of the console. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`threw ${error}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // What a page no longer needs when it is left is no failure.
    if (why === "net::ERR_ABORTED") return;
    complaints.push(`${why}: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      complaints.push(`${response.status()}: ${response.url()}`);
    }
  });
  return complaints;
}
