import type { Lead } from "./records.ts";
import { fold, personName, realText } from "./text.ts";

/** By what a person is known. */
export type KnownPerson = Pick<
  Lead,
  "firstName" | "lastName" | "company" | "email" | "phone"
>;

/** Shorter pieces are in many names. */
const LEAST_LETTERS = 3;
const LEAST_DIGITS = 5;

/**
 * Whether a text names the person: by the whole name, the last name, the company, the e-mail address or the telephone
 * number, however they are spelt.
 */
export function namesPerson(text: string, person: KnownPerson): boolean {
  const said = ` ${wordsOf(text)} `;
  const { lastName, email, phone } = person;
  const names = [...namesOf(person), realText(lastName)]
    .flatMap((name) => name === null ? [] : wordsOf(name));
  const number = digitsOf(phone ?? "");
  return names.some((name) =>
    name.length >= LEAST_LETTERS && said.includes(` ${name} `)
  ) ||
    (email !== null && fold(text).includes(fold(email))) ||
    (number.length >= LEAST_DIGITS && digitsOf(text).includes(number));
}

/** Whether a search is for the person: it names them, or is a part of what they are known by. */
export function seeksPerson(search: string, person: KnownPerson): boolean {
  if (namesPerson(search, person)) return true;
  const [words, digits] = [wordsOf(search), digitsOf(search)];
  const isPart = words.length >= LEAST_LETTERS &&
    [...namesOf(person), person.email ?? ""].some((text) =>
      wordsOf(text).includes(words)
    );
  return isPart || (digits.length >= LEAST_DIGITS &&
    digitsOf(person.phone ?? "").includes(digits));
}

function namesOf(person: KnownPerson): string[] {
  return [personName(person), realText(person.company)]
    .filter((name) => name !== null);
}

/** Letters and digits in small letters, words apart by one blank. */
function wordsOf(text: string): string {
  return fold(text).replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}
