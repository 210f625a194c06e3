/** A route: its pattern, and the verbs that it does something for. */
export interface Route {
  pattern: string;
  /** What its file handles; a page without handlers is for GET. */
  verbs: Array<"GET" | "POST">;
}

/** The route table, read from the files themselves: "/leads/:id" of routes/(workspace)/leads/[id].tsx. */
export async function readRoutes(): Promise<Route[]> {
  const root = new URL("../../routes/", import.meta.url);
  const routes: Route[] = [];
  await collect(root, "", routes);
  return routes.sort((a, b) => a.pattern < b.pattern ? -1 : 1);
}

/** The patterns alone. */
export async function routePatterns(): Promise<string[]> {
  return (await readRoutes()).map(({ pattern }) => pattern);
}

async function collect(
  folder: URL,
  path: string,
  routes: Route[],
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name.startsWith("_")) continue;
    if (isDirectory) {
      const part = name.startsWith("(") ? "" : `/${segment(name)}`;
      await collect(new URL(`${name}/`, folder), path + part, routes);
      continue;
    }
    const file = name.replace(/\.tsx?$/, "");
    const pattern = file === "index" ? path || "/" : `${path}/${segment(file)}`;
    routes.push({
      pattern,
      verbs: verbsOf(await Deno.readTextFile(new URL(name, folder))),
    });
  }
}

/** The verbs that a route's source names as handlers. The portal has no others. */
function verbsOf(source: string): Route["verbs"] {
  const other = /^\s+(?:async )?(PUT|PATCH|DELETE)\b\s*[(:]/m.exec(source);
  if (other) throw new Error(`The matrix sends no ${other[1]}`);
  const has = (verb: string) =>
    new RegExp(`^\\s+(?:async )?${verb}\\b\\s*[(:]`, "m").test(source) ||
    new RegExp(`[({,]\\s*(?:async )?${verb}\\b\\s*[(:]`).test(source);
  const post = has("POST");
  return [
    ...has("GET") || !post ? ["GET" as const] : [],
    ...post ? ["POST" as const] : [],
  ];
}

/** "[id]" as ":id". */
function segment(name: string): string {
  return name.replace(/^\[(.+)\]$/, ":$1");
}
