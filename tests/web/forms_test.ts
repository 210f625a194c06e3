import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readForm } from "../../lib/web/mod.ts";

/** A form whose body comes as `source` has it. */
function posted(source: UnderlyingDefaultSource<Uint8Array>): Request {
  return new Request("http://localhost/", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new ReadableStream(source),
  });
}

const text = new TextEncoder();

describe("readForm()", () => {
  it("puts the pieces of a form together, and reads a missing field as nothing", async () => {
    const form = posted({
      start(to) {
        to.enqueue(text.encode("name=Ro"));
        to.enqueue(text.encode("bin&other=1"));
        to.close();
      },
    });
    expect(await readForm(form, ["name", "code"]))
      .toEqual({ name: "Robin", code: "" });
  });

  it("reads no more of a form that is too large", async () => {
    let sent = 0;
    const form = posted({
      pull(to) {
        to.enqueue(new Uint8Array(16 * 1024));
        if (++sent === 100) to.close();
      },
    });
    await expect(readForm(form, ["name"])).rejects.toMatchObject({
      status: 413,
    });
    expect(sent).toBeLessThan(10);
  });

  it("says of a form that breaks off that it was not sent whole", async () => {
    const form = posted({
      pull(to) {
        to.error(new TypeError("connection closed"));
      },
    });
    await expect(readForm(form, ["name"])).rejects.toThrow("not sent whole");
  });

  it("waits so long for a form and no longer", async () => {
    let isCancelled = false;
    const form = posted({
      start: (to) => to.enqueue(text.encode("name=")),
      cancel: () => void (isCancelled = true),
    });
    await expect(readForm(form, ["name"], { patienceMs: 1 })).rejects
      .toMatchObject({ status: 408 });
    expect(isCancelled).toBe(true);
  });
});
