import type { Journal } from "./journal.js";
import type { Session } from "./session.js";
import { attemptTable } from "./sql/attempts.js";
import { beatTable } from "./sql/beats.js";
import { intentTable } from "./sql/intents.js";
import { laneTable } from "./sql/lanes.js";
import { outcomeTable } from "./sql/outcomes.js";
import { pauseTable } from "./sql/pauses.js";
import { tickTable } from "./sql/ticks.js";

/** The journal in SQL, the same for embedded Postgres and a server. Every method throws a StorageError where the database fails. */
export function createSqlJournal(session: Session): Journal {
  return {
    ...tickTable(session),
    ...intentTable(session),
    ...attemptTable(session),
    ...laneTable(session),
    ...beatTable(session),
    ...outcomeTable(session),
    ...pauseTable(session),
  };
}
