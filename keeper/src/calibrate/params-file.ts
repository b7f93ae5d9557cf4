import { z } from "zod";

import { KeeperError } from "../errors.js";
import { keeperAlone } from "../keeper-part.js";

const texts = z.record(z.string(), z.string());
const values = z.record(z.string(), z.union([z.string(), z.number()]));
const percentage = z.string().regex(/^\d+(\.\d+)?%$/, { message: 'expected a percentage such as "12.5%"' });
const published = z.strictObject({ loss: percentage, basis: z.string() });

/** Where a file's values come from. */
const Provenance = z.strictObject({
  /** What was calibrated. */
  vault: z.string(),
  /** The keeper's version. */
  version: z.string(),
  method: z.string(),
  /** Files that were read, each with its hash; none where the history was read from the chain. */
  data: z.array(z.strictObject({ file: z.string(), sha256: z.string() })),
  /** First and last stamp of the prices. */
  from: z.string(),
  until: z.string(),
  /** What prices do not tell, and was assumed. */
  assumed: texts,
});
export type Provenance = z.infer<typeof Provenance>;

/**
 * A vault's parameters as `crosshedge calibrate` writes them. `assets`, `covariance`, `limits` and `publicLimits` are in the units of the
 * deployment's configuration, whose readers check them; `keeper` is a keeper's configuration.
 */
const ParamsFile = z.strictObject({
  /** The form of the file. */
  form: z.literal(1),
  /** By token, as the vault or the configuration calls it. */
  assets: z.record(z.string(), z.strictObject({ varianceFloor: z.string() })),
  covariance: texts,
  limits: values,
  publicLimits: texts,
  keeper: keeperAlone,
  /** By token: share of its value that does not count as collateral. */
  haircuts: z.record(z.string(), percentage),
  /** The most of its NAV that the vault is published to lose. */
  worstCase: z.strictObject({ day: published, fortnight: published }),
  provenance: Provenance,
  /** Each derived value, what it was before (null where unknown), and why it is what it is. */
  reasons: z.array(
    z.strictObject({
      parameter: z.string(),
      value: z.union([z.string(), z.number()]),
      was: z.string().nullable(),
      why: z.string(),
    }),
  ),
});
export type ParamsFile = z.infer<typeof ParamsFile>;

/**
 * The content of a parameter file, checked as far as the keeper knows it.
 *
 * @param name Of the file, for messages
 * @throws KeeperError that names the path of each wrong value
 */
export function parseParams(content: unknown, name: string): ParamsFile {
  const read = ParamsFile.safeParse(content);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `${path.join(".") || "(root)"}: ${message}`);
  throw new KeeperError(
    `${name} is not a parameter file: ${faults.join("; ")}.`,
    "Make one with `crosshedge calibrate`, or correct these values.",
  );
}
