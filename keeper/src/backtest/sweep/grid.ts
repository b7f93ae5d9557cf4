import { z } from "zod";
import { KeeperError } from "../../errors.js";
import { Inputs, Settings, type SettingsInput } from "../options.js";

/** What a point may set: any setting, and which assets and hedges. */
const Point = Settings.extend(Inputs.pick({ assets: true, hedges: true }).partial().shape);
type PointInput = SettingsInput & Partial<Pick<Inputs, "assets" | "hedges">>;

/** One combination of a grid's values. */
export type Point = Readonly<Record<string, unknown>>;

/**
 * All combinations of a grid: `{"every": [12, 24], "band": [0, 0.05]}` has four.
 *
 * @param text JSON
 * @param file Its name, for messages
 * @throws KeeperError that names the key and what is wrong
 */
export function parseGrid(text: string, file: string): Point[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new KeeperError(`${file} is not JSON.`, 'Write it like {"every": [12, 24], "band": [0, 0.05]}.', cause);
  }
  const shape = z.record(z.string(), z.array(z.unknown()).min(1)).safeParse(content);
  if (!shape.success || Object.keys(shape.data).length === 0) {
    throw new KeeperError(`${file} is not a list of values by setting.`, 'Write it like {"every": [12, 24]}.');
  }
  let points: Point[] = [{}];
  for (const [key, values] of Object.entries(shape.data)) {
    points = points.flatMap((point) => values.map((value) => ({ ...point, [key]: value })));
  }
  for (const point of points) {
    const checked = Point.safeParse(point);
    if (checked.success) continue;
    const [issue] = checked.error.issues;
    const names = Object.keys(Point.shape).join(", ");
    throw new KeeperError(
      `${file}: ${issue!.path.join(".") || "a key"}: ${issue!.message}.`,
      `The settings are ${names}.`,
    );
  }
  return points;
}

/** The options of a run with those of a point in their place. */
export function atPoint(inputs: Inputs, base: SettingsInput, point: Point): { inputs: Inputs; settings: Settings } {
  const { assets, hedges, ...settings } = point as PointInput;
  return {
    inputs: {
      ...inputs,
      ...(assets === undefined ? {} : { assets: [...assets] }),
      ...(hedges === undefined ? {} : { hedges: [...hedges] }),
    },
    settings: Settings.parse({ ...base, ...settings }),
  };
}

/** Which part of the points is run here: the `index`th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}
