/**
 * Where the rows of a converted file are in its sheet, in which blank rows may stand between them. Each pair says: from this row of the file
 * on, rows have the numbers from this one on, until the next pair. A sheet without blank rows has one pair.
 */
export type SheetNumbers = readonly (readonly [row: number, inSheet: number])[]

/** Collects the numbers while the rows of a sheet are read one after the other. */
export class NumberKeeper {
  readonly numbers: [number, number][] = []
  #row = 0
  #next = 0

  take(inSheet: number): void {
    this.#row++
    if (inSheet !== this.#next) this.numbers.push([this.#row, inSheet])
    this.#next = inSheet + 1
  }
}

/** The number that a row of the file has in the sheet. A file that came from no sheet, or before numbers were kept, keeps its own. */
export function numberInSheet(numbers: SheetNumbers | null, row: number): number {
  let [from, inSheet] = [1, 1]
  for (const [first, number] of numbers ?? []) {
    if (first > row) break
    ;[from, inSheet] = [first, number]
  }
  return inSheet + row - from
}
