/** The job that looks at everything; settings that it goes by bring it forward. */
export const alertJobName = 'watch-alerts'
