import type { DeepCheck } from "./_deep_check.ts";

/** What a check found, for people: a line per difference, and one at the end that sums up. */
export function deepLines(check: DeepCheck): string[] {
  const { records, indexRows, found, differences, remarks, error } = check;
  const name = check.tenant ?? "users and brands";
  const further = found - differences.length;
  return [
    ...differences,
    ...(further > 0 ? [`and ${further} more`] : []),
    ...remarks.map((remark) => `note: ${remark}`),
    error ?? [
      `${records} ${records === 1 ? "record" : "records"}`,
      `${indexRows} index ${indexRows === 1 ? "row" : "rows"}`,
      `${found} ${found === 1 ? "difference" : "differences"}`,
    ].join(", "),
  ].map((line) => `${name}: ${line}`);
}
