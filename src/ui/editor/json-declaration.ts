// The type of a JSON file as a declaration (`data.d.json.ts`), since Monaco's TypeScript service takes only scripts. Pure.

/** Declaration text whose default export has the shape of the JSON; `unknown` where it does not parse. */
export const jsonDeclaration = (json: string): string =>
  `declare const value: ${parsedType(json)}\nexport default value\n`

const parsedType = (json: string): string => {
  try {
    return typeOf(JSON.parse(json), 0)
  } catch {
    return 'unknown'
  }
}

// Deep or long data gets a shallow type: nobody completes into it, and the service has to read it all.
const maximumDepth = 8
const maximumMembers = 200

const typeOf = (value: unknown, depth: number): string => {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  if (depth >= maximumDepth) return 'unknown'
  if (Array.isArray(value)) {
    const types = [...new Set(value.slice(0, maximumMembers).map((element) => typeOf(element, depth + 1)))]
    return types.length === 0 ? 'never[]' : `(${types.join(' | ')})[]`
  }
  const members = Object.entries(value).slice(0, maximumMembers)
  return `{ ${members.map(([name, member]) => `${JSON.stringify(name)}: ${typeOf(member, depth + 1)}`).join('; ')} }`
}
