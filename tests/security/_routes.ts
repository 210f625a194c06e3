/** The route table, read from the files themselves: "/leads/:id" of routes/(workspace)/leads/[id].tsx. */
export async function routePatterns(): Promise<string[]> {
  const root = new URL("../../routes/", import.meta.url);
  const patterns: string[] = [];
  await collect(root, "", patterns);
  return patterns.sort();
}

async function collect(
  folder: URL,
  path: string,
  patterns: string[],
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name.startsWith("_")) continue;
    if (isDirectory) {
      const part = name.startsWith("(") ? "" : `/${segment(name)}`;
      await collect(new URL(`${name}/`, folder), path + part, patterns);
      continue;
    }
    const file = name.replace(/\.tsx?$/, "");
    patterns.push(file === "index" ? path || "/" : `${path}/${segment(file)}`);
  }
}

/** "[id]" as ":id". */
function segment(name: string): string {
  return name.replace(/^\[(.+)\]$/, ":$1");
}
