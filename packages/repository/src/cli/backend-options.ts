import { InvalidArgumentError } from 'commander'
import { UsageError } from './usage-error.ts'

/** `rest.connections=5`: something that one kind of place is told. */
export interface BackendOption {
  readonly scheme: string
  readonly name: string
  readonly value: string
}

const schemesHere: readonly string[] = ['local', 'rest']

export function collectBackendOption(
  text: string,
  before: readonly BackendOption[] = [],
): readonly BackendOption[] {
  const [, scheme, name, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? []
  if (!scheme || !name || value === undefined)
    throw new InvalidArgumentError('It is no option like rest.connections=5.')
  return [...before, { scheme: scheme.toLowerCase(), name: name.toLowerCase(), value }]
}

/** Says of options for places that can't be reached from here that they change nothing. */
export function describeUseless(options: readonly BackendOption[] = []): string[] {
  return options
    .filter(({ scheme }) => !schemesHere.includes(scheme))
    .map(
      ({ scheme, name }) =>
        `-o ${scheme}.${name} changes nothing: repositories here are folders, or rest:https://…`,
    )
}

/**
 * How many connections a place may be asked for at once, where that is said.
 * @throws {UsageError} for an option that such a place does not know
 */
export function connectionsTo(
  scheme: 'local' | 'rest',
  options: readonly BackendOption[] = [],
): number | undefined {
  let connections: number | undefined
  for (const { name, value } of options.filter((option) => option.scheme === scheme)) {
    if (name !== 'connections')
      throw new UsageError(`there is no option ${scheme}.${name}: ${scheme}.connections is all`)
    if (!/^[1-9]\d{0,3}$/.test(value))
      throw new UsageError(`${scheme}.connections is a number from 1 on, unlike ${value}`)
    connections = Number(value)
  }
  return connections
}
