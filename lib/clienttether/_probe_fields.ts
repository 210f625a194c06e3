import { pick } from "./_pick.ts";
import { type Shape, shapesOf } from "./_shape.ts";

/** A field of the wire schemas, as the answer has it. */
export interface FoundField {
  /** The documented name. */
  field: string;
  /** The names under which it came. */
  as: string[];
  shapes: Shape[];
}

/** A field, by the name that the answer gives it. */
export interface NamedShapes {
  name: string;
  shapes: Shape[];
}

/** What some rows have of the fields that are looked for, and beside them. */
export interface FieldReport {
  found: FoundField[];
  /** Fields that no row has under any name; none where there are no rows. */
  missing: string[];
  extra: NamedShapes[];
}

type Row = Record<string, unknown>;
/** What may be shown of a name. */
export type NameOf = (name: string) => string;

/** Further fields that are listed. */
export const MAX_EXTRA = 100;

/** Compares rows with the fields that are looked for. `aliases`: upstream names by documented name. */
export function matchFields(
  rows: readonly Row[],
  aliases: Readonly<Record<string, readonly string[]>>,
  nameOf: NameOf,
): FieldReport {
  const report: FieldReport = { found: [], missing: [], extra: [] };
  if (rows.length === 0) return report;
  for (const [field, names] of Object.entries(aliases)) {
    const as = names.filter((name) => rows.some((r) => Object.hasOwn(r, name)));
    if (as.length === 0) {
      report.missing.push(field);
      continue;
    }
    const values = rows.filter((row) => as.some((n) => Object.hasOwn(row, n)))
      .map((row) => pick(row, names));
    report.found.push({ field, as, shapes: shapesOf(values) });
  }
  const known = new Set(Object.values(aliases).flat());
  report.extra = namedShapes(rows, nameOf, known);
  return report;
}

/** Every field of some rows but the known ones, in the order of their coming. */
export function namedShapes(
  rows: readonly Row[],
  nameOf: NameOf,
  known: ReadonlySet<string> = new Set(),
): NamedShapes[] {
  const values = new Map<string, unknown[]>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (known.has(name)) continue;
      const others = values.get(name);
      if (others) others.push(value);
      else if (values.size < MAX_EXTRA) values.set(name, [value]);
    }
  }
  return [...values].map(([name, list]) => ({
    name: nameOf(name),
    shapes: shapesOf(list),
  }));
}

/**
 * What may be shown of the names in an answer. A program may use data as names, so only what looks like the
 * name of a field is shown, and only where no value of the rows reads the same and no key is in it.
 */
export function createNameOf(
  rows: readonly Row[],
  keys: readonly string[],
): NameOf {
  const texts = new Set(
    rows.flatMap((row) => Object.values(row))
      .filter((value) => typeof value === "string")
      .map((text) => text.trim().toLowerCase()),
  );
  return (name) =>
    /^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(name) &&
      !texts.has(name.toLowerCase()) && !keys.some((key) => name.includes(key))
      ? name
      : `(a name of ${[...name].length} characters)`;
}
