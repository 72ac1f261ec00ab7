// Whether the device lives on its battery, where the browser says so: what is not needed now is left out then.

/** `device`: `navigator`. Tells `changed` when that changes, and at once where it does; `isDrained` while no charger is there. */
export async function watchBattery(device: object, changed: (isDrained: boolean) => void): Promise<void> {
  const getBattery: unknown = Reflect.get(device, 'getBattery')
  if (typeof getBattery !== 'function') return
  const battery: unknown = await Reflect.apply(getBattery, device, [])
  if (!(battery instanceof EventTarget)) return
  const isDrained = (): boolean => Reflect.get(battery, 'charging') === false
  battery.addEventListener('chargingchange', () => changed(isDrained()))
  if (isDrained()) changed(true)
}
