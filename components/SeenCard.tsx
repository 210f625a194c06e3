import type { ComponentChildren } from "preact";
import { zoneName } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";

export interface SeenCardProps {
  title: string;
  /** Of when the changes are, in words. */
  span: string;
  /** Rows that are shown, of how many. */
  shown: number;
  total: number;
  timezone: string;
  children: ComponentChildren;
}

/** A list of what hourly updates saw happen, the newest first. */
export function SeenCard(props: SeenCardProps) {
  const { title, span, shown, total, timezone, children } = props;
  return (
    <Card
      id="list"
      title={title}
      says={`${span}. Seen by hourly updates, the newest first; times in ${
        zoneName(timezone)
      }.${total > shown ? ` The newest ${shown} are shown.` : ""}`}
    >
      {children}
    </Card>
  );
}
