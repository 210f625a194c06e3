import type { Command } from "commander";
import { parseRawLine } from "../lib/clienttether/mod.ts";
import {
  NotFoundError,
  type StreamName,
  STREAMS,
  TerminalError,
  UsageError,
} from "../lib/domain/mod.ts";
import {
  findTenant,
  getQuarantined,
  getTenantStatus,
  listQuarantine,
  listTenants,
  type Quarantined,
  type Store,
  type Tenant,
} from "../lib/store/mod.ts";
import {
  type RetryCounts,
  type RetryOutcome,
  retryQuarantine,
} from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { tableLines } from "./_io.ts";
import { withPortal } from "./_run.ts";
import { whileBusy } from "./_waiting.ts";

interface Options {
  tenant?: string;
  stream?: string;
  json?: boolean;
}

/** What `quarantine list --json` prints of a row; its raw text is a person's data and stays where it is. */
interface ListedRow {
  /** Slug. */
  tenant: string;
  stream: StreamName;
  id: string;
  reason: string;
  /** ISO 8601 UTC, both; the last is written once a day. */
  firstSeenAt: string;
  lastSeenAt: string;
  /** Whether only the beginning of the record is kept. */
  truncated: boolean;
}

const STREAM_OPTION = ["--stream <stream>", STREAMS.join(", ")] as const;

export function quarantineCommands(program: Command, cli: Cli): void {
  const quarantine = program.command("quarantine")
    .description("records that could not be read");

  quarantine.command("list")
    .description("list them, with the reason of each")
    .option("--tenant <tenant>", "slug or id; every brand unless given")
    .option(...STREAM_OPTION)
    .option("--json", "print JSON")
    .action((options: Options) => {
      const stream = streamOf(options.stream);
      return withPortal(cli, (portal) => list(cli, portal, options, stream));
    });

  quarantine.command("show")
    .description("print one of them as ClientTether sent it")
    .argument("<stream>", STREAMS.join(", "))
    .argument("<id>", "as the list names it")
    .requiredOption("--tenant <tenant>", "slug or id")
    .action((name: string, id: string, options: { tenant: string }) => {
      const stream = streamOf(name)!;
      return withPortal(
        cli,
        (portal) => show(cli, portal, stream, id, options.tenant),
      );
    });

  quarantine.command("retry")
    .description("read them again by today's rules and keep what is good now")
    .requiredOption("--tenant <tenant>", "slug or id")
    .option(...STREAM_OPTION)
    .option("--json", "print the counts as JSON")
    .action((options: Options & { tenant: string }) => {
      const stream = streamOf(options.stream);
      return withPortal(cli, (portal) => retry(cli, portal, options, stream));
    });
}

function streamOf(name: string | undefined): StreamName | undefined {
  const stream = STREAMS.find((known) => known === name);
  if (name !== undefined && !stream) {
    throw new UsageError(
      `Cannot find the stream: choose one of ${STREAMS.join(", ")}`,
    );
  }
  return stream;
}

async function list(
  cli: Cli,
  { store }: Portal,
  { tenant: who, json = false }: Options,
  stream: StreamName | undefined,
): Promise<void> {
  const tenants = who === undefined
    ? (await listTenants(store)).map(({ tenant }) => tenant)
    : [await findTenant(store, who)];
  const rows: ListedRow[] = [];
  for (const { id, slug } of tenants) {
    for await (const row of listQuarantine(store, id, stream)) {
      rows.push(toListed(slug, row));
    }
  }
  if (json) return printJson(cli, rows);
  if (rows.length === 0) return cli.print("Nothing is in quarantine.");
  tableLines(
    ["TENANT", "STREAM", "ID", "REASON", "FIRST SEEN", "LAST SEEN"],
    rows.map((row) => [
      row.tenant,
      row.stream,
      visible(row.id),
      row.reason,
      row.firstSeenAt,
      row.lastSeenAt,
    ]),
  ).forEach((line) => cli.print(line));
}

function toListed(
  tenant: string,
  { stream, id, reason, firstSeenAt, lastSeenAt, truncated }: Quarantined,
): ListedRow {
  return {
    tenant,
    stream,
    id,
    reason,
    firstSeenAt,
    lastSeenAt,
    truncated: truncated ?? false,
  };
}

async function show(
  cli: Cli,
  { store }: Portal,
  stream: StreamName,
  id: string,
  who: string,
): Promise<void> {
  const tenant = await findTenant(store, who);
  const row = await getQuarantined(store, tenant.id, stream, id);
  if (!row) {
    throw new NotFoundError(
      `Cannot find this id among the ${stream} of '${tenant.slug}' in quarantine: see portal quarantine list --tenant ${tenant.slug}`,
    );
  }
  const text = textOf(row);
  cli.note("What follows is a person's data: do not pass it on.");
  cli.print(`${visible(row.id)}: ${row.reason}`);
  cli.print(visible(text));
  if (row.truncated) {
    cli.note(
      `Only its beginning is kept. To have it read again, run: portal sync --tenant ${tenant.slug} --full`,
    );
  }
}

/** The record as ClientTether sent it; of one that was not valid UTF-8 its bytes are kept. */
function textOf(row: Quarantined): string {
  const text = rawOf(row);
  try {
    return row.truncated ? text : parseRawLine(row.stream, text).raw;
  } catch {
    return text;
  }
}

function rawOf(row: Quarantined): string {
  try {
    return row.raw;
  } catch (cause) {
    throw new TerminalError(
      "Cannot show this record: what is stored of it is damaged. See portal doctor --deep",
      { cause },
    );
  }
}

/** With escapes in place of control characters, which a terminal would obey. */
function visible(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

async function retry(
  cli: Cli,
  { store, clock }: Portal,
  { tenant: who, json = false }: Options & { tenant: string },
  stream: StreamName | undefined,
): Promise<void> {
  const { id, slug } = await findActive(store, who);
  const streams = stream ? [stream] : STREAMS;
  const outcome = await whileBusy(
    cli,
    clock,
    { verb: "retry the quarantine of", slug },
    () => retryQuarantine({ store, clock }, id, streams),
  );
  if (json) return printJson(cli, outcome);
  outcomeLines(slug, outcome).forEach((line) => cli.print(line));
}

async function findActive(store: Store, who: string): Promise<Tenant> {
  const tenant = await findTenant(store, who);
  const status = await getTenantStatus(store, tenant.id);
  if (status === "active") return tenant;
  throw new UsageError(
    `Cannot retry the quarantine of '${tenant.slug}': it is ${status}`,
  );
}

function outcomeLines(slug: string, outcome: RetryOutcome): string[] {
  const all = Object.entries(outcome);
  if (all.length === 0) return [`${slug}: nothing is in quarantine`];
  const truncated = all.some(([, counts]) => counts.truncated > 0);
  return [
    ...all.map(([stream, counts]) =>
      `${slug}: ${stream}: ${countsText(counts)}`
    ),
    ...(truncated
      ? [
        `To have those read again of which only a beginning is kept, run: portal sync --tenant ${slug} --full`,
      ]
      : []),
  ];
}

function countsText(
  { written, superseded, kept, truncated }: RetryCounts,
): string {
  return [
    `${written} written`,
    `${kept} still in quarantine`,
    ...(superseded > 0 ? [`${superseded} older than what is stored`] : []),
    ...(truncated > 0 ? [`${truncated} kept only in part`] : []),
  ].join(", ");
}
