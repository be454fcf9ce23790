import { Socket } from 'node:net';

/** A socket that connects from a given local address; made for the `stream` option of `pg`, which calls `connect(port, host)`. */
export class LocalAddressSocket extends Socket {
  readonly #from: string;

  /** @param from an address of this machine; with an IPv6 loopback address the other end is ::1 too */
  constructor(from: string) {
    super();
    this.#from = from;
  }

  override connect(port: unknown, host?: unknown): this {
    const to = this.#from === '::1' ? '::1' : String(host);
    return super.connect({ port: Number(port), host: to, localAddress: this.#from });
  }
}
