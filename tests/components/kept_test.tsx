import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { ComponentChildren } from "preact";
import { KeptPieces, PagePath } from "../../components/kept.ts";
import { html } from "./_render.ts";

interface CardProps {
  rows?: unknown;
  title?: string;
  children?: ComponentChildren;
}

/** Pieces, a component of them that counts how often it is rendered, and a clock. */
function createRig(maxBytes?: number) {
  const clock = { time: 0, now: () => clock.time };
  const pieces = new KeptPieces({
    clock,
    ...maxBytes === undefined ? {} : { maxBytes },
  });
  let rendered = 0;
  const Card = pieces.kept(function Card({ rows, title, children }: CardProps) {
    rendered++;
    return <p>{title}: {JSON.stringify(rows)} {children}</p>;
  });
  return {
    clock,
    pieces,
    Card,
    /** How often the component is rendered while a page at the path shows it. */
    rendersOf(props: CardProps, path: string | null = "/leads"): number {
      const before = rendered;
      const page = () =>
        html(
          <PagePath.Provider value={path}>
            <Card {...props} />
          </PagePath.Provider>,
        );
      const first = page();
      pieces.enabled = false;
      const anew = page();
      pieces.enabled = true;
      expect(first).toBe(anew);
      return rendered - before - 1;
    },
  };
}

const frozen = <T extends object>(value: T): T => Object.freeze(value);

describe("A kept piece of a page", () => {
  it("is rendered once for the same props", () => {
    const { rendersOf } = createRig();
    const rows = frozen([1, 2]);
    expect(rendersOf({ rows, title: "<A>" })).toBe(1);
    expect(rendersOf({ rows, title: "<A>" })).toBe(0);
    expect(rendersOf({ rows, title: "B" })).toBe(1);
    expect(rendersOf({ rows, title: "<A>" })).toBe(0);
  });

  it("is another for another frozen object, though it says the same", () => {
    const { rendersOf } = createRig();
    const [one, other] = [frozen({ name: "a" }), frozen({ name: "a" })];
    expect(rendersOf({ rows: one })).toBe(1);
    expect(rendersOf({ rows: other })).toBe(1);
    expect(rendersOf({ rows: [one] })).toBe(1);
    expect(rendersOf({ rows: [one] })).toBe(0);
    expect(rendersOf({ rows: [other] })).toBe(1);
  });

  it("is told by all that is not frozen, whatever holds it", () => {
    const { rendersOf } = createRig();
    const values = [
      "1",
      1,
      true,
      "true",
      null,
      "null",
      undefined,
      [],
      {},
      [[]],
      [1],
      ["1"],
      [1, 2],
      ["1,2"],
      { a: 1 },
      { a: "1" },
      { b: 1 },
      { a: { a: 1 } },
      new Set(["a"]),
      new Set(["a", "b"]),
      new Map([["a", 1]]),
      new Map([["a", 2]]),
      [["a", 2]],
    ];
    for (const renders of [1, 0]) {
      for (const value of values) {
        expect([value, rendersOf({ rows: { value } })])
          .toEqual([value, renders]);
      }
    }
  });

  it("is rendered each time where its props cannot be told apart", () => {
    const { rendersOf } = createRig();
    for (
      const rows of [
        () => 1,
        { hrefOf: () => "" },
        new Date(0),
        <b key="1">1</b>,
        Symbol.iterator,
        Array.from({ length: 20_000 }, (_, n) => n),
      ]
    ) {
      expect(rendersOf({ title: "A", rows })).toBe(1);
      expect(rendersOf({ title: "A", rows })).toBe(1);
    }
    expect(rendersOf({ children: <b>bold</b> })).toBe(1);
    expect(rendersOf({ children: <b>bold</b> })).toBe(1);
  });

  it("sees what changes in a set or a map that is frozen", () => {
    const { rendersOf } = createRig();
    const fresh = frozen(new Set(["a"]));
    expect(rendersOf({ rows: fresh })).toBe(1);
    fresh.add("b");
    expect(rendersOf({ rows: fresh })).toBe(1);
  });

  it("belongs to the path of its page, and to no page that names none", () => {
    const { rendersOf } = createRig();
    expect(rendersOf({ title: "A" }, "/leads")).toBe(1);
    expect(rendersOf({ title: "A" }, "/pipeline")).toBe(1);
    expect(rendersOf({ title: "A" }, "/leads")).toBe(0);
    expect(rendersOf({ title: "A" }, null)).toBe(1);
    expect(rendersOf({ title: "A" }, null)).toBe(1);
  });

  it("is another component's where that has the same props", () => {
    const { pieces, Card } = createRig();
    const Other = pieces.kept(({ title }: CardProps) => <b>{title}</b>);
    const page = () =>
      html(
        <PagePath.Provider value="/leads">
          <Card title="A" />
          <Other title="A" />
        </PagePath.Provider>,
      );
    expect(page()).toBe("<p>A:  </p><b>A</b>");
    expect(page()).toBe("<p>A:  </p><b>A</b>");
  });

  it("is let go when all of them take too much, the one used least lately first", () => {
    const { pieces, rendersOf } = createRig(2_000);
    for (const title of ["A", "B", "C"]) rendersOf({ title });
    expect(rendersOf({ title: "A" })).toBe(0);
    for (let n = 0; n < 4; n++) rendersOf({ title: `more ${n}` });
    expect(pieces.bytes).toBeLessThanOrEqual(2_000);
    expect(rendersOf({ title: "B" })).toBe(1);
    expect(rendersOf({ title: "x".repeat(2_000) })).toBe(1);
    expect(pieces.bytes).toBeLessThanOrEqual(2_000);
  });

  it("is let go when nobody has seen it for an hour", () => {
    const { clock, pieces, rendersOf } = createRig();
    rendersOf({ title: "A" });
    clock.time += 59 * 60_000;
    expect(rendersOf({ title: "A" })).toBe(0);
    clock.time += 59 * 60_000;
    expect(rendersOf({ title: "A" })).toBe(0);
    clock.time += 61 * 60_000;
    expect(pieces.bytes).toBe(0);
    expect(rendersOf({ title: "A" })).toBe(1);
  });
});
