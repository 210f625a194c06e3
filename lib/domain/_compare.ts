/** Orders texts by code unit: the same everywhere, whatever the runtime's locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
