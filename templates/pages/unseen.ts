import { t } from '../language.ts'

/** Of a text with what a reader cannot see, on the pages of operators and administrators. */
export const UNSEEN_PROBLEM = t('staff.unseen')
