// The order in which modules run: dependencies first, otherwise as the manifest lists them. Cycles and missing
// dependencies are found here, and named.

/** What is asked: names in manifest order, each with the modules that must run before it. */
export type DependencyList = readonly { readonly name: string; readonly dependencies: readonly string[] }[]

export type DependencyOrder =
  | { readonly kind: 'ordered'; readonly order: readonly string[] }
  /** `cycle` starts and ends with the same name: `a → b → a`. */
  | { readonly kind: 'cycle'; readonly cycle: readonly string[] }
  | { readonly kind: 'missing'; readonly module: string; readonly dependency: string }

/** Orders modules. The result depends on the list alone: of those that could run next, the first listed does. */
export function dependencyOrder(modules: DependencyList): DependencyOrder {
  const byName = new Map(modules.map((module) => [module.name, module]))
  const order: string[] = []
  const done = new Set<string>()
  const path: string[] = []

  const visit = (name: string): DependencyOrder | undefined => {
    if (done.has(name)) return undefined
    const start = path.indexOf(name)
    if (start >= 0) return { kind: 'cycle', cycle: [...path.slice(start), name] }
    path.push(name)
    for (const dependency of byName.get(name)?.dependencies ?? []) {
      if (!byName.has(dependency)) return { kind: 'missing', module: name, dependency }
      const failure = visit(dependency)
      if (failure !== undefined) return failure
    }
    path.pop()
    done.add(name)
    order.push(name)
    return undefined
  }

  for (const { name } of modules) {
    const failure = visit(name)
    if (failure !== undefined) return failure
  }
  return { kind: 'ordered', order }
}
