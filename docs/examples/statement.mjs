// A holder's statement, where the vault's profit came from, and the share price, over all blocks so far. Needs a node that keeps old states.
import { writeFileSync } from "node:fs";
import {
  formatTable,
  historyStart,
  profitTable,
  readProfit,
  readSharePrices,
  readStatement,
  sharePriceTable,
  statementTable,
  toCsv,
} from "@crosshedge/sdk";
import { alice, provider, vault } from "./setup.mjs";

const [from, to] = [await historyStart(vault), await provider.getBlockNumber()];
const statement = await readStatement(vault, alice.address, { from, to });
console.log(formatTable(statementTable(statement, vault.layout)));
console.log(formatTable(profitTable(await readProfit(vault, { from, to }))));

const blocks = new Set([...statement.lines.map(({ blockNumber }) => blockNumber), to]);
const prices = await readSharePrices(vault, { at: [...blocks] });
writeFileSync("share-price.csv", toCsv(sharePriceTable(prices)));
provider.destroy();
