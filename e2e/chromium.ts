// Finds a Chromium for journeys and benchmarks: one named by the environment, Playwright's own, or an installed one; and
// installs one where there is none. It also says with which flags a test's browser starts.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'

/** Names the executable to use; set by the global setup so that all workers use the one found there. */
export const chromiumVariable = 'COPPICE_CHROMIUM'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const isRoot = process.getuid?.() === 0

/** It is there and its libraries are too. */
function isUsable(executable: string): boolean {
  if (!existsSync(executable)) return false
  try {
    execFileSync(executable, ['--version'], { stdio: 'ignore', timeout: 20_000 })
    return true
  } catch {
    // The answer to the question: it does not start here.
    return false
  }
}

/** Absolute path of a Chromium that starts on this machine; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env[chromiumVariable] ?? process.env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`${chromiumVariable} or CHROME_PATH names ${named}, which does not exist.`)
    return named
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const installed = commands.flatMap((command) => folders.map((folder) => path.join(folder, command)))
  return [chromium.executablePath(), ...installed, ...applications].find(isUsable)
}

/** Runs a command in view of the user. False where it failed. */
function run(command: string, args: readonly string[], timeoutMs: number): boolean {
  console.log(`> ${command} ${args.join(' ')}`)
  try {
    const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000', DEBIAN_FRONTEND: 'noninteractive' }
    execFileSync(command, args, { stdio: 'inherit', timeout: timeoutMs, env })
    return true
  } catch (error) {
    console.log(`${command} failed: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

/** Playwright's download, else the system's package. Throws, saying what to install by hand, where neither works. */
export function installChromium(): string {
  const playwright = path.join(import.meta.dirname, '../node_modules/playwright/cli.js')
  if (run(process.execPath, [playwright, 'install', '--no-shell', 'chromium'], 300_000)) {
    const own = findChromium()
    if (own !== undefined) return own
  }
  const [command, ...prefix] = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  if (command !== undefined && run(command, [...prefix, 'update'], 300_000)) {
    run(command, [...prefix, 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'], 900_000)
  }
  const installed = findChromium()
  if (installed === undefined) {
    throw new Error(`No Chromium found or installed. Install one, or name it in ${chromiumVariable}.`)
  }
  return installed
}

/**
 * Flags for a test's browser: software GL, which every machine has, for what modules draw; the page itself is painted without
 * it, which is many times faster; and no talk with the network of its own.
 */
export const chromiumFlags: readonly string[] = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-compositing',
  '--disable-gpu-rasterization',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
]
