import type { Backend } from "./backend.js";
import { openEmbedded } from "./embedded.js";

let shared: ReturnType<typeof openEmbedded> | undefined;
let opened = 0;

/** A schema of its own in the one Postgres in memory of this process: opening a Postgres takes seconds. */
export async function openMemory(): Promise<Backend> {
  shared ??= openEmbedded({});
  const { newKysely, execute } = await shared;
  const [kysely, schema] = [newKysely(), `memory_${++opened}`];
  return {
    ...{ kysely, schema, leaseClock: "own", execute },
    close: async () => {
      await kysely.schema.dropSchema(schema).ifExists().cascade().execute();
    },
  };
}
