import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast, defaultAccent, filledShade, shadesOf } from './accent.ts'

const darkPage = '#141718'

function* colours(): Generator<string> {
  yield* ['#000000', '#ffffff', '#ffff00', '#ff0000', '#0000ff', '#00ffff', '#808080', '#2563eb', '#ffcc00']
  for (let red = 0; red < 256; red += 51) {
    for (let green = 0; green < 256; green += 51) {
      for (let blue = 0; blue < 256; blue += 51) {
        yield `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
      }
    }
  }
}

test('whatever the accent, text on it and in it has the contrast that WCAG AA asks for, in light and in dark', () => {
  for (const accent of colours()) {
    const shades = shadesOf(accent)
    for (const shade of shades) assert.match(shade, /^#[0-9a-f]{6}$/, accent)
    const light = shades[filledShade.light]
    const dark = shades[filledShade.dark]
    assert.ok(contrast(light, '#ffffff') >= 4.5, `${accent}: white on ${light}`)
    assert.ok(contrast(light, shades[0]) >= 4.5, `${accent}: ${light} on ${shades[0]}`)
    assert.ok(contrast(dark, '#ffffff') >= 4.5, `${accent}: white on ${dark}`)
    assert.ok(contrast(dark, darkPage) >= 3, `${accent}: ${dark} on a dark page`)
    assert.ok(contrast(shades[4], darkPage) >= 4.5, `${accent}: ${shades[4]} on a dark page`)
  }
})

test('an accent that is readable is shown as it is; a pale one darker, in its own hue', () => {
  for (const accent of ['#2563eb', '#7c3aed', '#b91c1c', '#0f172a', '#000000']) {
    assert.equal(shadesOf(accent)[filledShade.light], accent)
  }
  const [red, green, blue] = (shadesOf('#ffcc00')[filledShade.light].match(/[0-9a-f]{2}/g) ?? []).map(
    (value) => Number.parseInt(value, 16),
  )
  assert.ok((red ?? 0) > (green ?? 0) && (green ?? 0) > (blue ?? 0), 'still a yellow')
  assert.equal(shadesOf(defaultAccent)[filledShade.light], defaultAccent)
})

test('a grey accent has grey shades', () => {
  for (const shade of shadesOf('#444444')) {
    const [red, green, blue] = [shade.slice(1, 3), shade.slice(3, 5), shade.slice(5, 7)]
    assert.deepEqual([green, blue], [red, red], shade)
  }
})
