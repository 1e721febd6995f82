import type { FileName } from '../../format/file-name.ts'
import { isText } from '../../format/file-name.ts'
import { parseTree, parseTreeNode, type TreeNode } from '../../format/tree.ts'

const treeStart = '{"nodes":[{"name":"'
const treeEnd = '}]}\n'
const betweenNodes = '},{"name":"'
const nodeStart = '{"name":"'
const contentStart = ',"content":['
const idLength = 64
const decoder = new TextDecoder()

/** A file of the parent that is as it was. */
export interface KeptFile {
  /** Its node, as it goes into the tree. */
  readonly json: string
  readonly content: readonly string[]
}

/**
 * A folder of the parent snapshot. Most of its entries will turn out to be unchanged: then their JSON is the same
 * as before, which is seen by comparing texts, and nothing has to be parsed.
 */
export class ParentFolder {
  /** The JSON of each node between the quote before its name and its last brace; only where that is easily told. */
  readonly #texts = new Map<FileName, string>()
  readonly #nodes = new Map<FileName, TreeNode>()

  /** @param tree the blob; one that is damaged is as good as none, because a parent is a help, not a need */
  constructor(tree: Uint8Array | undefined) {
    const text = tree ? decoder.decode(tree) : ''
    if (isEasilySplit(text)) {
      for (const node of text.slice(treeStart.length, -treeEnd.length).split(betweenNodes)) {
        this.#texts.set(node.slice(0, node.indexOf('"')), node)
      }
    } else if (tree) {
      for (const node of ignoringDamage(() => parseTree(tree)) ?? []) this.#nodes.set(node.name, node)
    }
  }

  find(name: FileName): TreeNode | undefined {
    const text = this.#texts.get(name)
    if (text === undefined) return this.#nodes.get(name)
    return ignoringDamage(() => parseTreeNode(`${nodeStart}${text}}`))
  }

  /** The file of this name, when the parent says about it what `metadata` says, to the letter. */
  findSame(name: FileName, metadata: string): KeptFile | undefined {
    const text = this.#texts.get(name)
    if (!text?.startsWith(metadata.slice(nodeStart.length))) return undefined
    const content = contentOf(text.slice(metadata.length - nodeStart.length))
    return content && { json: `${nodeStart}${text}}`, content }
  }
}

/** Whether nodes begin where this text appears, and nowhere else: not in attributes, and no name has escapes. */
function isEasilySplit(text: string): boolean {
  return (
    text.startsWith(treeStart) &&
    text.endsWith(treeEnd) &&
    !text.includes('\\') &&
    !text.includes('_attributes":') &&
    isText(text)
  )
}

/** The IDs in what follows a file's metadata; nothing when anything else is there. */
function contentOf(rest: string): string[] | undefined {
  if (!rest.startsWith(contentStart) || !rest.endsWith(']')) return undefined
  const ids: string[] = []
  for (let at = contentStart.length; at < rest.length - 1; at += idLength + 3) {
    const isId = rest[at] === '"' && rest[at + idLength + 1] === '"'
    if (!isId) return undefined
    ids.push(rest.slice(at + 1, at + 1 + idLength))
  }
  return ids
}

function ignoringDamage<Result>(parse: () => Result): Result | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
