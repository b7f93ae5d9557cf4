import { readFileSync } from "node:fs";
import { redact } from "@crosshedge/sdk";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { WrongSettingError } from "../errors.js";
import type { Path } from "./problem.js";
import { YAML_OPTIONS } from "./yaml-text.js";

/** A configuration's file: its values, and where each stands. */
export interface YamlFile {
  readonly content: unknown;
  /** File and line of the value, or of the one nearest above it; null where there is none. */
  locate(path: Path): string | null;
}

/**
 * Read a YAML file, which JSON is too.
 *
 * @throws {WrongSettingError} that names the line of each mistake
 */
export function readYamlFile(file: string, option = "--config"): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(file, option), { ...YAML_OPTIONS, lineCounter: lines });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${redact(message)}`);
    throw new WrongSettingError(
      `${file} is neither YAML nor JSON: ${faults.join("; ")}.`,
      "Correct it; an empty one is {}.",
    );
  }
  const locate = (path: Path): string | null => {
    let node: Node | null = document.contents;
    let offset = node?.range?.[0];
    for (const key of path) {
      const inner = insideOf(node, key);
      if (inner === null) break;
      [offset, node] = inner;
    }
    return offset === undefined ? null : `${file}:${lines.linePos(offset).line}`;
  };
  return { content: document.toJS() ?? {}, locate };
}

/** Where an entry begins, and its value. */
function insideOf(node: Node | null, key: string | number): [number | undefined, Node | null] | null {
  if (isMap<Node, Node>(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair === undefined ? null : [pair.key.range?.[0], pair.value];
  }
  if (!isSeq<Node>(node) || typeof key !== "number") return null;
  const item = node.items[key];
  return item === undefined ? null : [item.range?.[0], item];
}

/** The text of a file that an option names. */
export function readText(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new WrongSettingError(`Cannot read ${file}.`, `Name a readable file with ${option}.`, cause);
  }
}
