/** "100 of 1,204 notes shown."; without a number where the page does not begin with the newest. */
export function shownSentence(shown: number | null, total: number): string {
  const all = total.toLocaleString("en-US");
  return shown === null
    ? `${all} ${total === 1 ? "note" : "notes"} in all.`
    : `${shown.toLocaleString("en-US")} of ${all} notes shown.`;
}
