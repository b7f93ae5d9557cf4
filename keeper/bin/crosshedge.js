#!/usr/bin/env node
// The keeper is TypeScript that runs as it is, through tsx.
import { register } from "tsx/esm/api";

register();
await import("../src/cli/main.ts");
