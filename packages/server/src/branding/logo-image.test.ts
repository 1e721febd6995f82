import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '@granary/contract'
import { pngChunk, samplePng } from '@granary/testing'
import { takeLogo } from './logo-image.ts'

const png = samplePng(24, 12, '#2266cc')

/** The same picture as browsers write it, 24 × 12. */
const others = {
  'image/jpeg':
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAAMABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAED/8QAGRABAAIDAAAAAAAAAAAAAAAAAAMREyFh/8QAFgEBAQEAAAAAAAAAAAAAAAAAAwAB/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AsUWS91XGQFGANT//2Q==',
  'image/webp, lossy':
    'UklGRkYAAABXRUJQVlA4IDoAAAAwAwCdASoYAAwAP3Ggxlk7q6ejsAgDcC4JQBadA87x/1QgAP0aoy+RTcAdraaZGAGMJpLbsQjgAAAA',
  'image/webp, lossless': 'UklGRi4AAABXRUJQVlA4TCEAAAAvF8ACAA9ws8yLdH+Gef6DBwKBJH/aKWaI6P84AEBrPwAA',
  'image/webp, extended':
    'UklGRkAAAABXRUJQVlA4WAoAAAAAAAAAFwAACwAAVlA4TCEAAAAvF8ACAA9ws8yLdH+Gef6DBwKBJH/aKWaI6P84AEBrPwAA',
} as const

const everyImage = [['image/png', png] as const, ...Object.entries(others).map(decoded)]

function decoded([name, base64]: [string, string]) {
  return [name, Buffer.from(base64, 'base64')] as const
}

const take = (content: Uint8Array | string) => takeLogo(Buffer.from(content).toString('base64'), 'lightLogo')

function assertRefused(content: Uint8Array | string, why: RegExp, what: string): void {
  assert.throws(
    () => take(content),
    (error) => {
      assert.ok(error instanceof ProblemError, `${what}: ${error}`)
      const [{ path, message }] = error.facts.errors as [{ path: string; message: string }]
      assert.equal(path, 'lightLogo')
      assert.match(message, why, what)
      return true
    },
    what,
  )
}

test('PNG, JPEG and every kind of WebP are taken, with type and size from their bytes', () => {
  for (const [name, content] of everyImage) {
    const logo = take(content)
    assert.deepEqual([logo.contentType, logo.width, logo.height], [name.split(',')[0], 24, 12], name)
  }
})

test('an image that is cut off anywhere is refused', () => {
  for (const [name, content] of everyImage) {
    for (let length = 12; length < content.length; length += 1) {
      assertRefused(content.subarray(0, length), /broken/, `${name}, ${length} of ${content.length} bytes`)
    }
  }
})

test('nothing hides behind the end of an image', () => {
  for (const [name, content] of everyImage) {
    const script = Buffer.from('<script>alert(1)</script>')
    assertRefused(Buffer.concat([content, script]), /follows its end|ends early/, name)
  }
})

test('what is no image is refused whatever it calls itself', () => {
  const strangers = [
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    '<html><script>alert(1)</script></html>',
    'GIF89a',
    '%PDF-1.7',
    'RIFF....WAVE',
    '\ufeff',
  ]
  for (const text of strangers) assertRefused(text, /Not a PNG, JPEG or WebP image/, text)
})

test('a PNG with a changed byte, without pixels, or that moves is refused', () => {
  const changed = Buffer.from(png)
  changed.writeUInt32BE(48, 16)
  assertRefused(changed, /sum of a part \(IHDR\)/, 'changed')
  const [signature, header] = [png.subarray(0, 8), png.subarray(8, 33)]
  const end = pngChunk('IEND', Buffer.alloc(0))
  assertRefused(Buffer.concat([signature, header, end]), /no pixels/, 'without pixels')
  assertRefused(Buffer.concat([signature, end]), /begin with its size/, 'without a size')
  const moving = Buffer.concat([signature, header, pngChunk('acTL', Buffer.alloc(8)), png.subarray(33)])
  assertRefused(moving, /it moves/, 'moving')
  const endless = Buffer.from(png)
  endless.writeUInt32BE(0xffffffff, 8)
  assertRefused(endless, /ends early/, 'a part without end')
})

test('too many bytes, too many pixels and none at all are refused', () => {
  const header = Buffer.alloc(13)
  header.set([8, 2, 0, 0, 0], 8)
  for (const [width, height] of [
    [2049, 1],
    [1, 2049],
    [0, 5],
    [0xffffffff, 0xffffffff],
  ] as const) {
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    const bomb = Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', header), png.subarray(33)])
    assertRefused(bomb, /pixels/, `${width} × ${height}`)
  }
  assertRefused(Buffer.concat([png, Buffer.alloc(256 * 1024)]), /At most 256 kB/, 'large')
})

test('base 64 has one way to be written', () => {
  const text = png.toString('base64')
  for (const other of [`${text}=`, text.replace(/=+$/, ''), `${text.slice(0, 8)} ${text.slice(8)}`, 'A']) {
    if (other === text) continue
    assert.throws(() => takeLogo(other, 'lightLogo'), ProblemError)
  }
})
