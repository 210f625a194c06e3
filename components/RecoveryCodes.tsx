import { Card } from "./Card.tsx";

/** Recovery codes, shown this once. */
export function RecoveryCodes(
  { codes, next }: { codes: readonly string[]; next: string },
) {
  return (
    <Card
      title="Your recovery codes"
      says="They are shown this once. Print them, or keep them where you keep passwords. Each signs you in once where you do not have your phone."
    >
      <ul class="grid gap-1 font-semibold">
        {codes.map((code) => <li key={code}>{code}</li>)}
      </ul>
      <p class="mt-4">
        <a class="link inline-block py-2 -my-2" href={next}>
          I have kept them
        </a>
      </p>
    </Card>
  );
}
