import { z } from "zod";
import { KeeperConfig, type KeeperConfigInput } from "./config.js";

/**
 * A keeper's configuration of which only a part is said; what is wrong with it is named by its path. What holds between values is checked once
 * all parts are laid over each other.
 */
export const keeperPart = z.custom<KeeperConfigInput>().superRefine((value, context) => {
  const read = KeeperConfig.safeParse(value);
  for (const issue of read.error?.issues ?? []) if (issue.code !== "custom") context.addIssue({ ...issue });
});

/** A part that is to do without any other, as the keeper's of a parameter file: what holds between its values is checked too. */
export const keeperAlone = z.custom<KeeperConfigInput>().superRefine((value, context) => {
  for (const issue of KeeperConfig.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue });
});

/** Settings of the later parts over those of the earlier ones, value by value. */
export function overlaid(...parts: readonly KeeperConfigInput[]): KeeperConfigInput {
  return parts.reduce<Record<string, unknown>>((below, above) => merged(below, above as Record<string, unknown>), {});
}

function merged(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const result = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = result[key];
    result[key] = isPlain(old) && isPlain(value) ? merged(old, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
