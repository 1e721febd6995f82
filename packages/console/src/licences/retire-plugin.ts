import type { Plugin } from '@granary/contract'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { pluginsQuery } from './licence-queries.ts'

/** Offers a plug-in to no client any more, or again; those that have it keep it either way. */
export async function retirePlugin(plugin: Pick<Plugin, 'key' | 'name'>, retired: boolean): Promise<void> {
  const { key, name } = plugin
  try {
    await call('editPlugin', { params: { id: key }, body: { retired } })
    const said = retired ? texts.plugins.isRetired(name) : texts.plugins.isOffered(name)
    tell(said, () => void retirePlugin(plugin, !retired))
  } catch (failure) {
    tellRefusal(failure)
  }
  void cache.invalidateQueries(pluginsQuery)
}
