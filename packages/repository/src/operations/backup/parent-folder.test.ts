import assert from 'node:assert/strict'
import { chmodSync, linkSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@granary/testing'
import fc from 'fast-check'
import { AccountNames } from '../../filesystem/account-names.ts'
import { describeFile } from '../../filesystem/file-metadata.ts'
import { cPath, nativeCalls } from '../../filesystem/native-calls.ts'
import { statOf } from '../../filesystem/node-path.ts'
import {
  encodeNodeContent,
  encodeNodeMetadata,
  encodeTree,
  parseTree,
  type TreeNode,
} from '../../format/tree.ts'
import { anyNode } from '../../test-world/any-node.ts'
import { MetadataMatcher } from './metadata-matcher.ts'
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

test('a file is the same as long as nothing that is said about it has changed', async () => {
  await using folder = await temporaryFolder('parent-folder')
  const accounts = new AccountNames()
  const options = { accounts, withAtime: false }
  const matcher = new MetadataMatcher(accounts, false)
  const files = [
    { name: 'empty', content: '', mode: 0o600, mtime: 0n },
    { name: 'of two links', content: 'ab', mode: 0o4755, mtime: 1_700_000_000_123_456_789n },
    { name: 'before 1970', content: 'cd', mode: 0o644, mtime: -1n },
    {
      name: '},{"name":"'.replaceAll('"', "'"),
      content: 'ef',
      mode: 0o644,
      mtime: 1_700_000_000_100_000_000n,
    },
  ]
  const at = (name: string) => path.join(folder.path, name)
  for (const { name, content, mode, mtime } of files) {
    writeFileSync(at(name), content)
    chmodSync(at(name), mode)
    nativeCalls?.setTimes(cPath(at(name)), mtime, mtime)
  }
  linkSync(at('of two links'), at('zz'))
  const describe = (name: string): TreeNode => describeFile(at(name), name, statOf(at(name)), options)
  const content = ['ab'.repeat(32), 'cd'.repeat(32)]
  const nodes = files.map(({ name }, i) => ({ ...describe(name), content: content.slice(0, i) }))
  const parent = new ParentFolder(encodeTree(nodes))
  const find = (name: string, hasBlob = true) =>
    parent.findSame(name, statOf(at(name)), matcher, () => hasBlob)
  for (const node of nodes) {
    const same = find(node.name)
    assert.ok(same, node.name)
    assert.equal(parent.jsonOf(same), encodeNodeMetadata(node) + encodeNodeContent(node))
    assert.equal(find(node.name, false) === undefined, node.content.length > 0)
  }
  assert.equal(
    parent.findSame('empty', statOf(at('of two links')), matcher, () => true),
    undefined,
  )
  assert.equal(
    parent.findSame('zz', statOf(at('zz')), matcher, () => true),
    undefined,
  )
  writeFileSync(at('empty'), 'no more')
  unlinkSync(at('zz'))
  chmodSync(at('before 1970'), 0o600)
  for (const name of ['empty', 'of two links', 'before 1970']) assert.equal(find(name), undefined, name)
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
