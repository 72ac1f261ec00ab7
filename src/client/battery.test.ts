import { expect, test } from 'vitest'
import { watchBattery } from './battery.ts'

test('[HS6] what the browser says of its battery is told, at once and as it changes', async () => {
  const battery = Object.assign(new EventTarget(), { charging: false })
  const told: boolean[] = []
  await watchBattery({ getBattery: () => Promise.resolve(battery) }, (isDrained) => told.push(isDrained))
  expect(told).toEqual([true])
  battery.charging = true
  battery.dispatchEvent(new Event('chargingchange'))
  expect(told).toEqual([true, false])
})

test('a browser that says nothing of it is taken to have power', async () => {
  const told: boolean[] = []
  await watchBattery({}, (isDrained) => told.push(isDrained))
  expect(told).toEqual([])
})
