//! Where to look for cameras beside asking everybody.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

/// The port on which devices answer (WS-Discovery 1.1 §2.4).
pub(super) const PORT: u16 = 3702;

/// The largest range, by the bits of its prefix: 256 addresses.
const LARGEST: u8 = 24;

/// Devices that are asked one by one: where the network does not carry multicast, or the cameras are behind a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Vec<SocketAddr>);

/// The text is neither an address nor a range of at most 256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address like 192.168.1.64 or a range like 192.168.1.0/24")]
pub struct NoTarget;

impl Target {
    /// Every address to be asked.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.0
    }
}

impl FromStr for Target {
    type Err = NoTarget;

    /// Takes `192.168.1.64`, `192.168.1.64:3702`, and `192.168.1.0/24`.
    fn from_str(text: &str) -> Result<Self, NoTarget> {
        if let Some((network, bits)) = text.split_once('/') {
            let (network, bits): (Ipv4Addr, u8) = (network.parse().map_err(|_| NoTarget)?, bits.parse().map_err(|_| NoTarget)?);
            if !(LARGEST..=32).contains(&bits) {
                return Err(NoTarget);
            }
            let size = 1_u32 << (32 - bits);
            let first = network.to_bits() & !(size - 1);
            let all = (0..size).map(|host| Ipv4Addr::from_bits(first + host));
            // The first address of a network is its own, the last is everybody's.
            let hosts = if size > 2 { all.skip(1).take(size as usize - 2).collect::<Vec<_>>() } else { all.collect() };
            return Ok(Self(hosts.into_iter().map(|host| SocketAddr::new(host.into(), PORT)).collect()));
        }
        let one = text.parse().or_else(|_| text.parse::<IpAddr>().map(|address| SocketAddr::new(address, PORT)));
        Ok(Self(vec![one.map_err(|_| NoTarget)?]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        text.parse::<Target>().unwrap().addresses().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_address_a_port_and_a_range_are_targets() {
        assert_eq!(asked("192.168.1.64"), ["192.168.1.64:3702"]);
        assert_eq!(asked("127.0.0.1:40000"), ["127.0.0.1:40000"]);
        assert_eq!(asked("fd00::7"), ["[fd00::7]:3702"]);
        assert_eq!(asked("10.0.0.9/30"), ["10.0.0.9:3702", "10.0.0.10:3702"]);
        assert_eq!(asked("10.0.0.9/32"), ["10.0.0.9:3702"]);
        let network = asked("192.168.1.77/24");
        assert_eq!((network.len(), network[0].as_str(), network[253].as_str()), (254, "192.168.1.1:3702", "192.168.1.254:3702"));
    }

    #[test]
    fn nothing_larger_and_no_name_is_a_target() {
        for text in
            ["", "camera.local", "10.0.0.0/16", "10.0.0.0/33", "10.0.0.0/", "10.0.0/24", "0.0.0.0/0", "fd00::/120", "1.2.3.4:99999"]
        {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
