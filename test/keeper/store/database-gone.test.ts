import { expect } from "chai";
import { silentLogger } from "../../../keeper/src/logger.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { openQueue } from "../../../keeper/src/store/queue.js";
import { StorageError } from "../../../keeper/src/store/storage-error.js";
import { startPostgres, type TestPostgres } from "../../support/postgres.js";
import { CHAIN, newIntent, newTick, SIGNER, signed } from "./support/rows.js";

describe("a database that is gone", function () {
  this.timeout(60_000);
  let postgres: TestPostgres;
  let url: string;
  let store: Store;
  before(async () => {
    postgres = await startPostgres();
    url = await postgres.createDatabase();
  });
  beforeEach(async () => {
    await postgres.start();
    store = await openStore({ kind: "postgres", url });
  });
  afterEach(() => store.close());
  after(() => postgres?.remove());

  const failure = async (work: Promise<unknown>): Promise<StorageError> => {
    const error = await work.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(StorageError);
    return error as StorageError;
  };

  it("stops every read and write by name, and the journal goes on where it was once it is back", async () => {
    const { journal } = store;
    const { intent } = await journal.openIntent(newIntent());
    const hold = (await journal.takeLane(CHAIN, SIGNER, "me", 60_000))!;
    const attempt = await signed(intent.id, 1);
    await postgres.stop();
    const error = await failure(journal.addAttempt(hold, attempt));
    expect(error.message).to.match(/does not answer.*nothing is signed without it/);
    await failure(journal.beginTick(newTick()));
    await failure(journal.unsettled(CHAIN, SIGNER));
    await failure(journal.renewLane(hold, 60_000));
    await postgres.start();
    expect(await journal.attempts(intent.id)).to.deep.equal([]);
    await journal.addAttempt(hold, attempt);
    expect(await journal.unsettled(CHAIN, SIGNER)).to.have.length(1);
  });

  it("undoes what was under way", async () => {
    const { journal, session } = store;
    const work = session.transaction(async (db) => {
      await db.insertInto("ticks").values(newTick()).execute();
      await postgres.stop();
      await db.insertInto("ticks").values(newTick()).execute();
    });
    await failure(work);
    await postgres.start();
    expect(await journal.ticks({}, 10)).to.deep.equal([]);
  });

  it("is named at the start too, without the password", async () => {
    await postgres.stop();
    const secret = url.replace("postgres@", "postgres:hunter2@");
    const error = await failure(openStore({ kind: "postgres", url: secret }));
    expect(error.message).to.not.match(/hunter2|postgres:\/\//);
    await failure(openQueue(store, silentLogger));
  });

  it("is not what an address is that is none of Postgres", async () => {
    const error = await openStore({ kind: "postgres", url: "mysql://me:hunter2@host/db" }).catch(
      (caught: Error) => caught,
    );
    expect(error)
      .to.have.property("message")
      .that.matches(/not one of Postgres.*postgres:\/\/user:password@host/);
    expect(error)
      .to.have.property("message")
      .that.does.not.match(/hunter2/);
  });
});
