import { benchAssets } from "./assets.ts";
import type { Bench } from "./_figures.ts";
import { benchLighthouse } from "./lighthouse.ts";
import { benchReads } from "./reads.ts";

/** What pages cost: bytes of scripts and style, reads of the database, and what Lighthouse says of them. */
export const benchPages: Bench = async (report) => {
  await benchAssets(report);
  await benchReads(report);
  await benchLighthouse(report);
};
