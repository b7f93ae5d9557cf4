const PANICS: Record<string, string> = {
  "1": "an assertion failed",
  "17": "arithmetic overflow or underflow",
  "18": "division by zero",
  "33": "a value outside of its enum",
  "34": "a badly encoded storage byte array",
  "49": "pop from an empty array",
  "50": "an index out of bounds",
  "65": "too much memory",
  "81": "a call of an empty function pointer",
};

/** What a Solidity panic code means. */
export function panicMeaning(code: bigint): string {
  return PANICS[code.toString()] ?? `panic code ${code}`;
}
