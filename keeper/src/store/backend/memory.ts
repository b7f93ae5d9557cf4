import { type Backend, queueSchema } from "./backend.js";
import { openEmbedded } from "./embedded.js";

let shared: ReturnType<typeof openEmbedded> | undefined;
let opened = 0;

/** A schema of its own in the one Postgres in memory of this process: opening a Postgres takes seconds. */
export async function openMemory(): Promise<Backend> {
  shared ??= openEmbedded({});
  const { newKysely, plain } = await shared;
  const [kysely, schema] = [newKysely(), `memory_${++opened}`];
  return {
    ...{ kysely, schema, leaseClock: "own", plain },
    close: async () => {
      for (const name of [schema, queueSchema(schema)])
        await kysely.schema.dropSchema(name).ifExists().cascade().execute();
    },
  };
}
