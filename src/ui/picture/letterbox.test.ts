import { expect, test } from 'vitest'
import { devicePixels, pictureBox } from './letterbox.ts'

test('contain keeps the shape of the view, in the middle', () => {
  expect(pictureBox({ width: 1280, height: 720, fit: 'contain' }, 640, 640)).toEqual({
    left: 0,
    top: 140,
    width: 640,
    height: 360,
  })
  expect(pictureBox({ width: 100, height: 100, fit: 'contain' }, 300, 200)).toEqual({
    left: 50,
    top: 0,
    width: 200,
    height: 200,
  })
})

test('panel fills it, and so does an unknown view', () => {
  expect(pictureBox({ width: 1280, height: 720, fit: 'panel' }, 300, 200)).toEqual({
    left: 0,
    top: 0,
    width: 300,
    height: 200,
  })
  expect(pictureBox(undefined, 300, 200)).toEqual({ left: 0, top: 0, width: 300, height: 200 })
})

test('device pixels follow the ratio and are never none', () => {
  expect(devicePixels({ left: 0, top: 0, width: 300, height: 201 }, 1.5)).toEqual({ pixelWidth: 450, pixelHeight: 302 })
  expect(devicePixels({ left: 0, top: 0, width: 0, height: 0 }, 2)).toEqual({ pixelWidth: 1, pixelHeight: 1 })
})
