export { mailSettingsRoutes } from './mail-settings-routes.ts'
export { settingsRoutes } from './settings-routes.ts'
