import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { namesPerson, seeksPerson } from "../../lib/domain/mod.ts";

const PERSON = {
  firstName: "Zoë",
  lastName: "O'Brien-Hale",
  company: "Crumb Partners LLC",
  email: "zoe.hale@example.com",
  phone: "(212) 555-0103",
};
const NOBODY = {
  firstName: null,
  lastName: null,
  company: null,
  email: null,
  phone: null,
};

describe("namesPerson()", () => {
  it("finds the name, the last name, the company, the address and the number, however they are spelt", () => {
    for (
      const text of [
        ...["Zoë O'Brien-Hale", "zoë  o brien hale!", "All of O'Brien-Hale"],
        ...["crumb partners llc, open", "to ZOE.HALE@example.com"],
        ...["call 2125550103", "+1 212 555 0103"],
      ]
    ) expect([text, namesPerson(text, PERSON)]).toEqual([text, true]);
  });

  it("does not take a first name, a part of a word, or another's number for it", () => {
    for (
      const text of [
        ...["Zoë", "Brienholt", "My hot leads", "Partners", "555-0103", ""],
        "Halesworth",
      ]
    ) expect([text, namesPerson(text, PERSON)]).toEqual([text, false]);
    expect(namesPerson("anything", NOBODY)).toBe(false);
  });
});

describe("seeksPerson()", () => {
  it("is a search for a part of the name, the address or the number", () => {
    for (const search of ["zoë", "brien", "zoe.ha", "555-0103", "Crumb"]) {
      expect([search, seeksPerson(search, PERSON)]).toEqual([search, true]);
    }
  });

  it("is none for so short a part that it is in many names", () => {
    for (const search of ["zo", "55", "Tampa", "", " "]) {
      expect([search, seeksPerson(search, PERSON)]).toEqual([search, false]);
    }
    expect(seeksPerson("brien", NOBODY)).toBe(false);
  });
});
