import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { runProgram } from './run-program.ts'
import { projectRoot, toolFolder } from './tools-folder.ts'

/**
 * Starts a headless browser, which npm brought with all the libraries and a font it needs.
 * `GRANARY_BROWSER` names a Chromium of your own instead. Close it, or say `await using`.
 */
export async function launchBrowser(): Promise<Browser> {
  // Loaded here: it takes half a second, and most tests have no need of it.
  const { chromium } = await import('playwright-core')
  const override = process.env.GRANARY_BROWSER
  if (override) return chromium.launch({ executablePath: override, args: [hostsOfResellers] })
  const folder = await browserFolder()
  const start = () =>
    chromium.launch({
      executablePath: path.join(folder, 'chromium'),
      args: ['--no-sandbox', '--font-render-hinting=none', '--disable-webgl', hostsOfResellers],
      env: {
        ...process.env,
        LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
        FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
      },
    })
  try {
    return await start()
  } catch (error) {
    // Chromium's own fault, once in hundreds of starts on a machine under load. A browser that can't start fails again.
    if (!String(error).includes('signal=SIGSEGV')) throw error
    console.warn('The browser crashed as it started, and is started once more.')
    return start()
  }
}

/** Names that nobody owns (RFC 2606) lead to this machine, so that tests can open the console under any of them. */
const hostsOfResellers = '--host-resolver-rules=MAP *.example 127.0.0.1'

/** The folder the browser is unpacked to, at the first call. */
export async function browserFolder(): Promise<string> {
  const packageFile = path.join(projectRoot, 'node_modules/@sparticuz/chromium/package.json')
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }
  return toolFolder(`chromium-${version}`, async (draft) => {
    // Its libraries are unpacked only where the package believes to be on AWS.
    const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
    const unpack = fileURLToPath(new URL('unpack-chromium.ts', import.meta.url))
    await runProgram(process.execPath, [unpack], { env })
    await writeFile(path.join(draft, 'fonts.conf'), fontSettings)
  })
}

/** The font that came along goes first, for pages that look alike everywhere; the machine's fill its gaps. */
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias binding="strong">
    <family>sans-serif</family>
    <prefer><family>Open Sans</family></prefer>
  </alias>
</fontconfig>
`
