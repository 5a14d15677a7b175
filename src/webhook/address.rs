//! Which addresses may be called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Networks that are not reached over the Internet, or lead back into this one (IANA's registries of special addresses).
const NOT_PUBLIC: [&str; 29] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "::ffff:0:0:0/96",
    "2620:4f:8000::/48",
    "2001:20::/28",
];

/// The addresses that may be called: public ones, and those of networks that the settings name.
#[derive(Debug, Clone)]
pub struct AllowedAddresses {
    named: Vec<IpNet>,
    not_public: Vec<IpNet>,
}

impl AllowedAddresses {
    /// Public ones, and those of these networks.
    pub fn with(named: &[IpNet]) -> Self {
        Self {
            named: named.to_vec(),
            not_public: NOT_PUBLIC.iter().filter_map(|network| network.parse().ok()).collect(),
        }
    }

    /// Whether this address may be called.
    pub fn allow(&self, address: IpAddr) -> bool {
        let address = inner(address);
        let is_in = |networks: &[IpNet]| networks.iter().any(|network| network.contains(&address));
        is_in(&self.named) || !is_in(&self.not_public)
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped (`::ffff:a.b.c.d`), translated (NAT64), or 6to4.
fn inner(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    embedded(v6).map_or(address, IpAddr::V4)
}

fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called_and_those_that_are_named() {
        let allowed = AllowedAddresses::with(&["10.1.0.0/16".parse().unwrap(), "fd00::/16".parse().unwrap()]);
        assert_eq!(allowed.not_public.len(), NOT_PUBLIC.len());
        for (address, is_allowed) in [
            ("1.1.1.1", true),
            ("2606:4700::1111", true),
            ("10.1.2.3", true),
            ("10.2.2.3", false),
            ("fd00::1", true),
            ("fd01::1", false),
            ("127.0.0.1", false),
            ("::1", false),
            ("0.0.0.0", false),
            ("::", false),
            ("169.254.169.254", false),
            ("192.168.1.1", false),
            ("172.31.0.1", false),
            ("100.64.0.1", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("fe80::1", false),
            ("ff02::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:10.1.0.1", true),
            ("::127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::101:101", true),
            ("2002:7f00:1::", false),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", false),
        ] {
            assert_eq!(allowed.allow(address.parse().unwrap()), is_allowed, "{address}");
        }
    }
}
