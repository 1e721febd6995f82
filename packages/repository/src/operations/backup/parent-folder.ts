import type { BigIntStats } from 'node:fs'
import type { FileName } from '../../format/file-name.ts'
import { isText } from '../../format/file-name.ts'
import { parseTree, parseTreeNode, type TreeNode } from '../../format/tree.ts'
import type { MetadataMatcher } from './metadata-matcher.ts'

const treeStart = '{"nodes":[{"name":"'
const treeEnd = '}]}\n'
const betweenNodes = '},{"name":"'
const nodeStart = '{"name":"'
const contentStart = ',"content":['
const idLength = 64
const decoder = new TextDecoder()

/** A file of the parent that is as it was: where its node stands in the parent's text. */
export interface KeptFile {
  readonly from: number
  readonly to: number
}

/**
 * A folder of the parent snapshot. Most of its entries will turn out to be unchanged: then their JSON is the same
 * as before, which is seen by comparing texts, and nothing has to be parsed.
 */
export class ParentFolder {
  readonly #text: string
  /** Where each node begins, behind the quote before its name; only where that is easily told. */
  readonly #starts = new Map<FileName, number>()
  readonly #nodes = new Map<FileName, TreeNode>()

  /** @param tree the blob; one that is damaged is as good as none, because a parent is a help, not a need */
  constructor(tree: Uint8Array | undefined) {
    this.#text = tree ? decoder.decode(tree) : ''
    if (isEasilySplit(this.#text)) this.#findStarts()
    else if (tree) {
      for (const node of ignoringDamage(() => parseTree(tree)) ?? []) this.#nodes.set(node.name, node)
    }
  }

  /** How many entries there are, where that is easily told. */
  get plainEntries(): number {
    return this.#starts.size
  }

  find(name: FileName): TreeNode | undefined {
    const start = this.#starts.get(name)
    if (start === undefined) return this.#nodes.get(name)
    return ignoringDamage(() => parseTreeNode(this.#text.slice(start - nodeStart.length, this.#endOf(start))))
  }

  /**
   * The file of this name, when the parent says about it what `stats` say, to the letter, and it has no extended
   * attributes.
   * @param hasBlob whether the blob is there whose ID stands at a place of a text
   */
  findSame(
    name: FileName,
    stats: BigIntStats,
    matcher: MetadataMatcher,
    hasBlob: (text: string, at: number) => boolean,
  ): KeptFile | undefined {
    const start = this.#starts.get(name)
    if (start === undefined) return undefined
    const contentAt = matcher.endOfSame(this.#text, start + name.length, stats)
    const to = contentAt < 0 ? -1 : endOfContent(this.#text, contentAt, hasBlob)
    return to < 0 ? undefined : { from: start - nodeStart.length, to }
  }

  /** The JSON of nodes that stand one behind the other. */
  jsonOf({ from, to }: KeptFile): string {
    return this.#text.slice(from, to)
  }

  #findStarts(): void {
    for (let start = treeStart.length; ; ) {
      const nameEnd = this.#text.indexOf('"', start)
      this.#starts.set(this.#text.slice(start, nameEnd), start)
      const end = this.#text.indexOf(betweenNodes, nameEnd)
      if (end < 0) return
      start = end + betweenNodes.length
    }
  }

  /** Behind the last brace of the node. */
  #endOf(start: number): number {
    const next = this.#text.indexOf(betweenNodes, start)
    return next < 0 ? this.#text.length - treeEnd.length + 1 : next + 1
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

/** Behind the node whose content begins at `contentAt`; −1 when a blob is missing, or anything else is there. */
function endOfContent(
  text: string,
  contentAt: number,
  hasBlob: (text: string, at: number) => boolean,
): number {
  if (!text.startsWith(contentStart, contentAt)) return -1
  let at = contentAt + contentStart.length
  for (let isFirst = true; text[at] !== ']'; isFirst = false) {
    if (!isFirst && text[at++] !== ',') return -1
    if (text[at] !== '"' || text[at + idLength + 1] !== '"' || !hasBlob(text, at + 1)) return -1
    at += idLength + 2
  }
  return text[at + 1] === '}' ? at + 2 : -1
}

function ignoringDamage<Result>(parse: () => Result): Result | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
