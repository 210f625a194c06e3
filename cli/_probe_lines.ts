import type { EndpointProbe, Shape } from "../lib/clienttether/mod.ts";

/** What an endpoint answered, for people: a line per field. */
export function probeLines(probe: EndpointProbe): string[] {
  const { path, query, outcome, rows, withoutId } = probe;
  const lines = [
    `GET ${path}${query.length > 0 ? ` (${query.join(", ")})` : ""}`,
    `  ${OUTCOMES[outcome]}${answerOf(probe)}`,
  ];
  if (probe.problem !== null) lines.push(`  ${probe.problem}`);
  lines.push(...probe.warnings.map((warning) => `  ${warning}`));
  if (probe.envelope.length > 0) {
    const keys = probe.envelope.map(({ name, shapes }) =>
      `${name} (${shapesText(shapes)})`
    );
    lines.push(`  envelope: ${keys.join(", ")}`);
  }
  if (outcome === "answered") {
    lines.push(
      `  rows: ${rows}${withoutId > 0 ? `, ${withoutId} without an id` : ""}`,
    );
    lines.push(...fieldLines(probe));
  }
  return [...lines, ""];
}

const OUTCOMES: Record<EndpointProbe["outcome"], string> = {
  answered: "ok",
  not_found: "not found",
  failed: "FAILED",
  not_asked: "not asked",
};

/** ": HTTP 200, CT200". */
function answerOf({ httpStatus, code }: EndpointProbe): string {
  const parts = [httpStatus === null ? null : `HTTP ${httpStatus}`, code]
    .filter((part) => part !== null);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}

function fieldLines({ rows, expected, found, missing, extra }: EndpointProbe) {
  if (rows === 0) return [`  expected: ${expected.join(", ")}`];
  const named = found.map(({ field, as, shapes }): [string, string] => [
    as.length === 1 && as[0] === field ? field : `${field} = ${as.join(", ")}`,
    shapesText(shapes),
  ]);
  const further = extra.map(({ name, shapes }): [string, string] => [
    name,
    shapesText(shapes),
  ]);
  const width = Math.max(
    ...[...named, ...further].map(([name]) => name.length),
  );
  const line = ([name, shapes]: [string, string]) =>
    `    ${name.padEnd(width)}  ${shapes}`;
  return [
    `  found ${found.length} of ${expected.length} expected fields:`,
    ...named.map(line),
    ...(missing.length > 0 ? [`  missing: ${missing.join(", ")}`] : []),
    ...(extra.length > 0 ? ["  extra:", ...further.map(line)] : []),
  ];
}

/** "text 4-12 x9, blank x1"; one shape alone needs no count. */
function shapesText(shapes: Shape[]): string {
  return shapes.length === 1
    ? shapes[0]!.shape
    : shapes.map(({ shape, rows }) => `${shape} x${rows}`).join(", ");
}
