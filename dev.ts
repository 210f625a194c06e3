/**
 * `deno run -A dev.ts` serves the app while it is being worked on; `deno run -A dev.ts build` writes the
 * production build to `_fresh`.
 */
import { createBuilder } from "./dev/build.ts";
import { bundleServer } from "./cli/bundle.ts";

const builder = createBuilder();
if (Deno.args.includes("build")) {
  await builder.build();
  const problem = await bundleServer();
  if (problem !== null) {
    const line =
      `The server is not bundled and starts more slowly: ${problem}\n`;
    await Deno.stderr.write(new TextEncoder().encode(line));
  }
} else {
  await builder.listen(() => import("./main.ts"), {
    hostname: Deno.env.get("HOST") ?? "127.0.0.1",
    port: Number(Deno.env.get("PORT") ?? 8000),
  });
}
