import type { ServerResponse } from 'node:http'
import type { ObjectType } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { ListedObject, ObjectLedger } from './object-ledger.ts'

const version1 = 'application/vnd.x.restic.rest.v1'
const version2 = 'application/vnd.x.restic.rest.v2'
const pageRows = 5000

/** Answers the names of one type, with sizes where the client takes version 2; from the ledger, so without looking at a disk. */
export async function listObjects(
  ledger: ObjectLedger,
  access: VaultAccess,
  type: ObjectType,
  accept: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const withSizes = accept?.includes(version2) ?? false
  // restic compares the content type to the letter.
  const contentType = withSizes ? version2 : version1
  let before: string | undefined
  for await (const page of ledger.list(access, type, pageRows)) {
    const text = page.map((object) => entry(object, withSizes)).join(',')
    if (before === undefined && page.length < pageRows) {
      const body = `[${text}]`
      response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length })
      response.end(body)
      return
    }
    if (before === undefined) response.writeHead(200, { 'Content-Type': contentType })
    if (response.destroyed) return
    if (text !== '') {
      const separator = before === undefined ? '[' : ','
      before = text
      if (!response.write(separator + text))
        await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
    }
  }
  response.end(']')
}

function entry(object: ListedObject, withSizes: boolean): string {
  return withSizes ? `{"name":"${object.name}","size":${object.bytes}}` : `"${object.name}"`
}
