// What describe() and its friends build: a tree of suites and tests, which
// becomes one Deno.test per top-level suite and one step per member.

/** A test body, or a hook: `this` is the suite's shared context. */
export type Body<T> = (
  this: T,
  t: Deno.TestContext,
) => void | Promise<void>;
export type Hook<T> = (this: T) => void | Promise<void>;
export type HookName = "beforeAll" | "afterAll" | "beforeEach" | "afterEach";

/** The options of Deno.test that also make sense for a member of a suite. */
export interface TestOptions {
  ignore?: boolean;
  only?: boolean;
  permissions?: Deno.PermissionOptions;
  sanitizeExit?: boolean;
  sanitizeOps?: boolean;
  sanitizeResources?: boolean;
}

export interface Test {
  kind: "test";
  name: string;
  options: TestOptions;
  body: Body<Context>;
}

export interface Suite {
  kind: "suite";
  name: string;
  options: TestOptions;
  hooks: Record<HookName, Hook<Context>[]>;
  members: (Suite | Test)[];
  /** True once a member, however deep, was marked with only. */
  hasOnly: boolean;
}

type Context = Record<string, unknown>;

/** Bodies and hooks are typed for their caller's context; the tree forgets. */
export function eraseBody<T>(body: Body<T>): Body<Context> {
  return function (t) {
    return body.call(this as T, t);
  };
}

/** See {@linkcode eraseBody}. */
export function eraseHook<T>(hook: Hook<T>): Hook<Context> {
  return function () {
    return hook.call(this as T);
  };
}

export function newSuite(name: string, options: TestOptions): Suite {
  return {
    kind: "suite",
    name,
    options,
    hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
    members: [],
    hasOnly: false,
  };
}

/** Makes a Deno.test of a top-level suite or test. */
export function register(node: Suite | Test): void {
  const { only, ...options } = node.options;
  const isOnly = only || (node.kind === "suite" && node.hasOnly);
  Deno.test({
    ...options,
    ...(isOnly ? { only: true } : {}),
    name: node.name,
    fn: (t) => runNode(node, t, [], {}),
  });
}

function runNode(
  node: Suite | Test,
  t: Deno.TestContext,
  outer: Suite[],
  inherited: Context,
): Promise<void> {
  const context = { ...inherited };
  return node.kind === "suite"
    ? runSuite(node, t, outer, context)
    : runTest(node, t, outer, context);
}

async function runSuite(
  suite: Suite,
  t: Deno.TestContext,
  outer: Suite[],
  context: Context,
): Promise<void> {
  for (const hook of suite.hooks.beforeAll) await hook.call(context);
  const runMembers = async () => {
    for (const member of suite.members) {
      const { only, ignore, permissions: _, ...sanitizers } = member.options;
      const isOnly = only || (member.kind === "suite" && member.hasOnly);
      await t.step({
        ...sanitizers,
        name: member.name,
        ignore: ignore || (suite.hasOnly && !isOnly),
        fn: (step) => runNode(member, step, [...outer, suite], context),
      });
    }
  };
  await withCleanUp(runMembers, suite.hooks.afterAll, context);
}

/** Runs the test inside the hooks of its suites, the outermost first. */
async function runTest(
  test: Test,
  t: Deno.TestContext,
  [suite, ...inner]: Suite[],
  context: Context,
): Promise<void> {
  if (!suite) return await test.body.call(context, t);
  for (const hook of suite.hooks.beforeEach) await hook.call(context);
  await withCleanUp(
    () => runTest(test, t, inner, context),
    suite.hooks.afterEach,
    context,
  );
}

/** Runs every clean-up even if others threw, then throws what was thrown. */
async function withCleanUp(
  run: () => Promise<void>,
  cleanUps: Hook<Context>[],
  context: Context,
): Promise<void> {
  const errors: unknown[] = [];
  await run().catch((error) => errors.push(error));
  for (const cleanUp of cleanUps) {
    try {
      await cleanUp.call(context);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) {
    throw new AggregateError(errors, "Test and its clean-up both failed");
  }
}
