import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  collect,
  createFakeFetch,
  createHarness,
  createListFetch,
  dataOf,
  envelope,
  leads,
  status,
} from "./_helpers.ts";

describe("pages()", () => {
  it("tell where they stand in the list", async () => {
    const list = leads(250);
    const { fetch } = createListFetch(() => ({ list, total: 250 }));
    const pages = await collect(createHarness(fetch).client.pages("leads"));
    expect(pages.map((p) => [dataOf(p).offset, dataOf(p).rows.length]))
      .toEqual([[0, 100], [100, 100], [200, 50]]);
  });

  it("ask for no page before the one before it is taken", async () => {
    const list = leads(250);
    const { fetch, requests } = createListFetch(() => ({ list }));
    const pages = createHarness(fetch).client.pages("leads");
    await pages.next();
    await Promise.resolve();
    expect(requests.length).toBe(1);
    await pages.return();
    expect(requests.length).toBe(1);
  });

  it("end with the first failure", async () => {
    const { fetch } = createFakeFetch(envelope(leads(100)), status(400));
    const pages = await collect(createHarness(fetch).client.pages("leads"));
    expect(pages.map((page) => page.ok)).toEqual([true, false]);
  });
});
