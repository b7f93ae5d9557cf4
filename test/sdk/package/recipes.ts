import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
export const EXAMPLES = path.join(ROOT, "docs/examples");
export const COOKBOOK = readFileSync(path.join(ROOT, "docs/cookbook.md"), "utf8");

/** A fenced block of the cookbook: its language, and the file that it shows. */
export interface Block {
  readonly language: string;
  /** Empty where it is no file. */
  readonly file: string;
  readonly text: string;
  /** The heading above it. */
  readonly section: string;
}

export const BLOCKS: readonly Block[] = COOKBOOK.split(/^(?=## )/m).flatMap((part) => {
  const section = part.match(/^## (.*)$/m)?.[1] ?? "";
  return [...part.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language = "", file = "", text = ""]) => ({
    ...{ section, language, file, text },
  }));
});

/** What the cookbook shows of one section: code by file, commands, and what they print. */
export function sectionOf(title: string): { files: Block[]; commands: string; output: string } {
  const blocks = BLOCKS.filter(({ section }) => section === title);
  const textOf = (language: string): string =>
    blocks
      .filter((block) => block.language === language && block.file === "")
      .map(({ text }) => text)
      .join("\n");
  return { files: blocks.filter(({ file }) => file !== ""), commands: textOf("sh"), output: textOf("text") };
}

/** The recipes' files; the keeper's is none. */
export function exampleFiles(): string[] {
  return readdirSync(EXAMPLES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "keeper.ts")
    .map((entry) => path.relative(EXAMPLES, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Text without its figures, to compare what was printed another time. */
export function shapeOf(text: string): string {
  return text
    .replace(/0x[0-9a-fA-F]+/g, "0x")
    .replace(/-?\$?\d[\d,.:TZ-]*%?/g, "#")
    .replace(/[ \t]+/g, " ")
    .trim();
}
