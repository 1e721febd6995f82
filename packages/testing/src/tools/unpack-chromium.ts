/** A program of its own: the browser unpacks into the temp folder, which the environment of a process names. */
import chromium from '@sparticuz/chromium'

await chromium.executablePath()
