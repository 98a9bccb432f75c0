/**
 * Packets that a network loses, as arguments of `tc` (Debian package iproute2): a filter of classic BPF on what goes out at the
 * loopback of a network namespace, since nft and netem are often missing where tests run.
 */

const PASS = '6 0 0 0';
const DROP = '6 0 0 2';
/** Ancillary data of the kernel: a random number of 32 bits. */
const LOAD_RANDOM = `32 0 0 ${0xff_ff_f0_00 + 56}`;

const filter = (program: readonly string[]): string =>
  `filter add dev lo egress bpf bytecode '${[program.length, ...program].join(',')}' direct-action`;

/** Loses this share of all packets, in both directions. */
export const dropShare = (share: number): string =>
  filter([LOAD_RANDOM, `53 1 0 ${Math.floor(share * 2 ** 32)}`, DROP, PASS]);

/** Loses every TCP packet to this port; what comes from there still arrives. */
export const dropToPort = (port: number): string =>
  filter([
    // IPv4?
    '40 0 0 12',
    '21 0 5 2048',
    // TCP?
    '48 0 0 23',
    '21 0 3 6',
    // To this port?
    '40 0 0 36',
    `21 0 1 ${port}`,
    DROP,
    PASS,
  ]);

/** Makes place for a filter; `tc filter del dev lo egress` takes the filter away again. */
export const FILTER_PLACE = 'qdisc add dev lo clsact';
