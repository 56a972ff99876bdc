import type { AmountKind } from '../../db/due/dues.ts'
import { t } from '../../templates/language.ts'

/** From this number on, the page has a search. */
const MANY = 9

/** The types of due among which an operator chooses, as links to the form of each; `q` narrows them by words of the name or the code. */
export function typesPage(
  types: readonly { code: string; name: string; amountKind: AmountKind | null }[],
  href: string,
  q: string,
) {
  const wanted = plain(q).split(/\s+/)
  const found = types.filter(({ code, name }) =>
    wanted.every((word) => plain(`${name} ${code}`).includes(word)),
  )
  return {
    searchAction: types.length < MANY ? null : href,
    q,
    types: found.map(({ code, name, amountKind }) => ({
      name,
      amount: amountKind === null ? null : t(`dues.types.amount.${amountKind}`),
      href: `${href}?tipo=${encodeURIComponent(code)}`,
    })),
    none:
      found.length > 0 ? null : types.length === 0 ? t('dues.types.none') : t('dues.types.notFound', { q }),
  }
}

/** Without accents and in small letters, as people search. */
const plain = (text: string): string => text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
