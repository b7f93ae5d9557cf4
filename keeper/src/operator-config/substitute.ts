import type { z } from "zod";
import type { Path, Problem } from "./problem.js";
import { typed } from "./setting.js";

const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The file's values with each `${NAME}` replaced by that environment variable; `$${` stands for `${` itself. */
export function substitute(
  schema: z.core.$ZodType,
  content: unknown,
  environment: NodeJS.ProcessEnv,
): { readonly content: unknown; readonly used: ReadonlySet<string>; readonly problems: Problem[] } {
  const used = new Set<string>();
  const problems: Problem[] = [];
  const replace = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => replace(item, [...path, i]));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, [...path, key])]));
    }
    if (typeof value !== "string" || !value.includes("${")) return value;
    const text = value.replace(VARIABLE, (_, name: string | undefined) => {
      if (name === undefined) return "${";
      used.add(name);
      const word = environment[name];
      if (word === undefined || word === "") {
        problems.push({ path, source: null, message: `the environment variable ${name} is not set` });
      }
      return word ?? "";
    });
    return typed(schema, path, text);
  };
  return { content: replace(content, []), used, problems };
}
