import { createRequire } from 'node:module';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ServerFlags } from './server-flags.js';

/** The command line. What a command needs is loaded when it runs, so that `--help` answers at once. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('cognest-local')
    .description('An Amazon Cognito to develop and test against. It checks nobody: not for production.')
    .version(version())
    .enablePositionalOptions();

  withServerFlags(program.command('start'))
    .description('start the server, and print the codes and invitations that AWS would send')
    .action(async (flags: ServerFlags) => {
      const { start } = await import('./start.js');
      await start(flags, version());
    });

  withServerFlags(program.command('run'))
    .description(
      'start the server, run a command whose AWS SDK calls it, and stop the server when the command ends',
    )
    .usage('[options] -- COMMAND [ARGUMENT...]')
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .action(async (command: string[], flags: ServerFlags) => {
      const { run } = await import('./run.js');
      await run(command, flags);
    });

  await program.parseAsync(argv);
}

function withServerFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--port <number>', 'port to listen on; 0 for any free one')
        .env('COGNITO_PORT')
        .default(9229)
        .argParser(portNumber),
    )
    .option(
      '--host <address>',
      'address to listen on; any but a loopback one opens it to the network',
      '127.0.0.1',
    )
    .addOption(
      new Option('--data <dir>', 'directory that keeps the data (default: ".cognest", env: COGNITO_DATA)')
        // Only the flag: a variable that is set for good does not stand against --memory.
        .conflicts('memory'),
    )
    .option('--memory', 'keep nothing on disk')
    .option('--seed <file>', 'JSON or YAML file with pools, clients, groups and users to have')
    .option('--triggers <file>', 'JavaScript module with the functions that stand in for Lambda triggers')
    .option('--region <name>', 'AWS region of the pools (default: that of the seed, else "us-east-1")')
    .option('--allow-host <name>', 'answer to this name in Host, too; may be repeated', collect)
    .option(
      '--allow-origin <origin>',
      'web pages of this origin may call signed operations and read messages; may be repeated',
      collect,
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];

function version(): string {
  const { version } = createRequire(import.meta.url)('@cognest/local/package.json') as { version: string };
  return version;
}
