/** The typed contracts, for those who call them directly: `@crosshedge/sdk/contracts`, apart because their ABIs are large. */
export * from "./generated/index.js";
