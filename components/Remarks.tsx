/** A sentence about what a figure leaves out or cannot know. */
export interface Remark {
  sentence: string;
  /** The list of what it counts. */
  href?: string;
}

/** Sentences below figures, each with the way to what it counts; none, nothing. */
export function Remarks(
  { sentences }: { sentences: ReadonlyArray<string | Remark> },
) {
  if (sentences.length === 0) return null;
  return (
    <ul class="mt-4 grid gap-1 text-small text-ink-2">
      {sentences.map((one) => {
        const { sentence, href }: Remark = typeof one === "string"
          ? { sentence: one }
          : one;
        return (
          <li key={sentence}>
            {sentence}
            {href && (
              <>
                {" "}
                <a class="link inline-block py-1 -my-1" href={href}>
                  Show {sentence.startsWith("1 ") ? "it" : "them"}
                </a>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
