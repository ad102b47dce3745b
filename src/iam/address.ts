/** IP addresses and CIDR ranges, as `aws:SourceIp` and its kin hold them. */

/** An address as the bytes it is made of: 4 for IPv4, 16 for IPv6. */
export type Address = readonly number[];

export interface AddressRange {
  readonly address: Address;
  /** Number of leading bits that an address of the range has in common with it. */
  readonly prefixLength: number;
}

export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseIPv6(text) : parseIPv4(text);
}

/**
 * Reads `203.0.113.0/24` or `2001:db8::/32`; an address alone is a range of one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4632
 */
export function parseCidr(text: string): AddressRange | undefined {
  const [addressText = "", prefixText, ...others] = text.split("/", 3);
  const address = parseAddress(addressText);
  if (address === undefined || others.length > 0) {
    return undefined;
  }
  const bits = address.length * 8;
  if (prefixText === undefined) {
    return { address, prefixLength: bits };
  }
  if (!/^\d{1,3}$/.test(prefixText) || Number(prefixText) > bits) {
    return undefined;
  }
  return { address, prefixLength: Number(prefixText) };
}

export function containsAddress(range: AddressRange, address: Address): boolean {
  if (range.address.length !== address.length) {
    return false;
  }
  return address.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, range.prefixLength - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((range.address[index] ?? 0) & mask);
  });
}

function parseIPv4(text: string): Address | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.map(Number);
}

function parseIPv6(text: string): Address | undefined {
  const halves = text.split("::", 3);
  const [left, right] = halves.map((half) => (half === "" ? [] : groups(half)));
  if (left === undefined || halves.length > 2) {
    return undefined;
  }
  if (halves.length === 1) {
    return left.length === 16 ? left : undefined;
  }
  const missing = 16 - left.length - (right?.length ?? 0);
  // `::` stands for at least one group of zeros.
  return right === undefined || missing < 2
    ? undefined
    : [...left, ...Array<number>(missing).fill(0), ...right];
}

function groups(text: string): number[] | undefined {
  const parts = text.split(":", 9);
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 && part.includes(".") ? parseIPv4(part) : undefined;
    if (embedded !== undefined) {
      bytes.push(...embedded);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      const group = parseInt(part, 16);
      bytes.push(group >> 8, group & 0xff);
    } else {
      return undefined;
    }
  }
  return bytes;
}
