/**
 * `deno task shots [NAME…] [--tour]`: pictures of every page in every state, wide and narrow, light and dark, into
 * `shots/`. With names only of those whose name begins so. `--tour` makes the pictures of docs/tour.md and docs/admin.md anew instead.
 *
 * @module
 */
import { Command } from "commander";
import { type Browser, chromium } from "playwright-core";
import { fileURLToPath } from "node:url";
import { note, print } from "../../../cli/_io.ts";
import { HOUR } from "../../_clock.ts";
import { DESKTOP, PHONE } from "../_browser.ts";
import { type Scene, SCENES } from "./_scenes.ts";
import { HANDBOOK, TOUR } from "./_tour.ts";
import { createWorld, NOW, type World } from "./_world.ts";

const FOLDER = fileURLToPath(new URL("../../../shots/", import.meta.url));
const TOUR_FOLDER = fileURLToPath(
  new URL("../../../docs/images/", import.meta.url),
);

/** How a picture is taken. */
interface Lens {
  viewport: { width: number; height: number };
  colorScheme: "light" | "dark";
}

const LENSES: readonly Lens[] = [DESKTOP, PHONE].flatMap((viewport) =>
  (["light", "dark"] as const).map((colorScheme) => ({ viewport, colorScheme }))
);

async function main(): Promise<void> {
  const program = new Command("shots")
    .argument("[name...]", "only scenes whose name begins so")
    .option("--tour", "the pictures of docs/tour.md and docs/admin.md");
  program.parse(Deno.args, { from: "user" });
  const names = program.args;
  const world = await createWorld(note);
  const browser = await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    if (program.opts<{ tour?: boolean }>().tour) {
      for (const { file, lens, ...scene } of [...TOUR, ...HANDBOOK]) {
        const lensOfTour = { ...lens, deviceScaleFactor: 1 };
        await shoot(browser, world, scene, lensOfTour, TOUR_FOLDER + file);
      }
      return;
    }
    await Deno.mkdir(FOLDER, { recursive: true });
    const chosen = SCENES.filter(({ name }) =>
      names.length === 0 || names.some((start) => name.startsWith(start))
    );
    for (const scene of chosen) {
      for (const lens of LENSES) {
        const { viewport: { width }, colorScheme } = lens;
        const file = `${scene.name}-${width}-${colorScheme}.png`;
        await shoot(browser, world, scene, lens, FOLDER + file);
      }
    }
    print(`${chosen.length * LENSES.length} pictures in ${FOLDER}`);
  } finally {
    await browser.close();
    await world.close();
  }
}

/** Takes one picture of the whole page; says where a page answered with an error that its scene does not expect. */
async function shoot(
  browser: Browser,
  world: World,
  { name, path, as, late = 0, offline = false, fold = false }: Scene,
  lens: Lens,
  file: string,
): Promise<void> {
  world.clock.set(NOW);
  const context = await browser.newContext({
    ...lens,
    reducedMotion: "reduce",
  });
  try {
    if (as) {
      await context.addCookies([{
        name: "session",
        value: await world.session(as),
        url: world.url,
        httpOnly: true,
        sameSite: "Lax",
      }]);
    }
    world.clock.advance(late * HOUR);
    const page = await context.newPage();
    // The page's own clock is the world's, so that its age is the one that the server wrote.
    await page.clock.setFixedTime(world.clock.now());
    const answer = await page.goto(world.url + path, { waitUntil: "load" });
    await page.waitForLoadState("networkidle", { timeout: 3_000 })
      .catch(() => note(`${name}: something is still being loaded`));
    if (answer && answer.status() >= 500) {
      note(`${name}: ${answer.status()}`);
    }
    if (offline) {
      await context.setOffline(true);
      await page.evaluate(() => globalThis.dispatchEvent(new Event("offline")));
    }
    await page.screenshot({ path: file, fullPage: !fold });
  } finally {
    await context.close();
  }
}

await main();
