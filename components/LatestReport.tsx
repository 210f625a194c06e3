import { Card } from "./Card.tsx";

/** The way to the weekly reports. */
export function LatestReport({ href }: { href: string }) {
  return (
    <Card
      title="Weekly reports"
      says="A report freezes the figures of its week when it is published."
    >
      <p>
        <a class="link inline-block py-2 md:py-0" href={href}>
          See the published reports, newest first
        </a>
      </p>
    </Card>
  );
}
