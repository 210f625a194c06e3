import { stringify } from "devalue";
import { Signal } from "@preact/signals";

/** Writes the props of islands, with the signals that they share. */
export function stringifyProps(props: Record<string, unknown>[]): string {
  return stringify(props, {
    // A list, since what is falsy would mean "not mine".
    Signal: (value) => value instanceof Signal && [value.peek()],
  });
}

/** Code that cannot end its script element: "<" only occurs in strings. */
export function escapeScript(code: string): string {
  return code.replaceAll("<", "\\u003c");
}
