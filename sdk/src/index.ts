export * from "./contracts.js";
export * from "./deployment/deployment.js";
