/** The parts of a postal address, under the names that messages and files have for them. */
export const ADDRESS_PARTS = ['indirizzo', 'civico', 'cap', 'localita', 'provincia', 'nazione'] as const
type AddressPart = (typeof ADDRESS_PARTS)[number]

/** A postal address as tables and messages store it. Any part may be missing. */
export type PostalAddress = Record<AddressPart, string | null>

/** An address as people read it; a part that is missing may be left out. */
export type GivenAddress = Partial<Record<AddressPart, string | null | undefined>>
