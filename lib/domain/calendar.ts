import { addDays, mondayOf } from "./zones.ts";

/** Whether a text is a month of the calendar, YYYY-MM, of the years that four digits can name. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text) && text >= "1900";
}

/** The month of a day: "2026-03" of "2026-03-11". */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** `months` later (earlier when negative). */
export function addMonths(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 +
    months;
  const year = String(Math.floor(count / 12)).padStart(4, "0");
  return `${year}-${String(count % 12 + 1).padStart(2, "0")}`;
}

/** The weeks that a month touches, each from Monday to Sunday, as days. */
export function weeksOfMonth(month: string): string[][] {
  const next = `${addMonths(month, 1)}-01`;
  const weeks: string[][] = [];
  for (
    let monday = mondayOf(`${month}-01`);
    monday < next;
    monday = addDays(monday, 7)
  ) {
    weeks.push(Array.from({ length: 7 }, (_, n) => addDays(monday, n)));
  }
  return weeks;
}
