/** One of a few choices; it leads to the same page with another query. */
export interface Segment {
  label: string;
  /** What it is called where the label alone says too little. */
  name?: string;
  href: string;
  chosen: boolean;
}

/** A choice between a few views of the same figures, made by links. */
export function Segments(
  { label, choices }: { label: string; choices: readonly Segment[] },
) {
  return (
    <ul
      class="no-print inline-flex flex-wrap sm:shrink-0 gap-1 rounded-control bg-sunken p-1"
      aria-label={label}
    >
      {choices.map(({ label, name, href, chosen }) => (
        <li key={label}>
          <a
            href={href}
            class="segment eases flex items-center min-h-target md:min-h-[2rem] rounded-control px-3 text-sm text-ink-2 whitespace-nowrap hover:text-ink"
            aria-label={name}
            aria-current={chosen ? "true" : "false"}
          >
            {label}
          </a>
        </li>
      ))}
    </ul>
  );
}
