/** Serves the production build module by module: where it could not be put together, see `cli/bundle.ts`. */
import { serveProcess } from "./_serving.ts";

if (import.meta.main) await serveProcess();
