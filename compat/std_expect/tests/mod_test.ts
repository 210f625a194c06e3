import { describe, it } from "@std/testing/bdd";
import { expect, fn } from "@std/expect";

describe("expect()", () => {
  it("throws when a value is not as expected", () => {
    expect(() => expect(1).toBe(2)).toThrow("Expected");
    expect({ a: [1, 2] }).toEqual({ a: [1, 2] });
    expect({ a: 1, b: 2 }).toMatchObject({ a: 1 });
  });

  it("awaits promises by resolves and rejects", async () => {
    await expect(Promise.resolve(1)).resolves.toBe(1);
    await expect(Promise.reject(new TypeError("no"))).rejects.toThrow("no");
  });

  it("sees the calls of a mock function", () => {
    const double = fn((n: number) => n * 2);
    expect(double(21)).toBe(42);
    expect(double).toHaveBeenCalledWith(21);
    expect(double).toHaveBeenCalledTimes(1);
  });
});
