// Every deposit and exit since the vault was made, as CSV; the cursor goes on from there next time, reorganisations included.
import { writeFileSync } from "node:fs";
import { collectHistory, formatToken } from "@crosshedge/sdk";
import { provider, vault } from "./setup.mjs";

const names = ["BasketDeposit", "ExitInKind"];
const { events, cursor } = await collectHistory(vault, { names });
const rows = events.map(({ name, blockNumber, timestamp, args, transactionHash }) => {
  const when = new Date(timestamp * 1000).toISOString();
  return [blockNumber, when, name, formatToken(args.shares, 18), transactionHash].join(",");
});
writeFileSync("history.csv", ["block,time,event,shares,transaction", ...rows, ""].join("\n"));
writeFileSync("cursor.json", JSON.stringify(cursor));

const again = await collectHistory(vault, { names, cursor: JSON.parse(JSON.stringify(cursor)), known: events });
console.log(`${rows.length} rows; ${again.events.length - events.length} new since`);
provider.destroy();
