import * as z from "zod";
import { UsageError } from "../domain/mod.ts";
import { parseSender } from "./mail.ts";

/** What a process does: serve pages, run the schedule, or both. */
export type PortalRole = "web" | "worker" | "both";

/** What the environment says, checked. Variables are named in docs and README. */
export interface Config {
  port: number;
  host: string;
  /** Absent: the platform's own database. */
  kvPath: string | undefined;
  storeId: string | undefined;
  clienttetherUrl: string;
  /** Used for tenants that have no access token of their own. */
  accessToken: string | null;
  /** Requests per second of one tenant; 0 is no limit. */
  maxRps: number;
  /** 32 bytes, base64; absent where nothing secret is asked for. */
  secret: string | undefined;
  /** Earlier ones: they still open what they sealed. */
  olderSecrets: readonly string[];
  syncConcurrency: number;
  snapshotRetentionDays: number;
  logLevel: "debug" | "info" | "warning" | "error";
  timeline: string | undefined;
  role: PortalRole;
  /** The origin under which browsers reach the portal; null: the one that a request names. */
  portalUrl: string | null;
  /** Where alerts are sent, an https address; null: nobody is told. Whoever knows it can write there. */
  alertWebhook: string | null;
  /** Whether Deno's OpenTelemetry, where it is on, would tell whole addresses: see {@linkcode QUIET_TELEMETRY}. */
  tracesAddresses: boolean;
  /** Absent: links are shown to whoever makes them, and nothing is sent. */
  mail: { url: string; from: string } | null;
}

/**
 * How Deno's OpenTelemetry has to be started: of the spans that Deno makes by itself, which hold whole addresses, none is
 * kept, and nobody's header can ask for them; the portal's own are.
 */
export const QUIET_TELEMETRY = {
  OTEL_TRACES_SAMPLER: "parentbased_always_off",
  OTEL_PROPAGATORS: "none",
} as const;

const wholeNumber = (from: number, to: number) =>
  z.string().regex(/^\d{1,9}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number).refine(
      (value) => value >= from && value <= to,
      `must be a whole number from ${from} to ${to}`,
    );

const origin = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" ||
    (protocol === "http:" &&
      /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}, "must be an address that starts with https://, or http:// on this machine");

const webhook = z.string().refine(
  (text) => {
    if (!origin.safeParse(text).success) return false;
    const { username, password } = new URL(text);
    return username === "" && password === "";
  },
  "must be an address that starts with https://, or http:// on this machine, without user and password",
);

const mailServer = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return /^smtps?:$/.test(protocol) && hostname !== "";
}, "must be an address such as smtps://user:password@mail.example.com:465");

const isSecret = (text: string) => {
  try {
    return Uint8Array.fromBase64(text.trim()).length === 32;
  } catch {
    return false;
  }
};

const secret = z.string().refine(
  isSecret,
  "must be 32 random bytes in base64; make one with: openssl rand -base64 32",
);

const olderSecrets = z.string().transform((text) =>
  text.split(",").map((one) => one.trim()).filter((one) => one !== "")
).refine(
  (secrets) => secrets.every(isSecret),
  "must be earlier values of PORTAL_SECRET, with commas between them",
);

const SCHEMA = {
  PORT: wholeNumber(0, 65_535).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DENO_KV_PATH: z.string().optional(),
  PORTAL_STORE_ID: z.string().optional(),
  CLIENTTETHER_API_URL: origin.default("https://api.clienttether.com"),
  CLIENTTETHER_ACCESS_TOKEN: z.string().optional(),
  CLIENTTETHER_MAX_RPS: z.string().regex(
    /^\d{1,4}(\.\d+)?$/,
    "must be a number of requests per second, 0 for no limit",
  ).transform(Number).default(4),
  PORTAL_SECRET: secret.optional(),
  PORTAL_SECRET_OLD: olderSecrets.optional(),
  SYNC_CONCURRENCY: wholeNumber(1, 64).default(4),
  SNAPSHOT_RETENTION_DAYS: wholeNumber(1, 36_500).default(90),
  LOG_LEVEL: z.enum(["debug", "info", "warning", "error"], {
    error: "must be debug, info, warning or error",
  }).default("info"),
  DENO_TIMELINE: z.string().optional(),
  PORTAL_ROLE: z.enum(["web", "worker", "both"], {
    error: "must be web, worker or both",
  }).default("both"),
  PORTAL_URL: origin.refine(
    (text) =>
      !URL.canParse(text) || new URL(text).origin + "/" === new URL(text).href,
    "must be a scheme and a host alone, such as https://portal.example.com",
  ).optional(),
  ALERT_WEBHOOK_URL: webhook.optional(),
  OTEL_TRACES_SAMPLER: z.string().optional(),
  OTEL_PROPAGATORS: z.string().optional(),
  SMTP_URL: mailServer.optional(),
  MAIL_FROM: z.string().refine(
    (text) => parseSender(text) !== null,
    "must be an e-mail address, or one with a name before it: Tetherboard <portal@example.com>",
  ).optional(),
} as const;

/** Every variable that {@linkcode readConfig} reads. */
export const CONFIG_NAMES: readonly string[] = Object.keys(SCHEMA);

/**
 * Reads the environment. Blank counts as absent.
 *
 * @throws {UsageError} that names the first variable that is wrong, and says what it must be.
 */
export function readConfig(
  env: (name: string) => string | undefined,
): Config {
  const given = Object.fromEntries(
    Object.keys(SCHEMA).map((name) => [name, env(name)?.trim() || undefined]),
  );
  // Read once: to compile what reads it would take longer.
  const parsed = z.object(SCHEMA).safeParse(given, { jitless: true });
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    throw new UsageError(`${String(path[0])} ${message}`);
  }
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    kvPath: values.DENO_KV_PATH,
    storeId: values.PORTAL_STORE_ID,
    clienttetherUrl: values.CLIENTTETHER_API_URL,
    accessToken: values.CLIENTTETHER_ACCESS_TOKEN ?? null,
    maxRps: values.CLIENTTETHER_MAX_RPS,
    secret: values.PORTAL_SECRET,
    olderSecrets: values.PORTAL_SECRET_OLD ?? [],
    syncConcurrency: values.SYNC_CONCURRENCY,
    snapshotRetentionDays: values.SNAPSHOT_RETENTION_DAYS,
    logLevel: values.LOG_LEVEL,
    timeline: values.DENO_TIMELINE,
    role: values.PORTAL_ROLE,
    portalUrl: values.PORTAL_URL ? new URL(values.PORTAL_URL).origin : null,
    alertWebhook: values.ALERT_WEBHOOK_URL ?? null,
    tracesAddresses:
      values.OTEL_TRACES_SAMPLER !== QUIET_TELEMETRY.OTEL_TRACES_SAMPLER ||
      values.OTEL_PROPAGATORS !== QUIET_TELEMETRY.OTEL_PROPAGATORS,
    mail: mailOf(values),
  };
}

/** A mail's links must lead to the portal, whatever host a request names: a stranger may have made it. */
function mailOf(
  { SMTP_URL: url, MAIL_FROM: from, PORTAL_URL }: {
    SMTP_URL?: string | undefined;
    MAIL_FROM?: string | undefined;
    PORTAL_URL?: string | undefined;
  },
): Config["mail"] {
  if (!url) return null;
  if (!from) throw new UsageError("MAIL_FROM is needed beside SMTP_URL");
  if (!PORTAL_URL) throw new UsageError("PORTAL_URL is needed beside SMTP_URL");
  return { url, from };
}
