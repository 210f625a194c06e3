import { stringify } from "devalue";
import { Signal } from "@preact/signals";

/** Writes the props of islands, with the signals that they share, and says whether there are any. */
export function stringifyProps(
  props: Record<string, unknown>[],
): { text: string; hasSignals: boolean } {
  let hasSignals = false;
  const text = stringify(props, {
    Signal: (value) => {
      if (!(value instanceof Signal)) return false;
      hasSignals = true;
      // A list, since what is falsy would mean "not mine".
      return [value.peek()];
    },
  });
  return { text, hasSignals };
}

/** Code that cannot end its script element: "<" only occurs in strings. */
export function escapeScript(code: string): string {
  return code.replaceAll("<", "\\u003c");
}
