/** What commands that run long and reports that a person reads are made with. */
export * from "./bars.js";
export * from "./chart.js";
export * from "./format.js";
export * from "./page.js";
export * from "./progress.js";
export * from "./table.js";
