import { PNG } from 'pngjs'
import { expect, it } from 'vitest'
import { greyscale } from './grey.ts'

function picture(...pixels: [red: number, green: number, blue: number, alpha: number][]): Buffer {
  const png = new PNG({ width: pixels.length, height: 1 })
  png.data = Buffer.from(pixels.flat())
  return PNG.sync.write(png)
}

const pixels = (png: Buffer): number[] => [...PNG.sync.read(png).data]

it('keeps brightness and loses colour', () => {
  const grey = greyscale(picture([255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [255, 255, 255, 255]))
  expect(pixels(grey)).toEqual([76, 76, 76, 255, 150, 150, 150, 255, 29, 29, 29, 255, 255, 255, 255, 255])
})

it('keeps transparency', () => {
  const grey = greyscale(picture([200, 100, 50, 0], [10, 10, 10, 128]))
  expect(pixels(grey).filter((_, index) => index % 4 === 3)).toEqual([0, 128])
})

it('converts a picture only once', () => {
  const png = picture([1, 2, 3, 255])
  expect(greyscale(png)).toBe(greyscale(Buffer.from(png)))
})
