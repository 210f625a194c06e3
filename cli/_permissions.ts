import { dirname, resolve } from "node:path";
import { CONFIG_NAMES, readConfig } from "../lib/web/mod.ts";

/** Variables beside the portal's own: of the platform, of Deno, and those that packages ask for. */
const OTHER_NAMES = [
  "CI_COMMIT_SHA",
  "DENO_DEPLOYMENT_ID",
  "DENO_KV_ACCESS_TOKEN",
  "GITHUB_SHA",
];

/** Their values are addresses that the portal talks to; those of Deno's own OpenTelemetry too. */
const ADDRESSES = [
  "CLIENTTETHER_API_URL",
  "DENO_KV_PATH",
  "SMTP_URL",
  "ALERT_WEBHOOK_URL",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
];

const PORTS: Record<string, number> = {
  "http:": 80,
  "https:": 443,
  "smtp:": 587,
  "smtps:": 465,
};

/**
 * What the served portal may do, as options of `deno run`: listen where it is told to, talk to the hosts that the
 * environment names, read the project and the database's folder, write the latter, read the variables that it knows.
 *
 * @param root The project's folder.
 * @throws {UsageError} when a variable is wrong.
 */
export function permissionFlags(
  env: (name: string) => string | undefined,
  root: string,
): string[] {
  const { host, port, kvPath, clienttetherUrl } = readConfig(env);
  const given = ADDRESSES.map((name) => env(name)?.trim() ?? "");
  const hosts = [clienttetherUrl, ...given].map(hostOf)
    .filter((found) => found !== null);
  const data = isFile(kvPath) ? [dirname(resolve(kvPath))] : [];
  return [
    "--no-prompt",
    "--cached-only",
    flag("net", [listenAt(host, port), ...hosts]),
    flag("read", [root, ...data]),
    ...data.length > 0 ? [flag("write", data)] : [],
    flag("env", [...CONFIG_NAMES, ...OTHER_NAMES]),
    // A mail says which machine sends it.
    "--allow-sys=hostname",
  ];
}

function flag(name: string, values: string[]): string {
  return `--allow-${name}=${[...new Set(values)].join(",")}`;
}

function isFile(path: string | undefined): path is string {
  return path !== undefined && path !== ":memory:" && !/^https?:/.test(path);
}

function listenAt(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function hostOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, port } = new URL(address);
  const known = PORTS[protocol];
  if (known === undefined || hostname === "") return null;
  return `${hostname}:${port || known}`;
}
