// Who has to go when too many are connected: of those that pcheck waits for, the one that it has waited for longest.
import type { Socket } from 'node:net';

/** pcheck waits for a connection until its question is there, and again while it takes its answer. */
export type Place = {
  /** Its question is there: now it waits for pcheck. */
  asks(): void;
  isAnswered(): void;
};

export function createConnectionLimit(maximum: number): (socket: Socket) => Place {
  const connected = new Set<Socket>();
  /** In the order in which the waiting has begun. */
  const waitedFor = new Set<Socket>();
  function leave(socket: Socket): void {
    connected.delete(socket);
    waitedFor.delete(socket);
  }
  return (socket) => {
    connected.add(socket);
    waitedFor.add(socket);
    socket.once('close', () => leave(socket));
    const [longest] = waitedFor;
    if (connected.size > maximum && longest !== undefined) {
      // Where all others have asked, that is the new one itself.
      leave(longest);
      longest.destroy();
    }
    return {
      asks: () => void waitedFor.delete(socket),
      isAnswered() {
        if (connected.has(socket)) waitedFor.add(socket);
      },
    };
  };
}
