export { mailSettingsRoutes } from './mail-settings-routes.ts'
