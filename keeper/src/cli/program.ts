import { Command, CommanderError } from "commander";
import { addCalibrateCommand } from "./calibrate.js";
import { Cli, type CliContext } from "./cli.js";
import { addConfigCommand } from "./config-command.js";
import { addCostsCommand } from "./costs-command.js";
import { addDoctorCommand } from "./doctor-command.js";
import { endingOf } from "./exit-codes.js";
import { addExplainCommands } from "./explain-commands.js";
import { addJournalCommands } from "./journal-commands.js";
import { addKeeperCommands } from "./keeper-commands.js";
import { addKeysCommands } from "./keys-commands.js";
import { addOptionsCommand } from "./options-command.js";
import { addPauseCommands } from "./pause-commands.js";
import { addRunCommand } from "./run-command.js";
import { addShadowCommand } from "./shadow-command.js";
import { addStressCommand } from "./stress-command.js";

const EXIT_CODES = `
Exit codes: 0 done, also where there was nothing to do or the chain refused; 1 a wrong option, configuration or key, a check that
failed, or something unexpected; 75 start me again: the node, the database or the lane is not to be had now.`;

/** What may be a key that somebody has put on the command line by mistake. */
const POSSIBLE_KEY = /(?:0x)?[0-9a-f]{64}/gi;

/** Run the command line; the exit code comes back. */
export async function runCli(argv: readonly string[], context: CliContext = {}): Promise<number> {
  const cli = new Cli(context);
  const program = new Command("crosshedge")
    .description("The bot that hedges a Crosshedge vault, and what shows and sets the risk around it")
    .exitOverride()
    .addHelpText("after", EXIT_CODES)
    .configureOutput({
      writeOut: (text) => cli.help(text),
      writeErr: (text) => cli.note(text.replace(POSSIBLE_KEY, "<redacted>")),
    });
  addRunCommand(program, cli);
  addKeeperCommands(program, cli);
  addShadowCommand(program, cli);
  addExplainCommands(program, cli);
  addJournalCommands(program, cli);
  addPauseCommands(program, cli);
  addKeysCommands(program, cli);
  addConfigCommand(program, cli);
  addDoctorCommand(program, cli);
  addCostsCommand(program, cli);
  addStressCommand(program, cli);
  addCalibrateCommand(program, cli);
  addOptionsCommand(program, (text) => cli.say(text));

  try {
    await program.parseAsync([...argv]);
    return cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const { message, code } = endingOf(error);
    cli.note(`${message}\n`);
    return code;
  }
}
