// Coppice's own dev server uses nothing but the public plugin, as a user's would.

import { defineConfig } from 'vite'
import { coppice } from './src/server/plugin.ts'

export default defineConfig({ plugins: [coppice()] })
