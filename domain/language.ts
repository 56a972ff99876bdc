/** Languages of the citizen's pages; the first is the one of who has not chosen. */
export const LANGUAGES = ['it', 'en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** Languages in which a notice may have a second page. */
export type SecondLanguage = Exclude<Language, 'it'>
