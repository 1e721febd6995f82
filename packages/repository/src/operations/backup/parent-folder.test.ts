import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  encodeNodeContent,
  encodeNodeMetadata,
  encodeTree,
  parseTree,
  type TreeNode,
} from '../../format/tree.ts'
import { anyNode } from '../../test-world/any-node.ts'
import { ParentFolder } from './parent-folder.ts'

const plainName = fc.stringMatching(/^[a-z",:{}[\] .]{1,12}$/)
const plainNode = anyNode.map(({ extendedAttributes, linkTarget, user, ...node }) => node)
const plainNodes = fc
  .uniqueArray(plainName)
  .chain((names) => fc.tuple(...names.map((name) => plainNode.map((node): TreeNode => ({ ...node, name })))))
const nodes = fc.oneof(plainNodes, fc.uniqueArray(anyNode, { selector: ({ name }) => name }))

test('every entry of a parent is found as it was written, whatever it is named and holds', () => {
  fc.assert(
    fc.property(nodes, (written) => {
      const tree = encodeTree(written)
      const parent = new ParentFolder(tree)
      for (const node of parseTree(tree)) assert.deepEqual(parent.find(node.name), node)
      assert.equal(parent.find('no such name'), undefined)
    }),
  )
})

test('a file is the same only when all that is said about it is, to the letter', () => {
  fc.assert(
    fc.property(plainNodes, (written) => {
      const parent = new ParentFolder(encodeTree(written))
      for (const node of written) {
        const metadata = encodeNodeMetadata(node)
        const same = parent.findSame(node.name, metadata)
        // Names with quotes have escapes: then all is parsed, which `find` does.
        if (!same) continue
        assert.deepEqual(same, {
          json: metadata + encodeNodeContent({ content: node.content }),
          content: node.content,
        })
        const longer = encodeNodeMetadata({ ...node, uid: node.uid + 1 })
        assert.equal(parent.findSame(node.name, longer), undefined)
      }
    }),
  )
  const time = '2024-03-01T12:34:56Z'
  const plain = { mode: 420, mtime: time, atime: time, ctime: time, uid: 0, gid: 0, size: 5 }
  const file: TreeNode = { ...plain, name: 'a', type: 'file', content: ['ab'.repeat(32), 'cd'.repeat(32)] }
  const parent = new ParentFolder(encodeTree([file, { ...file, name: 'b' }]))
  assert.deepEqual(parent.findSame('a', encodeNodeMetadata(file))?.content, file.content)
  assert.equal(parent.findSame('a', encodeNodeMetadata({ ...file, size: 50 })), undefined)
  assert.equal(parent.findSame('b', encodeNodeMetadata(file)), undefined)
})

test('a damaged parent is as good as none', () => {
  const time = '2024-03-01T12:34:56Z'
  const plain = { mode: 420, mtime: time, atime: time, ctime: time, uid: 0, gid: 0 }
  const tree = encodeTree([{ ...plain, name: 'a', type: 'file', content: [] }])
  for (let length = 0; length < tree.length - 5; length++) {
    assert.equal(new ParentFolder(tree.subarray(0, length)).find('a'), undefined)
  }
  const broken = new TextDecoder().decode(tree).replace('"uid":0', '"uid":-1')
  assert.equal(new ParentFolder(new TextEncoder().encode(broken)).find('a'), undefined)
  assert.equal(new ParentFolder(Uint8Array.of(0xff, 0xfe)).find('a'), undefined)
})
