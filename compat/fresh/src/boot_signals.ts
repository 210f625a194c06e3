// Runs in the browser, on pages whose islands are given signals: the others do without their code.
import { signal } from "@preact/signals";
import type { Revivers } from "./boot.ts";

export const revivers: Revivers = {
  Signal: ([value]) => signal(value),
};
