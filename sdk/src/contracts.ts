/** The typed contracts, for those who call them directly. */
export * from "./generated/index.js";
