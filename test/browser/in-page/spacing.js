/*
 * Runs in the browser and gives the places of a page where something touches: texts that say what and where, none when all is well.
 * A box is what a person sees as one: it has a background of its own, a line on at least three sides, or it is a picture.
 */
;(() => {
  /** The least gap between two boxes, between a box and a text beside it, and between a text and the sides of its box. */
  const LEAST = 3.5
  /** Longer words are identifiers, which may break; so may texts in the type of codes. */
  const LONGEST_WORD = 20

  const main = document.querySelector('main')
  /** The head of a table is clipped away on a phone, where each cell names its column. */
  const isClipped = (element) =>
    element !== main && (getComputedStyle(element).clipPath !== 'none' || isClipped(element.parentElement))
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !isClipped(element) &&
    !element.closest('.visually-hidden, .mypay-default, svg, option')
  const seen = [...main.querySelectorAll('*')].filter(isSeen)
  const rects = new Map()
  const rectOf = (element) => {
    if (!rects.has(element)) rects.set(element, element.getBoundingClientRect())
    return rects.get(element)
  }
  const isClear = (color) => /^rgba\(.*, 0\)$/.test(color) || color === 'transparent'

  const lines = (style) =>
    ['Top', 'Right', 'Bottom', 'Left'].filter(
      (side) => parseFloat(style[`border${side}Width`]) > 0 && !isClear(style[`border${side}Color`]),
    ).length

  function isBox(element) {
    if (['IMG', 'INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName)) return true
    if (/^(TABLE|THEAD|TBODY|TR|TH|TD|PROGRESS)$/.test(element.tagName)) return false
    const style = getComputedStyle(element)
    return !isClear(style.backgroundColor) || lines(style) >= 3
  }

  const boxes = seen.filter(isBox)
  const texts = seen.flatMap((element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '')
      .flatMap((node) => {
        const range = document.createRange()
        range.selectNodeContents(node)
        return [...range.getClientRects()]
          .filter(({ width }) => width > 0)
          .map((rect) => ({ element, rect, text: node.data.trim().slice(0, 30) }))
      }),
  )

  /** The gap between two rectangles; negative when they overlap. */
  const gapOf = (a, b) =>
    Math.max(
      Math.max(a.left, b.left) - Math.min(a.right, b.right),
      Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom),
    )

  const nameOf = (element) =>
    `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''}${[...element.classList].map((name) => `.${name}`).join('')}`
  const areNested = (a, b) => a.contains(b) || b.contains(a)

  const touchingBoxes = boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => !areNested(one, other) && gapOf(rectOf(one), rectOf(other)) < LEAST)
      .map((other) => `${nameOf(one)} touches ${nameOf(other)}`),
  )

  const touchedTexts = texts.flatMap(({ element, rect, text }) =>
    boxes
      .filter((box) => !areNested(box, element) && gapOf(rectOf(box), rect) < LEAST)
      .map((box) => `"${text}" touches ${nameOf(box)}`),
  )

  /** A text that runs over a side of its own box, or up to it. */
  const crampedTexts = texts.flatMap(({ element, rect, text }) =>
    boxes
      .filter((box) => box.contains(element))
      .filter((box) => {
        const around = rectOf(box)
        const sides = Math.min(rect.left - around.left, around.right - rect.right)
        return sides < LEAST || rect.top < around.top || rect.bottom > around.bottom
      })
      .map((box) => `"${text}" touches its own ${nameOf(box)}`),
  )

  const brokenWords = seen
    .filter((element) => element.closest('td, th') && !element.closest('.mypay-code'))
    .flatMap((element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
    .flatMap((node) =>
      [...node.data.matchAll(/[^\s\-/]+/g)]
        .filter(([word]) => word.length <= LONGEST_WORD)
        .filter(({ 0: word, index }) => {
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + word.length)
          return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1
        })
        .map(([word]) => `"${word}" is broken in its cell`),
    )

  return [...new Set([...touchingBoxes, ...touchedTexts, ...crampedTexts, ...brokenWords])]
})()
