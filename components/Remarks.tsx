/** Sentences about what a figure leaves out or cannot know; none, nothing. */
export function Remarks({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul class="mt-4 grid gap-1 text-small text-ink-2">
      {sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}
    </ul>
  );
}
