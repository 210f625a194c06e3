import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { addressPart, idOfPart } from "../../lib/domain/mod.ts";

/** What a server reads from the part of an address, after the browser has made it one. */
function through(id: string): string | null {
  const url = new URL(`/leads/${addressPart(id)}?w=a`, "http://localhost");
  const parts = url.pathname.split("/");
  expect(parts.length).toBe(3);
  return idOfPart(decodeURIComponent(parts[2]!));
}

describe("addressPart()", () => {
  it("leaves an ordinary id as it is", () => {
    expect(addressPart("1204")).toBe("1204");
  });

  it("brings ids through an address that it could not hold", () => {
    for (
      const id of [
        "",
        ".",
        "..",
        "~",
        "~7",
        "a/b",
        "?#%",
        "é 😀",
        "\ud800",
        "\\",
      ]
    ) {
      expect(through(id)).toBe(id);
    }
  });

  it("brings every id through", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(fc.property(text, (id) => expect(through(id)).toBe(id)));
  });

  it("gives no two ids the same address", () => {
    const text = fc.string({ unit: fc.constantFrom("~", ".", "0", "\ud800") });
    fc.assert(fc.property(text, text, (one, other) => {
      expect(addressPart(one) === addressPart(other)).toBe(one === other);
    }));
  });
});

describe("idOfPart()", () => {
  it("is null for what addressPart() never gives", () => {
    for (const part of ["", ".", "..", "~abc", "~zzzz", "~00"]) {
      expect(idOfPart(part)).toBe(null);
    }
  });
});
