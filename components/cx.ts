/**
 * Joins class names, leaving out what is not there. The stylesheet's compiler looks for class names in
 * `class` attributes and in calls of this function: write them nowhere else.
 */
export function cx(...names: Array<string | false | null | undefined>): string {
  return names.filter(Boolean).join(" ");
}
