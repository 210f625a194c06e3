import * as z from "zod";
import { isDay, isMonth, UsageError } from "../domain/mod.ts";

/** A parameter of the query is wrong: 400, and the answer names it. */
export class QueryError extends UsageError {
  override name = "QueryError";

  constructor(readonly parameter: string, readonly why: string) {
    super(`Cannot read the parameter '${parameter}': ${why}`);
  }
}

const MAX_LIMIT = 200;
const MAX_TEXT = 200;
const MAX_CURSOR = 4000;

// A parameter is read from text, and its shape ends in what it is read as: the API's description is made from that.

/**
 * The parameters of an address by a zod shape; parameters that the shape lacks are ignored.
 *
 * @param shape one that is made once, not for each request
 * @throws {QueryError} for the first parameter that does not fit, or that is given twice.
 */
export function parseQuery<Shape extends z.ZodRawShape>(
  url: URL,
  shape: Shape,
): z.output<z.ZodObject<Shape>> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(shape)) {
    const [value, ...more] = url.searchParams.getAll(name);
    if (more.length > 0) throw new QueryError(name, "it is given twice");
    if (value !== undefined) given[name] = value;
  }
  const { schema, usual } = schemaOf(shape);
  // Most pages are opened without any parameter of a shape.
  if (usual && Object.keys(given).length === 0) return { ...usual };
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new QueryError(
    String(issue?.path[0] ?? "?"),
    issue?.message ?? "it is not valid",
  );
}

/** What is made of a shape once. */
interface Compiled<Shape extends z.ZodRawShape> {
  schema: z.ZodObject<Shape>;
  /** What is read where nothing is given; null where something must be. */
  usual: z.output<z.ZodObject<Shape>> | null;
}

/** Of each shape: zod compiles a schema when it is first used, which takes longer than a page's reads. */
const schemas = new WeakMap<z.ZodRawShape, unknown>();

function schemaOf<Shape extends z.ZodRawShape>(shape: Shape): Compiled<Shape> {
  const known = schemas.get(shape) as Compiled<Shape> | undefined;
  if (known) return known;
  const schema = z.object(shape);
  const compiled = {
    schema,
    usual: schema.safeParse({}, { jitless: true }).data ?? null,
  };
  schemas.set(shape, compiled);
  return compiled;
}

/** What a page is shown with: the parameters that could be read, and sentences about those that could not. */
export interface PageQuery<Values> {
  values: Values;
  problems: string[];
}

/**
 * The parameters of a page's address by a zod shape. One that does not fit, or is given twice, is left at its
 * default, and the page says so: people arrive by links that others have cut or changed.
 */
export function readQuery<Shape extends z.ZodRawShape>(
  url: URL,
  shape: Shape,
): PageQuery<z.output<z.ZodObject<Shape>>> {
  let readable = url;
  const problems: string[] = [];
  for (;;) {
    try {
      return { values: parseQuery(readable, shape), problems };
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      if (!readable.searchParams.has(error.parameter)) throw error;
      readable = new URL(readable);
      readable.searchParams.delete(error.parameter);
      problems.push(error.message);
    }
  }
}

/** Rows to answer with: a whole number from 1 to 200. */
export function limitParam(fallback: number) {
  return wholeNumber(1, MAX_LIMIT).default(fallback)
    .describe("How many rows to answer with.");
}

/** A page of a list, from 1. */
export function pageParam() {
  return wholeNumber(1, 100_000).default(1).describe("A page of the list.");
}

/** Rows to leave out before the first. */
export function offsetParam() {
  return wholeNumber(0, 10_000_000).default(0)
    .describe("How many rows to leave out before the first.");
}

/** What is searched or filtered for; blank counts as absent. */
export function textParam() {
  return z.string()
    .max(MAX_TEXT, `it must have at most ${MAX_TEXT} characters`)
    .refine(
      (text) => text.isWellFormed() && !text.includes("\0"),
      "it must be text",
    )
    .transform((text) => text.trim() || undefined)
    .pipe(z.string().max(MAX_TEXT).optional())
    .optional();
}

const TEXT = textParam();

/**
 * One value of a parameter that may be given several times.
 *
 * @throws {QueryError} when it is no text that a filter can be asked for.
 */
export function parseText(parameter: string, text: string): string | undefined {
  const parsed = TEXT.safeParse(text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new QueryError(parameter, issue?.message ?? "it is not valid");
}

/** Where the page before ended, as it said itself. */
export function cursorParam() {
  return z.string()
    .max(MAX_CURSOR, "it is not a cursor of this list")
    .transform((text) => text || undefined)
    .pipe(z.string().max(MAX_CURSOR).optional())
    .optional();
}

/** One of a few values. */
export function choiceParam<const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  fallback: NoInfer<Choice>,
) {
  return z.enum(choices, `it must be one of ${choices.join(", ")}`)
    .default(fallback);
}

/** A month of the calendar, YYYY-MM. */
export function monthParam() {
  return z.string().refine(isMonth, "it must be a month such as 2026-03")
    .optional();
}

/** A day of the calendar, YYYY-MM-DD; blank counts as absent. */
export function dayParam() {
  return z.string()
    .refine(
      (text) => text === "" || isDay(text),
      "it must be a day such as 2026-03-01",
    )
    .transform((text) => text || undefined)
    .pipe(z.iso.date().optional())
    .optional();
}

/** Weeks of the lead trend: 4, 8 or 12. */
export function weeksParam(fallback: 4 | 8 | 12 = 8) {
  return z.enum(["4", "8", "12"], "it must be one of 4, 8, 12")
    .transform((weeks) => Number(weeks) as 4 | 8 | 12)
    .default(fallback);
}

function wholeNumber(min: number, max: number) {
  const error = `it must be a whole number from ${min} to ${max}`;
  return z.string()
    .regex(/^\d{1,8}$/, error)
    .transform(Number)
    .pipe(z.int(error).min(min, error).max(max, error));
}
