import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { sharedPostgres } from "../../support/postgres.js";
import { newTick } from "./support/rows.js";

describe("the journal's schema", function () {
  this.timeout(60_000);
  let url: string;
  const opened: Store[] = [];
  const open = async (schema?: string): Promise<Store> => {
    const store = await openStore({ kind: "postgres", url, ...(schema !== undefined && { schema }) });
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    url = await (await sharedPostgres()).createDatabase();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  it("is made once by replicas that start together, and found by those that come later", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open()));
    const id = await stores[0]!.journal.beginTick(newTick());
    for (const { journal } of [...stores, await open()]) expect(await journal.tick(id)).to.include({ id });
  });

  it("is one of its own by name: two keepers may share a database", async () => {
    const [one, two] = [await open("one"), await open("two")];
    await one.journal.beginTick(newTick());
    expect(await one.journal.ticks({}, 10)).to.have.length(1);
    expect(await two.journal.ticks({}, 10)).to.deep.equal([]);
  });

  it("refuses one that a newer program has made, and leaves it alone", async () => {
    const store = await open();
    const version = async () => (await store.plain.executeSql("select version from crosshedge.schema_version")).rows;
    await store.plain.executeSql("update crosshedge.schema_version set version = 99");
    const error = await open().catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(KeeperError);
    expect((error as Error).message).to.match(/schema version 99, made by a newer keeper.*Run the newer program/);
    expect(await version()).to.deep.equal([{ version: 99 }]);
  });

  it("is made whole or not at all", async () => {
    const first = await open("elsewhere");
    // Something else has a table of that name: the migration fails at it.
    await first.plain.executeSql("create schema crosshedge; create table crosshedge.outcomes (x int)");
    expect(await open().catch((caught: unknown) => caught)).to.be.instanceOf(Error);
    const { rows } = await first.plain.executeSql("select tablename from pg_tables where schemaname = 'crosshedge'");
    expect(rows).to.deep.equal([{ tablename: "outcomes" }]);
    await first.plain.executeSql("drop schema crosshedge cascade");
    await open();
  });
});
