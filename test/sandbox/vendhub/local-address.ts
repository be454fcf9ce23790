/**
 * The address that the application connects from, so that network restrictions tell it from the operator, who comes
 * from 127.0.0.1. On Linux all of 127.0.0.0/8 is there: 127.0.0.2. Elsewhere (macOS) only 127.0.0.1 and ::1 are: ::1,
 * for which the database server has to listen on ::1 as well.
 */
export const applicationLocalAddress = process.platform === 'linux' ? '127.0.0.2' : '::1';

/** {@link applicationLocalAddress} as the CIDR that network restrictions name. */
export const applicationCidr = `${applicationLocalAddress}/${applicationLocalAddress.includes(':') ? 128 : 32}`;
