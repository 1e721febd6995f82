import { samplePng } from '@granary/testing'
import type { ApiWorld } from './api-world.ts'

export const serverBrandPath = '/api/v1/settings/brand'
export const brandPath = (reseller: { id: string }) => `/api/v1/resellers/${reseller.id}/brand`

/** A server called Cloudhaven with two resellers, one of which has a brand. */
export async function furnishBrands(world: ApiWorld) {
  await world.send('PATCH', serverBrandPath, { productName: 'Cloudhaven', accent: '#7c3aed' })
  const northwind = await world.reseller({ name: 'Northwind' })
  const contoso = await world.reseller({ name: 'Contoso' })
  await world.send('PATCH', brandPath(northwind), {
    productName: 'Northwind Backup',
    accent: '#2563EB',
    hostName: 'Backup.Northwind.example',
    lightLogo: samplePng(80, 20, '#2563eb').toString('base64'),
  })
  const bakery = await world.customer({ name: 'Bakery', reseller: northwind.id })
  return { northwind, contoso, bakery }
}
