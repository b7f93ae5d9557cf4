export { type GridOptions, readBlocksAt } from "./blocksAt.js";
export {
  type EffectivenessOptions,
  effectivenessOf,
  type HedgeEffectiveness,
  type PnlSample,
  pnlOf,
  readHedgeEffectiveness,
} from "./effectiveness.js";
export { type Holding, type InKind, readHolding } from "./holding/holding.js";
export { readStatement, type StatementOptions } from "./holding/readStatement.js";
export { type StatementInputs, statementOf } from "./holding/statement.js";
export type * from "./holding/statementTypes.js";
export { ACTING_EVENTS, actingBlocks, actsBetween, type HedgeAct } from "./profit/acts.js";
export { PROFIT_PARTS, type ProfitPart, type ProfitParts } from "./profit/parts.js";
export { type ProfitOptions, readProfit, readProfits } from "./profit/readProfit.js";
export { splitProfit, splitProfits } from "./profit/split.js";
export type * from "./profit/types.js";
export { worthOf } from "./profit/worth.js";
export { readStates, type SamplingOptions, type SamplingProgress } from "./sampling.js";
export * from "./tables.js";
export {
  readSharePrices,
  readSharePricesOfEvents,
  type SharePriceOptions,
  type SharePricePoint,
  sharePricesOfEvents,
} from "./yield/sharePrice.js";
export { readYield, type YieldFigures, type YieldReport, yieldOf } from "./yield/yield.js";
