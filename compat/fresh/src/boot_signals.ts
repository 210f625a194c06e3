// Runs in the browser, on pages whose islands are given signals: the others do without its code.
import { signal } from "@preact/signals";
import { parse } from "devalue";

export const read = (text: string): Record<string, unknown>[] =>
  parse(text, { Signal: ([value]: [unknown]) => signal(value) });
