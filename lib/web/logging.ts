import { configure, getJsonLinesFormatter } from "@logtape/logtape";
import type { Config } from "./config.ts";

/** Has everything that is logged written to standard error, one JSON object a line. */
export async function configureLogging(
  { logLevel }: Pick<Config, "logLevel">,
): Promise<void> {
  const format = getJsonLinesFormatter({ properties: "nest:properties" });
  const encoder = new TextEncoder();
  await configure({
    reset: true,
    sinks: {
      stderr: (record) => Deno.stderr.writeSync(encoder.encode(format(record))),
    },
    loggers: [
      {
        category: ["logtape", "meta"],
        lowestLevel: "error",
        sinks: ["stderr"],
      },
      { category: [], lowestLevel: logLevel, sinks: ["stderr"] },
    ],
  });
}
