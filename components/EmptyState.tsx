import type { ComponentChildren } from "preact";

export interface EmptyStateProps {
  /** What is not there, as a sentence. */
  title: string;
  /** What happens next, or what to do. */
  children?: ComponentChildren;
}

/** Says that there is nothing, and what happens next. Never used for an error or for old data. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div class="rounded-control bg-sunken px-4 py-6 text-center">
      <p class="font-semibold">{title}</p>
      {children && (
        <p class="mt-1 mx-auto max-w-prose text-small text-ink-2">{children}</p>
      )}
    </div>
  );
}
