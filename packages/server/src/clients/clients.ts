export { clientRoutes } from './client-routes.ts'
export { clients, type FoundClient } from './client-store.ts'
export { runningBackup } from './running-backup.ts'
export { waitingRoomRoutes } from './waiting-room-routes.ts'
