import { aave } from "./aave.js";
import { access } from "./access.js";
import { deposits } from "./deposits.js";
import { execution } from "./execution.js";
import { exits } from "./exits.js";
import { fees } from "./fees.js";
import { guards } from "./guards.js";
import { lock } from "./lock.js";
import { oracle } from "./oracle.js";
import { perp } from "./perp.js";
import { queue } from "./queue.js";
import { risk } from "./risk.js";
import { strangers } from "./strangers.js";
import { types } from "./types.js";
import { uniswap } from "./uniswap.js";

/** Every deliberate mistake, by area. */
export const mutants = [
  ...aave,
  ...access,
  ...deposits,
  ...exits,
  ...fees,
  ...lock,
  ...oracle,
  ...queue,
  ...execution,
  ...guards,
  ...perp,
  ...risk,
  ...strangers,
  ...types,
  ...uniswap,
];
