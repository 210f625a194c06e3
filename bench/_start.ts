import type { BareJob } from "./_bare_child.tsx";
import type { Figure } from "./_figures.ts";
import { HttpConnection } from "./_http.ts";
import {
  type ServingProcess,
  startPortal,
  startServing,
  workedFor,
} from "./_server.ts";

/** Starts of each, in turns. */
const STARTS = 5;

interface Start {
  passed: number;
  worked: number;
}

/** A hello-world app on the same framework, as its documentation begins one. */
const HELLO: Record<string, string> = {
  "main.ts": `import { App, staticFiles } from "fresh";
export const app = new App().use(staticFiles()).fsRoutes();
`,
  "dev.ts": `import { Builder } from "fresh/dev";
await new Builder({ root: import.meta.dirname }).build();
`,
  "routes/index.tsx": `export default () => <h1>Hello, world</h1>;
`,
  "serve.ts": `import server from "./_fresh/server.js";
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log("http://127.0.0.1:" + port),
}, server.fetch);
`,
};

/** The first page that a process answers, against a hello-world's. */
export async function benchStart(
  report: (figure: Figure) => void,
  { path, secret, user }: BareJob,
): Promise<void> {
  const hello = await helloWorld();
  try {
    const portal: Start[] = [];
    const plain: Start[] = [];
    for (let n = 0; n < STARTS; n++) {
      plain.push(
        await firstPage(() => startServing([`${hello}/serve.ts`]), "/"),
      );
      portal.push(
        await firstPage(
          () => startPortal(path, secret),
          `/dashboard?w=${user.workspace}`,
          { cookie: user.cookie },
        ),
      );
    }
    const ratios = portal.map(({ worked }, n) => worked / plain[n]!.worked);
    const shown = (name: keyof Start) =>
      [portal, plain].map((starts) =>
        `${Math.round(middle(starts.map((one) => one[name])))} ms`
      ).join(" to ");
    report({
      name: "serve.start.first_page.to_hello_world",
      value: middle(ratios),
      unit: `ratio of processor time, ${Math.min(...ratios).toFixed(2)} to ${
        Math.max(...ratios).toFixed(2)
      } in ${STARTS} starts, ${shown("worked")}; ${
        shown("passed")
      } by the clock`,
      goal: { atMost: 1.5 },
    });
  } finally {
    await Deno.remove(hello, { recursive: true });
  }
}

/** Milliseconds from the start of the process to the end of its first page, and those that it has worked. */
async function firstPage(
  start: () => Promise<ServingProcess>,
  path: string,
  headers: Record<string, string> = {},
): Promise<Start> {
  const began = performance.now();
  await using server = await start();
  using connection = await HttpConnection.open(server.origin);
  const { status } = await connection.get(path, headers);
  if (status !== 200) throw new Error(`The first page answers ${status}`);
  const passed = performance.now() - began;
  return { passed, worked: await workedFor(server.pid) / 1e6 };
}

/** Writes and builds it beside the portal, whose settings name the framework; the folder. */
async function helloWorld(): Promise<string> {
  const dir = await Deno.makeTempDir({
    dir: new URL("..", import.meta.url).pathname,
    prefix: ".bench-hello-",
  });
  await Deno.mkdir(`${dir}/routes`);
  for (const [name, text] of Object.entries(HELLO)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${dir}/dev.ts`],
    stdout: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot go on: hello-world was not built");
  return dir;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
