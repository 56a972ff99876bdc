import { keysOf } from '../../domain/table.ts'
import { t } from '../../templates/language.ts'
import type { Processes } from '../../workflows/processes.ts'
import { now, type AppConfig } from '../deps.ts'

/**
 * Links to lists of processes in the Temporal UI, which keeps views only in the browser of whoever made them. None when the configuration
 * has no such UI.
 */
export function temporalViews(
  config: AppConfig,
  processes: Pick<Processes, 'viewUiPaths'>,
): { href: string; text: string }[] {
  const { temporalUi } = config
  if (temporalUi === undefined) return []
  const paths = processes.viewUiPaths(now(config))
  return keysOf(paths).map((view) => ({
    href: new URL(paths[view], temporalUi).href,
    text: t(`process.view.${view}`),
  }))
}
