import type { z } from "zod";
import { KeeperConfig } from "../config.js";
import { keeperPart } from "../keeper-part.js";
import type { Path } from "./problem.js";

type Schema = z.core.$ZodType;

/** What is inside a schema that only adds a default, a check or a transformation. */
function bare(schema: Schema): z.core.$ZodTypes {
  if (schema === keeperPart) return KeeperConfig;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ("innerType" in def) return bare(def.innerType);
  return def.type === "pipe" ? bare(def.in) : (schema as z.core.$ZodTypes);
}

/** Names of the values that a schema's object may have. */
export function keysOf(schema: Schema): readonly string[] {
  const { def } = bare(schema)._zod;
  if (def.type === "object") return Object.keys(def.shape);
  return def.type === "union" ? [...new Set(def.options.flatMap(keysOf))] : [];
}

/** The schema of a value inside another one; undefined where there is none of that name. */
export function childOf(schema: Schema, key: string | number): Schema | undefined {
  const { def } = bare(schema)._zod;
  if (def.type === "object") return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
  if (def.type === "array") return typeof key === "number" ? def.element : undefined;
  if (def.type !== "union") return undefined;
  return def.options.map((option) => childOf(option, key)).find((child) => child !== undefined);
}

/** True where the values of a list are asked for by number. */
export const isList = (schema: Schema): boolean => bare(schema)._zod.def.type === "array";

/** True where a value is a text as it stands, which "1" and "true" are too. */
export function isText(schema: Schema): boolean {
  const { type } = bare(schema)._zod.def;
  return type === "string" || type === "enum" || type === "literal";
}

/** The schema at a path. */
export function schemaAt(root: Schema, path: Path): Schema | undefined {
  return path.reduce<Schema | undefined>((schema, key) => schema && childOf(schema, key), root);
}
