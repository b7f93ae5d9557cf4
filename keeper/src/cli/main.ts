import { EXIT } from "../exit-codes.js";
import { runCli } from "./program.js";

process.exitCode = await runCli(process.argv, {
  onUncaught: (tell) =>
    process.on("uncaughtException", (error) => {
      tell(error);
      process.exit(EXIT.wrong);
    }),
});
