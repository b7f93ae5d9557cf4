export { applyPage, collectHistory } from "./collectHistory.js";
export type { Checkpoint, HistoryCursor } from "./cursor.js";
export type * from "./events.js";
export type { Completeness } from "./gaps.js";
export { HistoryInterrupted } from "./interrupted.js";
export type { RetryOptions } from "./node.js";
export type { HistoryOptions, HistoryPage, HistoryProgress } from "./options.js";
export { readHistory } from "./readHistory.js";
export { historyStart } from "./start.js";
