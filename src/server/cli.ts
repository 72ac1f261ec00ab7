#!/usr/bin/env node
// The command `coppice`: see serve.ts.

import { reportFailure } from './report-failure.ts'
import { serve } from './serve.ts'

await serve(process.argv.slice(2)).catch(reportFailure)
