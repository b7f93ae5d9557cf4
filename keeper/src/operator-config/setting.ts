import type { z } from "zod";
import type { Path, Problem } from "./problem.js";
import { isText, schemaAt } from "./walk-schema.js";
import { parseValue } from "./yaml-text.js";

/** One value that a variable or a flag sets. */
export interface Setting {
  readonly path: Path;
  readonly value: unknown;
  /** The variable or flag. */
  readonly source: string;
}

/** A text as the value that is asked for at a path. */
export function typed(schema: z.core.$ZodType, path: Path, text: string): unknown {
  const wanted = schemaAt(schema, path);
  return wanted !== undefined && isText(wanted) ? text : parseValue(text);
}

/** Put a value into a tree, making what is missing on the way. Gives what is wrong with its place, if anything is. */
export function putAt(root: Record<string, unknown>, { path, value, source }: Setting): Problem | null {
  let node: Record<string | number, unknown> = root;
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(node) && (typeof key !== "number" || key > node.length)) {
      const message = `the list has ${node.length} entries: the next one is ${node.length}`;
      return { path: path.slice(0, depth + 1), source, message };
    }
    if (depth === path.length - 1) {
      node[key] = value;
      return null;
    }
    const inner = node[key];
    const next = typeof inner === "object" && inner !== null ? inner : typeof path[depth + 1] === "number" ? [] : {};
    node[key] = next;
    node = next as Record<string | number, unknown>;
  }
  return null;
}
