/**
 * Writes plain data as code: strings, numbers, bigints, booleans, null, undefined, dates, lists and objects of them.
 *
 * @returns undefined where there is anything else, or one object stands in two places and must stay one.
 */
export function literalOf(value: unknown): string | undefined {
  try {
    return write(value, new Set());
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

const NOT_PLAIN = new Error("Cannot write as a literal");

function write(value: unknown, seen: Set<object>): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
      return String(value);
    case "undefined":
      return "void 0";
    case "object":
      return value === null ? "null" : writeObject(value, seen);
    default:
      throw NOT_PLAIN;
  }
}

function writeObject(value: object, seen: Set<object>): string {
  if (seen.has(value)) throw NOT_PLAIN;
  seen.add(value);
  switch (Object.getPrototypeOf(value)) {
    case Array.prototype:
      return writeList(value as unknown[], seen);
    case Object.prototype:
      return writeRecord(value as Record<string, unknown>, seen);
    case Date.prototype:
      return `new Date(${(value as Date).getTime()})`;
    default:
      throw NOT_PLAIN;
  }
}

function writeList(list: unknown[], seen: Set<object>): string {
  let code = "";
  for (let i = 0; i < list.length; i++) {
    if (!(i in list)) throw NOT_PLAIN;
    if (i > 0) code += ",";
    code += write(list[i], seen);
  }
  return `[${code}]`;
}

function writeRecord(
  record: Record<string, unknown>,
  seen: Set<object>,
): string {
  if (Object.getOwnPropertySymbols(record).length > 0) throw NOT_PLAIN;
  let code = "";
  for (const name of Object.keys(record)) {
    // As a literal's property it would be the prototype.
    if (name === "__proto__") throw NOT_PLAIN;
    if (code !== "") code += ",";
    code += `${JSON.stringify(name)}:${write(record[name], seen)}`;
  }
  return `{${code}}`;
}
