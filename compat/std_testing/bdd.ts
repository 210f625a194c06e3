/**
 * `describe` and `it` over `Deno.test` and its steps: the part of
 * `@std/testing/bdd` that this repository uses, for places where JSR cannot
 * be reached.
 *
 * @module
 */
import {
  type Body,
  eraseBody,
  eraseHook,
  type Hook,
  type HookName,
  newSuite,
  register,
  type Suite,
  type Test,
  type TestOptions,
} from "./_suite.ts";

/** A test given as one object. */
export interface ItDefinition<T> extends TestOptions {
  name: string;
  fn: Body<T>;
}

/** A suite given as one object. */
export interface DescribeDefinition<T> extends TestOptions, Hooks<T> {
  name: string;
  fn?: () => void;
}

type Hooks<T> = { [name in HookName]?: Hook<T> };
type Options<Definition> = Omit<Definition, "name" | "fn">;

type ItArgs<T> =
  | [definition: ItDefinition<T>]
  | [name: string, fn: Body<T>]
  | [name: string, options: Options<ItDefinition<T>>, fn: Body<T>];

type DescribeArgs<T> =
  | [definition: DescribeDefinition<T>]
  | [name: string, fn?: () => void]
  | [name: string, options: Options<DescribeDefinition<T>>, fn: () => void];

/** Registers a test. */
export interface It {
  <T>(...args: ItArgs<T>): void;
  /** Registers a test and runs only such tests. */
  only<T>(...args: ItArgs<T>): void;
  /** Registers a test that is not run. */
  ignore<T>(...args: ItArgs<T>): void;
  /** The same as `it.ignore`. */
  skip<T>(...args: ItArgs<T>): void;
}

/** Registers a suite of tests. */
export interface Describe {
  <T>(...args: DescribeArgs<T>): void;
  /** Registers a suite and runs only such suites. */
  only<T>(...args: DescribeArgs<T>): void;
  /** Registers a suite that is not run. */
  ignore<T>(...args: DescribeArgs<T>): void;
  /** The same as `describe.ignore`. */
  skip<T>(...args: DescribeArgs<T>): void;
}

/** Suites whose function is running now, outermost first. */
const open: Suite[] = [];

/** The suite around a file's tests, made by a hook outside every suite. */
let fileSuite: Suite | undefined;

function addTest<T>(args: ItArgs<T>, extra: TestOptions): void {
  const [first, second, third] = args;
  const definition = typeof first === "object" ? first : undefined;
  const body = definition?.fn ?? third ??
    (typeof second === "function" ? second : undefined);
  if (!body) throw new TypeError("Cannot register test: it has no function");
  const given = definition ?? (typeof second === "object" ? second : {});
  add({
    kind: "test",
    name: typeof first === "string" ? first : first.name,
    options: { ...testOptions(given), ...extra },
    body: eraseBody(body),
  });
}

function addSuite<T>(args: DescribeArgs<T>, extra: TestOptions): void {
  const [first, second, third] = args;
  const definition = typeof first === "object" ? first : undefined;
  const given: Options<DescribeDefinition<T>> = definition ??
    (typeof second === "object" ? second : {});
  const body = definition?.fn ?? third ??
    (typeof second === "function" ? second : undefined);
  const suite = newSuite(typeof first === "string" ? first : first.name, {
    ...testOptions(given),
    ...extra,
  });
  addHooks(suite, given);
  open.push(suite);
  try {
    const result: unknown = body?.();
    if (result instanceof Promise) {
      throw new TypeError(
        `Cannot register suite '${suite.name}': its function is async`,
      );
    }
  } finally {
    open.pop();
  }
  add(suite);
}

/** What remains of a definition when names, functions and hooks are gone. */
function testOptions(given: TestOptions): TestOptions {
  const known = [
    "ignore",
    "only",
    "permissions",
    "sanitizeExit",
    "sanitizeOps",
    "sanitizeResources",
  ] as const;
  return Object.fromEntries(
    known.filter((key) => given[key] !== undefined)
      .map((key) => [key, given[key]]),
  );
}

function add(node: Suite | Test): void {
  const parent = open.at(-1) ?? fileSuite;
  if (!parent) return register(node);
  parent.members.push(node);
  if (node.options.only || (node.kind === "suite" && node.hasOnly)) {
    parent.hasOnly = true;
  }
}

function addHooks<T>(suite: Suite, hooks: Hooks<T>): void {
  const names = ["beforeAll", "afterAll", "beforeEach", "afterEach"] as const;
  for (const name of names) {
    const hook = hooks[name];
    if (hook) suite.hooks[name].push(eraseHook(hook));
  }
}

function addHook<T>(name: HookName, hook: Hook<T>): void {
  let suite = open.at(-1) ?? fileSuite;
  if (!suite) {
    suite = fileSuite = newSuite("global", {});
    register(suite);
  }
  suite.hooks[name].push(eraseHook(hook));
}

/** Registers a test: a step of the suite around it, or a test by itself. */
export const it: It = Object.assign(
  <T>(...args: ItArgs<T>) => addTest(args, {}),
  {
    only: <T>(...args: ItArgs<T>) => addTest(args, { only: true }),
    ignore: <T>(...args: ItArgs<T>) => addTest(args, { ignore: true }),
    skip: <T>(...args: ItArgs<T>) => addTest(args, { ignore: true }),
  },
);

/** The same as {@linkcode it}. */
export const test: It = it;

/** Registers a suite, whose tests and hooks its function registers. */
export const describe: Describe = Object.assign(
  <T>(...args: DescribeArgs<T>) => addSuite(args, {}),
  {
    only: <T>(...args: DescribeArgs<T>) => addSuite(args, { only: true }),
    ignore: <T>(...args: DescribeArgs<T>) => addSuite(args, { ignore: true }),
    skip: <T>(...args: DescribeArgs<T>) => addSuite(args, { ignore: true }),
  },
);

/** Runs `fn` once, before the first test of the suite. */
export function beforeAll<T>(fn: Hook<T>): void {
  addHook("beforeAll", fn);
}

/** The same as {@linkcode beforeAll}. */
export const before: typeof beforeAll = beforeAll;

/** Runs `fn` once, after the last test of the suite. */
export function afterAll<T>(fn: Hook<T>): void {
  addHook("afterAll", fn);
}

/** The same as {@linkcode afterAll}. */
export const after: typeof afterAll = afterAll;

/** Runs `fn` before each test of the suite and of suites inside it. */
export function beforeEach<T>(fn: Hook<T>): void {
  addHook("beforeEach", fn);
}

/** Runs `fn` after each test, also a failed one; its failure is the test's. */
export function afterEach<T>(fn: Hook<T>): void {
  addHook("afterEach", fn);
}
