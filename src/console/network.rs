//! The network that somebody comes from, as far as a director needs it: enough to see whether two are the same, not enough to find
//! a home by.

use std::net::IpAddr;

/// The first three numbers of an IPv4 address, the first three groups of an IPv6 address: what a provider gives to a street or to one
/// customer (RFC 6177). The audit record keeps the whole address, which a stolen password is traced by.
pub fn shortened(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.…")
        }
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:…")
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_look_the_same_and_strangers_do_not() {
        assert_eq!(shortened("192.0.2.7"), "192.0.2.…");
        assert_eq!(shortened("::ffff:192.0.2.200"), "192.0.2.…");
        assert_eq!(shortened("2001:db8:12:34::1"), "2001:db8:12:…");
        assert_ne!(shortened("192.0.3.7"), shortened("192.0.2.7"));
        assert_eq!(shortened("forgotten"), "");
    }
}
