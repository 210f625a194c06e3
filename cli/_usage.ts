/**
 * What Commander says of wrong usage, in one line: `outputError` of its `configureOutput()`. A secret that was put where
 * none belongs is not repeated.
 */
export function outputError(text: string, write: (text: string) => void): void {
  const why = withoutValues(text.trim()).replace(/^error: /, "")
    .replaceAll(/\s*\n\s*/g, " ").replace(/\.$/, "");
  write(`Cannot do this: ${why}. See --help\n`);
}

/** A usage error without the values that it would repeat: options' own, and surplus arguments. */
function withoutValues(text: string): string {
  return text.replaceAll(/(--[a-z-]+)=[^']*/g, "$1=…")
    .replace(/(too many arguments[^.]*\. Expected .* but got \d+).*/s, "$1");
}
