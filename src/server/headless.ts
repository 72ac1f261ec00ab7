// The command `headless <folder>`: see headless-run.ts.

import { headlessHelp, readHeadlessArguments, resolveTypedFolder } from './command-line.ts'
import { runHeadless } from './headless-run.ts'
import { reportFailure } from './report-failure.ts'
import { CoppiceError } from '../protocol/errors.ts'

const main = async (args: readonly string[]): Promise<void> => {
  const { folder, frames, isJson, isSaving, hasSockets, isHelpWanted } = readHeadlessArguments(args)
  if (isHelpWanted) {
    process.stdout.write(headlessHelp)
    return
  }
  if (folder === undefined) throw new CoppiceError('invalid-argument', 'Name the folder to run. See --help.')
  const log = (line: string): void => void (isJson || process.stdout.write(`${line}\n`))
  const report = await runHeadless({ folder: resolveTypedFolder(folder), frames, isSaving, hasSockets, log })
  process.stdout.write(`${JSON.stringify(report)}\n`)
}

await main(process.argv.slice(2)).catch(reportFailure)
