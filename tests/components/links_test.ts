import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { hereHref, pageHref } from "../../components/links.ts";

describe("An address of a page", () => {
  it("names the workspace first, the earlier day with it, and leaves out what is blank", () => {
    const query = { stage: "Deal Structure", search: "", source: ["A&B", "C"] };
    expect(pageHref("/leads", "acme", query))
      .toBe("/leads?w=acme&stage=Deal+Structure&source=A%26B&source=C");
    expect(hereHref({ slug: "acme", on: "2026-03-01" }, { weeks: 4 }))
      .toBe("?w=acme&on=2026-03-01&weeks=4");
  });

  it("is written as URLSearchParams writes it, whatever text it holds", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."a Z9!'()~*-._%+&=#?é🎉\ud800") }),
    );
    fc.assert(fc.property(text, text, (name, value) => {
      // Names of digits alone would come first.
      const query = { [`n${name}`]: value };
      const pairs = Object.entries({ w: "acme", ...query })
        .filter(([, value]) => value !== "");
      expect(hereHref("acme", query)).toBe(`?${new URLSearchParams(pairs)}`);
    }));
  });
});
