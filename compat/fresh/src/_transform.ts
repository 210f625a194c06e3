import { asset } from "./_asset.ts";

/** Which files a transform is asked about. */
export interface OnTransformOptions {
  pluginName: string;
  filter: RegExp;
  /** Paths it is not asked about: patterns, or parts of the path. */
  exclude?: Array<string | RegExp>;
}

/** The file to transform. */
export interface OnTransformArgs {
  path: string;
  target: string | string[];
  text: string;
  content: Uint8Array;
  mode: "development" | "production";
  root: string;
}

interface Output {
  content: string | Uint8Array;
  path?: string;
  map?: string | Uint8Array;
}

type OutputList = (Output & { path: string })[];
type Result = void | Output | OutputList;

/** Returns the new content, several files in its place, or nothing. */
export type TransformFn = (args: OnTransformArgs) => Result | Promise<Result>;

export interface Transform {
  options: OnTransformOptions;
  fn: TransformFn;
}

export interface TransformedFile {
  path: string;
  content: Uint8Array<ArrayBuffer>;
}

/** Keys the addresses that a stylesheet names. */
const CSS: Transform = {
  options: { pluginName: "css-assets", filter: /\.css$/ },
  fn: ({ text }) => ({
    content: text.replaceAll(
      /url\(\s*(["']?)(\/[^"')]+)\1\s*\)/g,
      (_, _quote, path) => `url(${JSON.stringify(asset(path))})`,
    ),
  }),
};

/** Runs a file through all transforms; null if none was meant for it. */
export async function transformFile(
  path: string,
  transforms: readonly Transform[],
  { mode, root, target }: Pick<OnTransformArgs, "mode" | "root" | "target">,
): Promise<TransformedFile[] | null> {
  const all = [...transforms, CSS];
  if (!all.some(({ options }) => isMeant(options, path))) return null;
  let files = [{ path, content: await Deno.readFile(path) }];
  for (const { options, fn } of all) {
    const next: TransformedFile[] = [];
    for (const file of files) {
      const result = isMeant(options, file.path)
        ? await fn({
          mode,
          root,
          target,
          ...file,
          get text() {
            return new TextDecoder().decode(file.content);
          },
        })
        : undefined;
      const outputs = result ? [result].flat() : [file];
      next.push(...outputs.map((output) => ({
        path: output.path ?? file.path,
        content: bytes(output.content),
      })));
    }
    files = next;
  }
  return files;
}

function isMeant({ filter, exclude }: OnTransformOptions, path: string) {
  return path.search(filter) >= 0 &&
    !exclude?.some((pattern) =>
      typeof pattern === "string" ? path.includes(pattern) : pattern.test(path)
    );
}

function bytes(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : new Uint8Array(content);
}
