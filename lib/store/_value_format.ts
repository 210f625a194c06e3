/**
 * Formats in which V8 writes values: the first release that has each, and its number. A release reads the formats up to
 * its own, and refuses a later one whatever the value is. The 15th is older than Deno KV, the 16th came with Deno 2.8.
 */
const FORMATS = [
  { v8: [14, 9], format: 16 },
  { v8: [0, 0], format: 15 },
] as const;

/** The format in which a Deno writes values to its KV, by the version of its V8 (`Deno.version.v8`). */
export function valueFormat(v8: string): number {
  const [major = 0, minor = 0] = v8.split(".").map(Number);
  return FORMATS.find(({ v8: [from, least] }) =>
    major > from || (major === from && minor >= least)
  )!.format;
}
