import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { delta } from "../../lib/domain/mod.ts";

describe("delta()", () => {
  it("is current minus comparison", () => {
    expect(delta(38, 32)).toEqual({ difference: 6, percent: 18.75 });
    expect(delta(9, 12)).toEqual({ difference: -3, percent: -25 });
    expect(delta(12, 12)).toEqual({ difference: 0, percent: 0 });
  });

  it("tells a percentage only from a base of 10 or more", () => {
    expect(delta(20, 10)).toEqual({ difference: 10, percent: 100 });
    expect(delta(20, 9)).toEqual({ difference: 11, percent: null });
    expect(delta(5, 0)).toEqual({ difference: 5, percent: null });
    expect(delta(5, -20)).toEqual({ difference: 25, percent: null });
  });

  it("is unknown where either figure is", () => {
    expect(delta(null, 12)).toEqual({ difference: null, percent: null });
    expect(delta(12, null)).toEqual({ difference: null, percent: null });
  });
});
