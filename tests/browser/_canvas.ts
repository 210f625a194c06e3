import type { Page } from "playwright-core";

/** Runs in the page: keeps what the first canvas shows as soon as it shows anything. */
export function keepFirstDrawing(): void {
  const look = () => {
    const canvas = document.querySelector("canvas");
    const blank = document.createElement("canvas");
    Object.assign(blank, { width: canvas?.width, height: canvas?.height });
    const drawn = canvas?.toDataURL();
    if (drawn && drawn !== blank.toDataURL()) {
      document.documentElement.dataset.drawn = drawn;
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

export async function isAsDrawnFirst(page: Page): Promise<boolean> {
  await page.waitForSelector("html[data-drawn]");
  return await page.evaluate(() =>
    document.documentElement.dataset.drawn ===
      document.querySelector("canvas")!.toDataURL()
  );
}

export interface DrawnTexts {
  /** What charts have written, and where it begins, in pixels. */
  texts?: { text: string; left: number }[];
}

/** Runs in the page: notes every text that is written onto a canvas. */
export function noteTexts(): void {
  const texts: NonNullable<DrawnTexts["texts"]> = [];
  Object.assign(window, { texts });
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    const before = this.textAlign === "right" ? width : 0;
    texts.push({
      text,
      left: x + this.getTransform().e / devicePixelRatio - before,
    });
    return fillText.call(this, text, x, y);
  };
}
