/**
 * Keeps connectors off this network: loopback, private, link-local and other non-public addresses are refused unless
 * the installation allows them. The check is made on the address that the connection goes to, at connection time, so
 * that neither a name that resolves differently a second time nor a redirect gets around it.
 */
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'

/** True: every address. A list: these host names, addresses and CIDR ranges. False: public addresses only. */
export type AllowedAddresses = boolean | readonly string[]

/** Code of the connection error that a refused address raises. */
export const ADDRESS_REFUSED = 'ERR_ADDRESS_REFUSED'

export interface AddressGuard {
  /** Throws ConfigInvalid when the URL's host is itself an address that is refused. Call it before every connection. */
  checkUrl(url: URL): void
  /** `lookup` for agents and sockets: resolves as the system does, and fails with ADDRESS_REFUSED. */
  readonly lookup: LookupFunction
  /** The same without the check, for a host that the operator named (a proxy). */
  readonly unguardedLookup: LookupFunction
}

/** @param resolve the resolver below the guard @default dns.lookup */
export function createAddressGuard(
  allowed: AllowedAddresses,
  resolve: typeof systemLookup = systemLookup,
): AddressGuard {
  const isAllowed = allowedMatcher(allowed)
  return {
    checkUrl(url) {
      const host = url.hostname.replace(/^\[|\]$/g, '')
      if (ipaddr.isValid(host) && !isAllowed(url.hostname, host)) throw addressRefused(url.hostname)
    },
    unguardedLookup: resolve as LookupFunction,
    lookup(hostname, options, callback) {
      const one = options as LookupOptions
      resolve(hostname, { ...one, all: true }, (error, found) => {
        // With `all` it is a list; the types do not follow the option.
        const addresses = found as unknown as LookupAddress[]
        if (error) {
          callback(error, '', 0)
          return
        }
        // One refused address refuses the name: a name that is half inside is made for getting in.
        if (addresses.length === 0 || addresses.some(({ address }) => !isAllowed(hostname, address))) {
          callback(Object.assign(new Error('address refused'), { code: ADDRESS_REFUSED }), '', 0)
          return
        }
        if (one.all) (callback as (error: null, all: LookupAddress[]) => void)(null, addresses)
        else callback(null, addresses[0]!.address, addresses[0]!.family)
      })
    },
  }
}

/** The error of a refused address, in words. */
export function addressRefused(host: string): ConnectorError {
  return new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `connecting to ${host}: the address is private, loopback or otherwise not public, and this installation does not ` +
      'allow connectors to reach it; correct the host, or allow it in TRIBUTARY_ALLOW_PRIVATE_ADDRESSES',
  )
}

function allowedMatcher(allowed: AllowedAddresses): (host: string, address: string) => boolean {
  if (allowed === true) return () => true
  const entries = allowed === false ? [] : allowed
  const hosts = new Set(entries.map((entry) => entry.toLowerCase()))
  const ranges = entries.flatMap((entry) => {
    if (ipaddr.isValidCIDR(entry)) return [ipaddr.parseCIDR(entry)]
    if (!ipaddr.isValid(entry)) return []
    const address = ipaddr.process(entry)
    return [[address, address.kind() === 'ipv4' ? 32 : 128] as [ipaddr.IPv4 | ipaddr.IPv6, number]]
  })
  return (host, address) => {
    if (hosts.has(host.toLowerCase())) return true
    const ip = ipaddr.process(address.replace(/%.*$/, ''))
    if (ranges.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits))) return true
    return isPublic(ip)
  }
}

/** `unicast` is what remains when every special range is taken away; transition ranges embed another address. */
function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ip.range() !== 'unicast') return false
  // ::a.b.c.d, deprecated (RFC 4291 2.5.5.1), which no special range covers.
  return ip.kind() === 'ipv4' || (ip as ipaddr.IPv6).parts.slice(0, 6).some((part) => part !== 0)
}
