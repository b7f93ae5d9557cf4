const WORD = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,47}$/;
/** Values that one label may take in the life of a process. */
const MOST_VALUES = 64;

/** What stands for everything that is no short word, or comes after a label has had its values. */
export const OTHER = "other";

/** Keeps a label's values few and harmless: short words, and only so many of them. */
export class BoundedLabel {
  readonly #seen = new Set<string>();
  readonly #most: number;

  constructor(most = MOST_VALUES) {
    this.#most = most;
  }

  /** The text where it is a word and known or still to be afforded, else "other". */
  of(text: string): string {
    if (!WORD.test(text) || /^(0x)?[0-9a-fA-F]{32,}$/.test(text)) return OTHER;
    if (this.#seen.has(text)) return text;
    if (this.#seen.size >= this.#most) return OTHER;
    this.#seen.add(text);
    return text;
  }
}
