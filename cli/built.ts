import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The server in a few modules, where the build has put it together. */
const BUNDLED = "_fresh/start.js";

/** What serves the production build, below the project's folder. */
export function servingScript(): string {
  return existsSync(join(ROOT, BUNDLED)) ? BUNDLED : "cli/serve.ts";
}
