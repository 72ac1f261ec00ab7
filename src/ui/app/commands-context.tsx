// Hands the page's commands to the components that show them.

import { createContext, useContext } from 'react'
import { useUi } from '../store/ui-context.tsx'
import type { Command } from './commands.ts'

const CommandsContext = createContext<readonly Command[]>([])

export const CommandsProvider = CommandsContext.Provider

export function useCommands(): readonly Command[] {
  return useContext(CommandsContext)
}

/** One command by id, and why it can't run now. */
export function useCommand(id: string): { readonly command: Command; readonly refusal: string | undefined } {
  const command = useCommands().find((candidate) => candidate.id === id)
  if (command === undefined) throw new Error(`there is no command ${id}`)
  const refusal = useUi((state) => command.refusal?.(state))
  return { command, refusal }
}
