// Joins the program's sounds to the page's ear: outputs in, files from the dev server, problems and state out.

import type { ProgramSession } from './program-session.ts'
import { SoundPlayer } from './sound-player.ts'

/** The sound of this page's program. */
export const joinSound = (session: ProgramSession): SoundPlayer => {
  let folder = ''
  const player = new SoundPlayer({
    createOutput: () => new AudioContext({ latencyHint: 'interactive' }),
    fetchBytes: async (file) => {
      const url = /^(\/|[a-z][a-z\d+.-]*:)/i.test(file) ? file : encodeURI(`/@fs/${folder}/${file}`.replace('//', '/'))
      const response = await fetch(url)
      const type = response.headers.get('content-type') ?? ''
      // The dev server answers with its page where there is no such file.
      if (!response.ok || type.includes('text/html')) throw new Error('there is no such file')
      return response.arrayBuffer()
    },
    stateChanged: (state) => session.tellSound(state),
    tell: ({ file, module }, failure) =>
      session.setOwnProblem(
        `sound:${file}`,
        failure === undefined
          ? undefined
          : {
              source: 'file',
              severity: 'warning',
              module,
              message: `${file} can't be played: ${failure}. The program goes on without the sound.`,
            },
      ),
  })
  session.on('workspace', ({ workspace }) => {
    folder = workspace.folder
  })
  session.on('files-changed', ({ changes }) => {
    for (const { path } of changes) player.changed(path)
  })
  session.on('outputs', ({ outputs }) => {
    for (const output of outputs) if (output.kind === 'sound') player.play(output)
  })
  for (const type of ['pointerdown', 'keydown'] as const)
    window.addEventListener(type, () => player.unlock(), { capture: true, passive: true })
  return player
}
