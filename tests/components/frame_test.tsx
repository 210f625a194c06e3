import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { AuthPage } from "../../components/AuthPage.tsx";
import { accentTokens, contrast } from "../../components/brand_accent.ts";
import { BrandStyle } from "../../components/BrandStyle.tsx";
import { ErrorPage } from "../../components/ErrorPage.tsx";
import { Field } from "../../components/Field.tsx";
import { hereHref, pageHref } from "../../components/links.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { cssString } from "../../components/PrintStyle.tsx";
import { readTheme, themeCookie } from "../../components/theme.ts";
import { html, text } from "./_render.ts";

const COLOR = fc.integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("accentTokens()", () => {
  it("makes every brand's colour readable on every surface, light and dark", () => {
    fc.assert(fc.property(COLOR, (color) => {
      const tokens = accentTokens(color);
      if (!tokens) throw new Error("a colour was refused");
      for (
        const ground of [
          "#ffffff",
          "#f6f7f5",
          "#eff2ef",
          tokens.light.accentWeak,
        ]
      ) {
        expect(contrast(tokens.light.accent, ground)).toBeGreaterThanOrEqual(
          4.5,
        );
      }
      for (
        const ground of [
          "#0e1412",
          "#151d1a",
          "#1d2723",
          tokens.dark.accentWeak,
        ]
      ) {
        expect(contrast(tokens.dark.accent, ground)).toBeGreaterThanOrEqual(
          4.5,
        );
      }
      for (const { accent, onAccent } of Object.values(tokens)) {
        expect(contrast(accent, onAccent)).toBeGreaterThanOrEqual(4.5);
      }
    }));
  });

  it("keeps a colour that can be read as it is", () => {
    expect(accentTokens("#0f6b5c")?.light.accent).toBe("#0f6b5c");
  });

  it("takes nothing that is not a colour", () => {
    for (const value of [null, "", "red", "#fff", "#0f6b5c;}", "url(x)"]) {
      expect(accentTokens(value)).toBeNull();
    }
  });
});

describe("contrast()", () => {
  it("is 21 between black and white, 1 between the same", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#123456", "#123456")).toBe(1);
  });
});

describe("BrandStyle", () => {
  it("sets the accent and nothing else", () => {
    expect(html(<BrandStyle accent="#0f6b5c" />))
      .toContain("<style>:root{--accent:#0f6b5c;--accent-weak:#");
    expect(html(<BrandStyle accent={null} />)).toBe("");
    expect(html(<BrandStyle accent="</style><script>" />)).toBe("");
  });
});

describe("cssString()", () => {
  it("lets nothing end the string, in CSS or in HTML", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(cssString(text)).toMatch(/^'[A-Za-z0-9\\ ]*'$/);
    }));
  });

  it("escapes by code point", () => {
    expect(cssString("A·b")).toBe("'A\\b7 b'");
  });
});

describe("PageHead", () => {
  it("names day and zone, and on paper the brand and the time of the data", () => {
    const head = (
      <PageHead
        title="Leads"
        brand="Alder Burgers"
        timezone="America/New_York"
        now={Date.parse("2026-11-23T15:14:00.000Z")}
        dataFrom="2026-11-23T15:02:00.000Z"
      />
    );
    expect(text(head)).toContain("Monday, 23 November · times in New York");
    expect(text(head)).toContain(
      "Alder Burgers · Leads · data of 23 Nov 2026, 10:02 (New York)",
    );
    expect(html(head)).toContain(
      "<title>Leads - Alder Burgers - Tetherboard</title>",
    );
  });
});

describe("readTheme()", () => {
  it("reads what themeCookie() writes", () => {
    for (const theme of ["light", "dark"] as const) {
      const [pair = ""] = themeCookie(theme, true).split(";");
      expect(readTheme(`session=x; ${pair}`)).toBe(theme);
    }
  });

  it("is the machine's choice for anything else", () => {
    for (const cookies of [null, "", "theme=pink", "mytheme=dark", "theme"]) {
      expect(readTheme(cookies)).toBe("system");
    }
  });

  it("forgets the choice when it is the machine's again", () => {
    expect(themeCookie("system", false)).toContain("Max-Age=0");
  });
});

describe("Links", () => {
  it("carry the workspace, and escape what people typed", () => {
    expect(pageHref("/leads", "a", { stage: "QR & FA", cursor: null }))
      .toBe("/leads?w=a&stage=QR+%26+FA");
    expect(hereHref("a", { search: undefined })).toBe("?w=a");
  });
});

describe("AuthPage", () => {
  it("has one heading and the main part that the skip link leads to", () => {
    const page = html(
      <AuthPage title="Sign in">
        <p>x</p>
      </AuthPage>,
    );
    expect(page.match(/<h1/g)).toHaveLength(1);
    expect(page).toContain('<main id="main"');
  });
});

describe("Field", () => {
  it("labels its input, and says where the fault is described", () => {
    const field = html(
      <Field
        label="E-mail address"
        name="email"
        type="email"
        describedBy="fault"
      />,
    );
    expect(field).toMatch(/<label.*E-mail address.*<input type="email"/s);
    expect(field).toContain('aria-describedby="fault"');
  });
});

describe("ErrorPage", () => {
  it("says what happened, names the request and offers the way back", () => {
    const page = (
      <ErrorPage
        status={404}
        title="Not found"
        detail="Nothing here."
        requestId="R1"
      />
    );
    expect(text(page)).toContain(
      "Error 404 Not found Nothing here. Go to the dashboard",
    );
    expect(text(page)).toContain("name this request: R1");
  });
});
