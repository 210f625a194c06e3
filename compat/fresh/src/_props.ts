import { stringify } from "devalue";
import { Signal } from "@preact/signals";
import { literalOf } from "./_literal.ts";

/** The props of a page's islands, as code. */
export interface WrittenProps {
  code: string;
  /** Whose `read` the code calls: plain data needs none. */
  reader: "values" | "signals" | undefined;
}

/** Writes the props of islands, with the objects and signals that they share. */
export function writeProps(props: Record<string, unknown>[]): WrittenProps {
  const code = literalOf(props);
  if (code !== undefined) return { code, reader: undefined };
  let reader: WrittenProps["reader"] = "values";
  const text = stringify(props, {
    Signal: (value) => {
      if (!(value instanceof Signal)) return false;
      reader = "signals";
      // A list, since what is falsy would mean "not mine".
      return [value.peek()];
    },
  });
  return { code: `read(${JSON.stringify(text)})`, reader };
}

/** Code that cannot end its script element: "<" only occurs in strings. */
export function escapeScript(code: string): string {
  return code.replaceAll("<", "\\u003c");
}
