/** Every way in which a repository can refuse or fail, with restic's exit code and what to do about it. */
const problems = {
  'repository-missing': {
    exitCode: 10,
    advice: 'Check the location, or create a repository there with `init`.',
  },
  'repository-exists': { exitCode: 1, advice: 'Open the repository that is there, or choose another place.' },
  'repository-locked': {
    exitCode: 11,
    advice: 'Wait for the other run, or remove the lock with `unlock` once no other run is at work.',
  },
  'lock-lost': { exitCode: 1, advice: 'Run it again: it goes on from what is stored.' },
  'wrong-password': { exitCode: 12, advice: 'Give the password of one of the keys of this repository.' },
  'unsupported-version': { exitCode: 1, advice: 'Use a newer version of this program.' },
  'damaged-config': {
    exitCode: 1,
    advice: 'Bring `config` back from a copy of the repository, or from the trash of the server.',
  },
  'damaged-key': { exitCode: 1, advice: 'Open the repository with another key, and remove this one.' },
  'damaged-index': { exitCode: 1, advice: 'Run `repair index`.' },
  'damaged-snapshot': {
    exitCode: 1,
    advice: 'Bring it back from a copy of the repository, or remove it with `forget` and its ID.',
  },
  'damaged-lock': { exitCode: 1, advice: 'Remove it with `unlock --remove-all`.' },
  'damaged-pack': {
    exitCode: 1,
    advice: 'Run `repair packs` with its name, or bring it back from a copy of the repository.',
  },
  'damaged-tree': { exitCode: 1, advice: 'Run `repair snapshots`.' },
  'missing-blob': {
    exitCode: 1,
    advice: 'Run `repair index`, and then `repair snapshots` if it stays missing.',
  },
  'missing-file': { exitCode: 1, advice: 'Run `check`, and then `repair index`.' },
  'reducible-polynomial': { exitCode: 1, advice: 'Bring `config` back from a copy of the repository.' },
  'blob-too-large': { exitCode: 1, advice: 'Split the folder or file that needs it.' },
  'snapshot-not-found': { exitCode: 1, advice: 'List the snapshots with `snapshots`.' },
  'ambiguous-snapshot': { exitCode: 1, advice: 'Give more characters of the ID.' },
  'key-not-found': { exitCode: 1, advice: 'List the keys with `key list`.' },
  'key-in-use': { exitCode: 1, advice: 'Open the repository with another key to remove this one.' },
  'group-would-vanish': {
    exitCode: 1,
    advice: 'Keep at least one snapshot of each group, or allow it with `--unsafe-allow-remove-all`.',
  },
  'bad-request': { exitCode: 1, advice: 'Correct it, and look at the help of the command.' },
  'path-not-found': { exitCode: 1, advice: 'List what the snapshot holds with `ls`.' },
  'nothing-to-back-up': { exitCode: 1, advice: 'Name at least one file or folder that exists.' },
  'bad-pattern': { exitCode: 1, advice: 'Correct the pattern.' },
  'source-command-failed': { exitCode: 1, advice: 'Look at what the command printed; nothing was saved.' },
  'unsafe-target': { exitCode: 1, advice: 'Restore to a new, empty folder.' },
} as const satisfies Record<string, { exitCode: number; advice: string }>

export type RepositoryProblemCode = keyof typeof problems

/** A refusal that people can act on: says what is wrong with which file, and what to do. */
export class RepositoryProblem extends Error {
  override readonly name = 'RepositoryProblem'
  readonly code: RepositoryProblemCode
  /** What is wrong, without the advice. */
  readonly detail: string
  readonly advice: string
  /** The exit code that restic would end with. */
  readonly exitCode: number

  constructor(code: RepositoryProblemCode, detail: string, options?: { cause?: unknown }) {
    super(`${detail}. ${problems[code].advice}`, options)
    this.detail = detail
    this.code = code
    this.advice = problems[code].advice
    this.exitCode = problems[code].exitCode
  }
}
