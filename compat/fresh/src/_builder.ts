import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { App, attachSnapshot, type ListenOptions } from "./app.ts";
import { BUILD_ID } from "./_build_id.ts";
import { bundle } from "./_bundle.ts";
import { writeBuild } from "./_disk.ts";
import { liveReload } from "./_live_reload.ts";
import { memorySnapshot } from "./_memory.ts";
import { findProjectFiles, type ProjectFiles } from "./_project.ts";
import type {
  OnTransformOptions,
  Transform,
  TransformFn,
} from "./_transform.ts";

type Mode = "development" | "production";

/** Where a project's parts are: paths are absolute or relative to the root. */
export interface BuildOptions {
  /** What esbuild is to compile for. */
  target?: string | string[];
  /** The project's directory. Default: the working directory. */
  root?: string;
  /** Default "_fresh". */
  outDir?: string;
  /** Default "static". Of several, the first that has a file wins. */
  staticDir?: string | string[];
  /** Default "islands". */
  islandDir?: string;
  /** Default "routes". */
  routeDir?: string;
  /** The module that exports `app`. Default "main.ts". */
  serverEntry?: string;
  /** Files that are neither routes nor islands. Default: tests. */
  ignore?: RegExp[];
  sourceMap?: { kind: boolean | "linked" | "inline" | "external" | "both" };
}

/** The options with their defaults, paths absolute. */
export type ResolvedBuildConfig =
  & Required<Omit<BuildOptions, "staticDir" | "sourceMap">>
  & Pick<BuildOptions, "sourceMap">
  & { staticDir: string[]; mode: Mode; buildId: string };

/** What has been built, before it is written or served. */
export interface Build {
  config: ResolvedBuildConfig;
  transforms: readonly Transform[];
  project: ProjectFiles;
  /** Modules for browsers by their addresses. */
  modules: Map<string, { content: Uint8Array<ArrayBuffer>; hash: string }>;
  bootUrl: string;
  valuesUrl: string;
  signalsUrl: string;
  reloadUrl: string | undefined;
  islands: { path: string; url: string }[];
}

/**
 * Builds a project for production, for tests, or serves it for development.
 *
 * ```ts
 * import { Builder } from "fresh/dev";
 *
 * const builder = new Builder();
 * if (Deno.args.includes("build")) await builder.build();
 * else await builder.listen(() => import("./main.ts"));
 * ```
 */
export class Builder<State = unknown> {
  config: ResolvedBuildConfig;
  readonly #transforms: Transform[] = [];

  constructor(options: BuildOptions = {}) {
    const root = absolute(options.root ?? ".", Deno.cwd());
    this.config = {
      root,
      target: options.target ?? ["chrome99", "firefox99", "safari15"],
      outDir: absolute(options.outDir ?? "_fresh", root),
      staticDir: [options.staticDir ?? "static"].flat()
        .map((dir) => absolute(dir, root)),
      islandDir: absolute(options.islandDir ?? "islands", root),
      routeDir: absolute(options.routeDir ?? "routes", root),
      serverEntry: absolute(options.serverEntry ?? "main.ts", root),
      ignore: options.ignore ?? [/[._]test\.(?:[tj]sx?|[mc][tj]s)$/],
      ...(options.sourceMap ? { sourceMap: options.sourceMap } : {}),
      mode: "production",
      buildId: BUILD_ID,
    };
  }

  /** Has static files changed on their way to the client. */
  onTransformStaticFile(options: OnTransformOptions, fn: TransformFn): void {
    this.#transforms.push({ options, fn });
  }

  /**
   * Builds into the output directory, or into memory for an app under test,
   * to which the returned function gives what was built.
   */
  async build(
    options: { mode?: Mode; snapshot?: "disk" | "memory" } = {},
  ): Promise<<S = State>(app: App<S>) => void> {
    this.config.mode = options.mode ?? "production";
    const build = await this.#build();
    if (options.snapshot !== "memory") {
      await writeBuild(build);
      return () => {
        throw new Error("Cannot apply a build on disk: serve its server.js");
      };
    }
    const snapshot = await memorySnapshot(build);
    return (app) => attachSnapshot(app, snapshot, app.config.mode);
  }

  /** Serves the app from its sources, and reloads pages when it restarts. */
  async listen<S = State>(
    importApp: () => Promise<{ app: App<S> } | App<S>>,
    options: ListenOptions = {},
  ): Promise<void> {
    this.config.mode = "development";
    const imported = await importApp();
    const app = imported instanceof App ? imported : imported.app;
    const handler = this.#build().then(memorySnapshot).then((snapshot) => {
      attachSnapshot(app, snapshot, "development");
      return app.handler();
    });
    const devApp = new App({ mode: "development" })
      .use(liveReload())
      .use(async (ctx) => (await handler)(ctx.req, ctx.info));
    await Promise.all([devApp.listen(options), handler]);
  }

  async #build(): Promise<Build> {
    const { config } = this;
    const project = await findProjectFiles(config);
    const client = (name: string) =>
      fileURLToPath(new URL(name, import.meta.url));
    const boot = client("./boot.ts");
    const values = client("./boot_values.ts");
    const signals = client("./boot_signals.ts");
    const reload = client("./reload.ts");
    const isDev = config.mode === "development";
    const { entries, files } = await bundle({
      ...config,
      sources: [
        boot,
        values,
        signals,
        ...(isDev ? [reload] : []),
        ...project.islands,
      ],
    });
    const urlOf = (name: string) => `/_fresh/js/${config.buildId}/${name}`;
    const urlOfSource = (path: string) => urlOf(entries.get(path)!);
    return {
      config,
      project,
      transforms: this.#transforms,
      modules: new Map(
        [...files].map(([name, file]) => [urlOf(name), file]),
      ),
      bootUrl: urlOfSource(boot),
      valuesUrl: urlOfSource(values),
      signalsUrl: urlOfSource(signals),
      reloadUrl: isDev ? urlOfSource(reload) : undefined,
      islands: project.islands.map((path) => ({
        path,
        url: urlOfSource(path),
      })),
    };
  }
}

function absolute(path: string, root: string): string {
  if (path.startsWith("file://")) return fileURLToPath(path);
  return isAbsolute(path) ? path : join(root, path);
}
