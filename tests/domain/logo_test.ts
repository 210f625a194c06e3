import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { fitLogo, logoSize, MAX_LOGO_BYTES } from "../../lib/domain/mod.ts";
import { pngOf } from "../_png.ts";

describe("logoSize()", () => {
  it("reads the pixels of a PNG, wherever its bytes begin", () => {
    expect(logoSize(pngOf(320, 80))).toEqual({ width: 320, height: 80 });
    const padded = new Uint8Array([1, 2, 3, ...pngOf(7, 9)]);
    expect(logoSize(padded.subarray(3))).toEqual({ width: 7, height: 9 });
  });

  it("refuses what is no PNG, too many bytes or too large a picture, and says which", () => {
    const png = pngOf(10, 10);
    const text = new TextEncoder();
    for (
      const [bytes, why] of [
        [new Uint8Array(), "it is not a PNG"],
        [png.subarray(0, 20), "it is not a PNG"],
        [
          text.encode("<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
          "it is not a PNG",
        ],
        [text.encode("GIF89a" + "x".repeat(60)), "it is not a PNG"],
        [pngOf(4001, 1), "it has 4001 by 1 pixels"],
        [new Uint8Array(MAX_LOGO_BYTES + 1), "it has more than 48 KB"],
      ] as const
    ) expect(() => logoSize(bytes)).toThrow(`Cannot keep the logo: ${why}`);
  });
});

describe("fitLogo()", () => {
  it("fills the room one way and keeps the shape", () => {
    const room = { width: 112, height: 28 };
    expect(fitLogo({ width: 400, height: 200 }, room))
      .toEqual({ width: 56, height: 28 });
    expect(fitLogo({ width: 1000, height: 100 }, room))
      .toEqual({ width: 112, height: 11 });
    expect(fitLogo({ width: 14, height: 14 }, room))
      .toEqual({ width: 28, height: 28 });
    expect(fitLogo({ width: 4000, height: 1 }, room).height).toBe(1);
  });
});
