// A callback from within koffi, where what is thrown is lost: it is thrown again where Node hears of it, and keeps no
// other callback from being called.

export function tell<Told extends unknown[]>(callback: (...told: Told) => void, ...told: Told): void {
  try {
    callback(...told);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
