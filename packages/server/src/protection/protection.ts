export {
  dayMs,
  protectionColumns,
  protectionFrom,
  protectionOf,
} from './resolve-protection.ts'
