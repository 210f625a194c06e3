import type { Command } from "commander";
import { migrateStore, type MigrationPlan } from "../lib/store/mod.ts";
import { readConfig } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";

interface Options {
  dryRun?: boolean;
  json?: boolean;
}

export function migrateCommand(program: Command, cli: Cli): void {
  program.command("migrate")
    .description(
      "bring the database to the schema of this release, as its start would; take a backup first",
    )
    .option("--dry-run", "say which steps would run, and change nothing")
    .option("--json", "print JSON")
    .action((options: Options) => migrate(cli, options));
}

/** Opens no portal: that would migrate the database by itself. */
async function migrate(
  cli: Cli,
  { dryRun = false, json = false }: Options,
): Promise<void> {
  const { kvPath, storeId } = readConfig(cli.env);
  const progress = cli.progress();
  try {
    const plan = await migrateStore({
      dryRun,
      ...kvPath ? { path: kvPath } : {},
      ...storeId ? { expectedId: storeId } : {},
      onStep: ({ version, name }) => progress.step(`Step ${version}: ${name}`),
    });
    progress.end();
    if (json) printJson(cli, { ...plan, dryRun });
    else planLines(plan, dryRun).forEach((line) => cli.print(line));
  } finally {
    progress.end();
  }
}

function planLines({ from, to, steps }: MigrationPlan, dryRun: boolean) {
  if (steps.length === 0) {
    return [`The schema is version ${to}, as this release writes it.`];
  }
  const names = steps.map(({ version, name }) => `  ${version}  ${name}`);
  return dryRun
    ? [
      `The schema is version ${from}, this release writes ${to}. These steps would run:`,
      ...names,
      "Nothing was changed.",
    ]
    : [
      `The schema is version ${to}; it was ${from}. These steps ran:`,
      ...names,
    ];
}
