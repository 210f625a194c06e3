// The fixture built in memory, once per test file, before its tests begin.
import { Builder } from "fresh/dev";
import { FIXTURE, type Send, sender } from "./_kit.ts";
import { app } from "./fixture/main.ts";

const builder = new Builder({ root: FIXTURE });
const apply = await builder.build({ snapshot: "memory" });
apply(app);

/** Sends requests to the fixture. */
export const send: Send = sender(app);

/** The body of what the fixture answers. */
export async function bodyOf(path: string): Promise<string> {
  return await (await send(path)).text();
}
