import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { classNamesIn } from "../../dev/class_names.ts";

function names(source: string): string[] {
  return classNamesIn(source, "x.tsx").map(({ name }) => name);
}

describe("classNamesIn()", () => {
  it("finds the names of an attribute", () => {
    expect(names('<p class="p-4  text-ink" />')).toEqual(["p-4", "text-ink"]);
  });

  it("finds every string in the braces of an attribute", () => {
    const source = '<p class={cx(FORM, wide && "w-full", up ? "a" : `b c`)} />';
    expect(names(source)).toEqual(["w-full", "a", "b", "c"]);
  });

  it("finds the strings of a cx() call outside of an attribute", () => {
    expect(names('const FORM = cx("px-2", "py-2");')).toEqual(["px-2", "py-2"]);
  });

  it("leaves out strings that are compared with something", () => {
    const source =
      '<p class={kind === "active" && "on" !== state ? "p-1" : "p-2"} />';
    expect(names(source)).toEqual(["p-1", "p-2"]);
  });

  it("is not led astray by brackets in strings", () => {
    const source =
      'cx("w-[3px]", "[&>p]:p-1", ")"); const other = "not-a-class";';
    expect(names(source)).toEqual(["w-[3px]", "[&>p]:p-1", ")"]);
  });

  it("says in which line it found a name first", () => {
    const uses = classNamesIn('\n\n<p class="p-4" />\n<p class="p-4" />', "x");
    expect(uses).toEqual([{ name: "p-4", file: "x", line: 3 }]);
  });
});
