/**
 * Finds the records in the bytes of a JSON text, so that each can be kept exactly as it came.
 * Everything here expects text that JSON.parse has accepted. Structure is ASCII, so invalid UTF-8 inside
 * strings does not disturb it.
 */

/** Deeper records are set aside unread: what walks them could run out of stack. */
export const MAX_DEPTH = 64;

/** Texts with more characters than this are parsed as they are: a wide copy takes twice as many bytes. */
const MAX_WIDE = 4 * 1024 * 1024;

/**
 * What JSON.parse makes of a text, without the engine's table of strings: V8 looks each short value of a text that is
 * all Latin-1 up in it, which takes the longer the more different values there are. A list of 100,000 leads took six
 * times as long. A character beyond Latin-1 beside the text stops that.
 *
 * @throws {SyntaxError} when the text is no JSON
 */
export function parseApart(text: string): unknown {
  if (text.length > MAX_WIDE) return JSON.parse(text);
  const list: unknown[] = JSON.parse(`["\u2026",${text}]`);
  // Several values with commas between them are no JSON by themselves.
  return list.length === 2 ? list[1] : JSON.parse(text);
}

/** Half-open range of bytes. */
export interface Range {
  start: number;
  end: number;
  /** Levels of nesting in it. */
  depth: number;
}

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d, BOM = 0xef;

/** The elements of the list that the text is; none when it is no list. */
export function elements(bytes: Uint8Array, from = 0): Range[] {
  let at = skipBlank(bytes, from);
  if (bytes[at] !== OPEN_LIST) return [];
  const found: Range[] = [];
  at = skipBlank(bytes, at + 1);
  while (at < bytes.length && bytes[at] !== CLOSE_LIST) {
    const range = valueAt(bytes, at);
    found.push(range);
    at = skipSeparator(bytes, range.end, COMMA);
  }
  return found;
}

/** Where the value of a field of the object that the text is begins; the last one wins, as in JSON.parse. */
export function memberStart(bytes: Uint8Array, name: string): number | null {
  let at = skipBlank(bytes, 0);
  if (bytes[at] !== OPEN_OBJECT) return null;
  let found: number | null = null;
  at = skipBlank(bytes, at + 1);
  while (at < bytes.length && bytes[at] !== CLOSE_OBJECT) {
    const key = valueAt(bytes, at);
    const start = skipSeparator(bytes, key.end, COLON);
    if (keyText(bytes, key) === name) found = start;
    at = skipSeparator(bytes, valueAt(bytes, start).end, COMMA);
  }
  return found;
}

function keyText(bytes: Uint8Array, { start, end }: Range): unknown {
  return JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
}

function valueAt(bytes: Uint8Array, start: number): Range {
  let at = start;
  let open = 0;
  let depth = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
      if (open === 0) break;
      continue;
    }
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth = Math.max(depth, ++open);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (open === 0) break;
      if (--open === 0) {
        at++;
        break;
      }
    } else if (open === 0 && (byte === COMMA || isBlankByte(byte))) break;
    at++;
  }
  return { start, end: at, depth };
}

function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) {
    at += bytes[at] === BACKSLASH ? 2 : 1;
  }
  return at + 1;
}

function skipBlank(bytes: Uint8Array, from: number): number {
  let at = from;
  if (at === 0 && bytes[0] === BOM) at = 3;
  while (isBlankByte(bytes[at])) at++;
  return at;
}

function skipSeparator(bytes: Uint8Array, from: number, separator: number) {
  const at = skipBlank(bytes, from);
  return bytes[at] === separator ? skipBlank(bytes, at + 1) : at;
}

function isBlankByte(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether a text has too few brackets to be nested deeper than {@linkcode MAX_DEPTH}; strings count with it. */
export function isShallow(json: string): boolean {
  let opened = 0;
  for (const bracket of ["{", "["]) {
    let at = json.indexOf(bracket);
    for (; at >= 0; at = json.indexOf(bracket, at + 1)) {
      if (++opened > MAX_DEPTH) return false;
    }
  }
  return true;
}

const TOKEN = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * The value of a JSON text, of which `parsed` is what JSON.parse made. Integers that a double cannot hold come
 * as text: an id keeps all its digits.
 */
export function exactValue(json: string, parsed: unknown): unknown {
  if (!/\d{16}/.test(json)) return parsed;
  return JSON.parse(json.replace(TOKEN, (token) => {
    const unsafe = /^-?\d+$/.test(token) &&
      !Number.isSafeInteger(Number(token));
    return unsafe ? `"${token}"` : token;
  }));
}
