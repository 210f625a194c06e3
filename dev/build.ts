import { Builder } from "fresh/dev";
import { config } from "../fresh.config.ts";
import { compileStylesheet, readSources } from "./stylesheet.ts";

/** A builder of the app whose stylesheet holds every utility class that the sources use. */
export function createBuilder(): Builder {
  const builder = new Builder({ root: config.root });
  builder.onTransformStaticFile(
    { pluginName: "stylesheet", filter: /\/styles\.css$/ },
    async ({ text }) => ({
      content: compileStylesheet(text, await readSources(config.root)),
    }),
  );
  return builder;
}
