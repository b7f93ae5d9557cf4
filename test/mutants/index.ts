import { access } from "./access.js";
import { deposits } from "./deposits.js";
import { exits } from "./exits.js";
import { fees } from "./fees.js";
import { legs } from "./legs.js";
import { lock } from "./lock.js";
import { oracle } from "./oracle.js";
import { strangers } from "./public.js";
import { queue } from "./queue.js";
import { rebalance } from "./rebalance.js";
import { risk } from "./risk.js";
import { types } from "./types.js";

/** Every deliberate mistake, by area. */
export const mutants = [
  ...access,
  ...deposits,
  ...exits,
  ...fees,
  ...legs,
  ...lock,
  ...oracle,
  ...queue,
  ...rebalance,
  ...risk,
  ...strangers,
  ...types,
];
