import { configure, getJsonLinesFormatter } from "@logtape/logtape";
import type { Config } from "./config.ts";

/** An entry as one line of JSON: whatever stands in it, it ends nowhere else. */
export const formatLogLine = getJsonLinesFormatter({
  properties: "nest:properties",
});

/** Has everything that is logged written to standard error, one JSON object a line. */
export async function configureLogging(
  { logLevel }: Pick<Config, "logLevel">,
): Promise<void> {
  const encoder = new TextEncoder();
  await configure({
    reset: true,
    sinks: {
      stderr: (record) =>
        Deno.stderr.writeSync(encoder.encode(formatLogLine(record))),
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
