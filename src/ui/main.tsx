// Entry of the page: styles, the client, and the root component. `/?workspace=<name>` picks the workspace.

import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import 'dockview-react/dist/styles/dockview.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/dockview.css'
import './widgets/widgets.css'
import './app/app.css'
import './panels/panels.css'
import { createCoppiceClient } from '../client/create-client.ts'
import { startEngineWorker } from '../client/engine-link.ts'
import { connectDevServer } from '../client/vite-connection.ts'
import { startPage } from './app/start.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with id "root"')

const server = await connectDevServer()
const client = createCoppiceClient({ startEngine: startEngineWorker, server, storage: localStorage }) // puts window.coppice in place
startPage(client, root, new URLSearchParams(location.search).get('workspace') ?? undefined)
