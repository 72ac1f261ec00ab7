import { readFileSync, readdirSync } from 'node:fs'
export function cpuByKind(roots) {
  const procs = new Map()
  for (const d of readdirSync('/proc'))
    if (/^\d+$/.test(d))
      try {
        const s = readFileSync(`/proc/${d}/stat`, 'utf8')
        const r = s.slice(s.lastIndexOf(')') + 2).split(' ')
        const cmd = readFileSync(`/proc/${d}/cmdline`, 'utf8')
        procs.set(+d, {
          ppid: +r[1],
          cpu: (+r[11] + +r[12]) / 100,
          kind: (cmd.match(/--type=([a-z-]+)/) ?? [0, cmd.includes('chrom') ? 'browser' : 'node'])[1],
        })
      } catch {}
  const inside = (p) => {
    for (let at = p, n = 0; at > 1 && n < 20; n++) {
      if (roots.includes(at)) return true
      at = procs.get(at)?.ppid ?? 0
    }
    return false
  }
  const out = {}
  for (const [pid, p] of procs) if (inside(pid)) out[p.kind] = (out[p.kind] ?? 0) + p.cpu
  return out
}
