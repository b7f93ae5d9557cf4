// Written by `npm run build:sdk` from deployments/<chainId>.json.
import type { Deployment } from "./deployment.js";

/** Every chain's deployment, by its id. */
export const KNOWN_DEPLOYMENTS: Readonly<Record<number, Deployment>> = {};
