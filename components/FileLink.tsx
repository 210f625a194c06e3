/** Takes a list along as a file. */
export function FileLink({ href }: { href: string }) {
  return (
    <a
      class="inline-flex items-center min-h-target md:min-h-[2.25rem] rounded-control px-3 text-sm hover:bg-sunken hover:text-accent"
      href={href}
      download
    >
      Download CSV
    </a>
  );
}
