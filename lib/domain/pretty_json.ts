const STEP = "  ";
/** What closes something that holds nothing. */
const EMPTY = /^\s*[}\]]/;

/**
 * A JSON text with a line for each value. Only white space outside of texts changes: numbers stay as they were written,
 * and a text that is no JSON comes out readable too.
 */
export function prettyJson(text: string): string {
  let shown = "";
  let depth = 0;
  const line = () => `\n${STEP.repeat(Math.min(Math.max(depth, 0), 40))}`;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') {
      const end = endOfText(text, at);
      shown += text.slice(at, end);
      at = end - 1;
    } else if (char === "{" || char === "[") {
      const closing = EMPTY.exec(text.slice(at + 1, at + 50));
      if (closing) {
        shown += char + closing[0].trim();
        at += closing[0].length;
      } else {
        depth++;
        shown += char + line();
      }
    } else if (char === "}" || char === "]") {
      depth--;
      shown += line() + char;
    } else if (char === ",") shown += char + line();
    else if (char === ":") shown += ": ";
    else if (!/\s/.test(char)) shown += char;
  }
  return shown;
}

/** The place after the text that begins at a quotation mark; the end where it is not closed. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
