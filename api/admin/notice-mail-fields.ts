import { t } from '../../templates/language.ts'
import { matching, type ConfigField } from './config-form.ts'

const field = (column: string): Pick<ConfigField, 'column' | 'label'> => ({
  column,
  label: t(`config.column.ente_due_type.${column}`),
})

/** The fields of a type of due about notices by mail. */
export const NOTICE_MAIL_FIELDS: readonly ConfigField[] = [
  { ...field('mail_notice'), help: t('config.help.mailNotice'), isFlag: true },
  { ...field('mail_reminder'), help: t('config.help.mailReminder'), isFlag: true },
  {
    ...field('mail_reminder_days'),
    required: true,
    isNumber: true,
    max: 2,
    ...matching(/^([1-9]|[1-5]\d|60)$/, t('config.problem.reminderDays')),
  },
]
