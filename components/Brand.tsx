/** The product's mark and name; a link where there is somewhere to go. */
export function Brand({ href }: { href?: string }) {
  const content = (
    <>
      <svg class="flex-none w-3 h-3" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="5" class="fill-accent" />
      </svg>
      Tetherboard
    </>
  );
  const form = "inline-flex items-center gap-2 min-h-target font-bold";
  if (!href) return <p class={form}>{content}</p>;
  // The page's own link in the navigation is the one that says "you are here".
  return <a class={form} href={href} aria-current="false">{content}</a>;
}
