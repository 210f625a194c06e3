import type { Command } from "commander";
import { createProgram } from "../../cli/portal.ts";
import { systemCli } from "../../cli/_cli.ts";

/** The project. */
const ROOT = new URL("../..", import.meta.url);
const STREAMS = "cycles, leads, opportunities, notes, activities";

/** How a command is given well, and what is wrong with other ways; FILE and NEW stand for a backup and a new file. */
export interface Row {
  good: string[];
  /** Wrong usage, without the command's name, and what it is answered. */
  wrong: [args: string[], says: RegExp][];
  /** It opens no portal: it does without PORTAL_SECRET. */
  secretless?: boolean;
}

const UNKNOWN_TENANT = /^Cannot find tenant 'nobody': no tenant has this slug/;
const NO_TENANT_OPTION = /required option '--tenant <tenant>' not specified/;
const NO_VALUE = /option '--tenant <tenant>' argument missing/;
const NO_STREAM = new RegExp(`^Cannot find the stream: .* ${STREAMS}$`);

/** A row for every command: one without is a failure. */
export const ROWS: Record<string, Row> = {
  "tenant add": {
    good: ["--name", "New", "--timezone", "America/New_York"],
    wrong: [
      [[], /required option '--name <name>' not specified/],
      [["--name", "New"], /required option '--timezone <zone>'/],
      [["--name", "New", "--timezone"], /argument missing/],
      [["--name", "New", "--timezone", "Mars/Base"], /'Mars\/Base' is not/],
      [["--name", " ", "--timezone", "UTC"], /^Cannot keep tenant/],
      [
        ["--name", "New", "--timezone", "UTC", "--slug", "Not A Slug"],
        /^Cannot keep tenant/,
      ],
      [
        ["--name", "New", "--timezone", "UTC", "--accent", "red"],
        /^Cannot keep tenant/,
      ],
    ],
  },
  "tenant list": { good: ["--json"], wrong: [] },
  "tenant set": {
    good: ["acme", "--name", "Other"],
    wrong: [
      [[], /which tenant\? Name it/],
      [["acme"], /nothing to change/],
      [["nobody", "--name", "Other"], UNKNOWN_TENANT],
      [["acme", "--name"], /argument missing/],
      [["acme", "--status", "purged"], /--status must be active, inactive/],
      [["acme", "--name", "Other", "--timezone", "Mars/Base"], /'Mars\/Base'/],
      [["acme", "--tenant", "other", "--name", "Other"], /name one tenant/],
    ],
  },
  "tenant purge": {
    good: ["acme", "--confirm", "acme"],
    wrong: [
      [[], /missing required argument 'tenant'/],
      [["nobody", "--confirm", "nobody"], /^Cannot find tenant 'nobody'/],
      [["acme"], /nothing was removed\. .+ --confirm acme$/],
      [["acme", "--confirm"], /argument missing/],
      [["acme", "--confirm", "other"], /nothing was removed\. /],
    ],
  },
  "person erase": {
    good: ["--tenant", "acme", "--lead", "1", "--confirm", "1"],
    wrong: [
      [[], /required option '--tenant <tenant>' not specified/],
      [["--tenant", "acme"], /required option '--lead <id>' not specified/],
      [["--tenant", "nobody", "--lead", "1"], UNKNOWN_TENANT],
      [["--tenant", "acme", "--lead", "1"], /nothing was removed\. /],
    ],
  },
  "secrets rotate": {
    good: [],
    wrong: [[["--check", "surplus"], /too many arguments/]],
  },
  "user reset-second-factor": {
    good: ["robin@example.com"],
    wrong: [
      [[], /missing required argument 'email'/],
      [["nobody@example.com"], /^Cannot find user 'nobody@example.com'/],
    ],
  },
  "user add": {
    good: [
      ...["--email", "kim@example.com", "--name", "Kim"],
      ...["--role", "agency_admin"],
    ],
    wrong: [
      [[], /required option '--email <address>' not specified/],
      [["--email", "kim@example.com", "--name", "Kim"], /'--role <role>'/],
      [
        ["--email", "kim@example.com", "--name", "Kim", "--role", "king"],
        /--role must be agency_admin/,
      ],
      [
        ["--email", "nobody", "--name", "Kim", "--role", "agency_admin"],
        /this is not an e-mail address/,
      ],
      [
        [
          ...["--email", "kim@example.com", "--name", "Kim"],
          ...["--role", "tenant_viewer", "--tenant", "nobody"],
        ],
        UNKNOWN_TENANT,
      ],
    ],
  },
  sync: {
    good: ["--tenant", "acme"],
    wrong: [[["--tenant", "nobody"], UNKNOWN_TENANT], [["--tenant"], NO_VALUE]],
  },
  doctor: {
    good: ["--deep"],
    wrong: [
      [["--deep", "--probe"], /choose one of --deep and --probe/],
      [["--tenant", "acme"], /--probe and --tenant SLUG go together/],
      [["--deep", "--tenant", "nobody"], UNKNOWN_TENANT],
      [["--probe"], /--probe and --tenant SLUG go together/],
      [["--probe", "--tenant", "nobody"], UNKNOWN_TENANT],
      [["--probe", "--tenant"], NO_VALUE],
    ],
  },
  "quarantine list": {
    good: [],
    wrong: [
      [["--tenant", "nobody"], UNKNOWN_TENANT],
      [["--tenant"], NO_VALUE],
      [["--stream", "dogs"], NO_STREAM],
    ],
  },
  "quarantine show": {
    good: ["leads", "1", "--tenant", "acme"],
    wrong: [
      [[], NO_TENANT_OPTION],
      [["--tenant", "acme"], /missing required argument 'stream'/],
      [["leads", "--tenant", "acme"], /missing required argument 'id'/],
      [["leads", "1"], NO_TENANT_OPTION],
      [["leads", "1", "--tenant", "nobody"], UNKNOWN_TENANT],
      [["dogs", "1", "--tenant", "acme"], NO_STREAM],
      [["leads", "1", "--tenant", "acme"], /^Cannot find this id among/],
    ],
  },
  "quarantine retry": {
    good: ["--tenant", "acme"],
    wrong: [
      [[], NO_TENANT_OPTION],
      [["--tenant", "nobody"], UNKNOWN_TENANT],
      [["--tenant", "acme", "--stream", "dogs"], NO_STREAM],
    ],
  },
  migrate: {
    good: ["--dry-run"],
    secretless: true,
    wrong: [[["surplus"], /too many arguments/]],
  },
  replay: {
    good: ["--tenant", "acme"],
    wrong: [
      [[], NO_TENANT_OPTION],
      [["--tenant"], NO_VALUE],
      [["--tenant", "nobody"], UNKNOWN_TENANT],
      [["--tenant", "acme", "--from", "yesterday"], /--from must be a day/],
      [["--tenant", "acme", "--from", "2026-02-30"], /--from must be a day/],
      [
        ["--tenant", "acme", "--from", "2026-03-01", "--to", "2026-3-2"],
        /--to must be a day/,
      ],
      [["--tenant", "acme", "--to", "2026-03-01"], /--to needs --from/],
      [
        ["--tenant", "acme", "--from", "2026-03-02", "--to", "2026-03-01"],
        /--from is later than --to/,
      ],
    ],
  },
  backup: {
    good: ["NEW"],
    wrong: [
      [[], /missing required argument 'file'/],
      [["FILE"], /: it exists\. Give another name, or --force$/],
      [["FILE/new"], /^Cannot write '.+': /],
      [["NEW/new"], /^Cannot write '.+': /],
      [[ROOT.pathname], /: it is not a file$/],
    ],
  },
  restore: {
    good: ["FILE"],
    secretless: true,
    wrong: [
      [[], /missing required argument 'file'/],
      [["NEW"], /^Cannot read '.+': /],
      [[ROOT.pathname], /: it is not a file$/],
      [["FILE"], /database is not empty; --replace clears it first/],
    ],
  },
};

/** A command that does something, by its whole name: "tenant add". */
export interface Leaf {
  name: string;
  command: Command;
}

/** Every command of the operators' command line, as cli/portal.ts puts it together. */
export function commandLeaves(): Leaf[] {
  return leavesOf(createProgram(systemCli()), "");
}

function leavesOf(parent: Command, prefix: string): Leaf[] {
  return parent.commands.flatMap((command) => {
    const name = `${prefix}${command.name()}`;
    return command.commands.length > 0
      ? leavesOf(command, `${name} `)
      : [{ name, command }];
  });
}
