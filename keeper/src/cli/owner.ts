import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

/** What this process calls itself where it takes a lane: unlike any other, now or later. */
export const processName = (): string => `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
