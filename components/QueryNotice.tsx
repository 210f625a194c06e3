/** What of the address could not be read; the page shows its default for it. */
export function QueryNotice({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <div
      role="status"
      class="mb-4 rounded-card border border-warn-line bg-warn px-4 py-3 text-warn-ink"
    >
      {problems.map((problem) => <p key={problem}>{problem}.</p>)}
      <p>The page shows what it shows without it.</p>
    </div>
  );
}
