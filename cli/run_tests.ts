/**
 * `deno task test`: finds a Chromium or installs one, then runs every test. What follows the task's name goes to
 * `deno test`. It never skips the browser tests in silence. Its name must stay one that `deno test` does not take
 * for a test.
 */
import { note } from "./_io.ts";
import { FailedError, runCommand } from "./_run.ts";

const ROOT = new URL("..", import.meta.url);

/** Where Chromium and Chrome live, after CHROMIUM_PATH. */
const CANDIDATES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}

async function findBrowser(): Promise<string | null> {
  const given = Deno.env.get("CHROMIUM_PATH");
  if (given) {
    if (await isFile(given)) return given;
    note(`CHROMIUM_PATH names '${given}', where there is no browser.`);
    throw new FailedError();
  }
  for (const path of CANDIDATES) if (await isFile(path)) return path;
  const { chromium } = await import("playwright-core");
  const own = chromium.executablePath();
  return own && await isFile(own) ? own : null;
}

async function run(command: string, args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args,
      cwd: ROOT,
      stdin: "null",
      stdout: "null",
      stderr: "null",
      env: { DEBIAN_FRONTEND: "noninteractive" },
    }).output();
    return success;
  } catch {
    return false;
  }
}

/** With apt as root, else by playwright's own installer. */
async function installBrowser(): Promise<void> {
  note("No Chromium or Chrome was found. Installing one ...");
  if (Deno.build.os === "linux" && Deno.uid() === 0) {
    await run("apt-get", ["update"]);
    const packages = ["chromium", "fonts-dejavu-core"];
    if (await run("apt-get", ["install", "-y", ...packages])) return;
  }
  await run(Deno.execPath(), [
    "run",
    "-A",
    "npm:playwright-core",
    "install",
    "chromium",
  ]);
}

async function browser(): Promise<string> {
  const found = await findBrowser();
  if (found) return found;
  await installBrowser();
  const installed = await findBrowser();
  if (installed) return installed;
  note(
    "Cannot run the browser tests: no Chromium or Chrome here, and none could be installed. " +
      "Install one, or set CHROMIUM_PATH to it.",
  );
  throw new FailedError();
}

async function testAll(): Promise<void> {
  const path = await browser();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--allow-all",
      // As many files at a time as there are processors.
      "--parallel",
      "--sanitize-ops",
      "--sanitize-resources",
      ...Deno.args,
    ],
    cwd: ROOT,
    env: { CHROMIUM_PATH: path },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new FailedError();
}

// By its name `deno test` takes this file for a test and loads it: it must then do nothing.
if (import.meta.main) await runCommand(testAll);
