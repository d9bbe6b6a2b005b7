//! How often an account and an address may ask.
//!
//! The tables are bounded by construction: a key is hashed into one of 65 536 places, with a seed of this process, so no flood of
//! addresses grows them. Two keys that share a place share its budget, which the budgets are generous enough to bear.

use crate::id::AccountId;
use governor::{Quota, RateLimiter, clock::Clock as _, clock::DefaultClock, state::keyed::DashMapStateStore};
use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    time::Duration,
};

/// The budgets of every kind of request that can be asked too often.
pub struct RateLimits {
    whep_account: Meter,
    whep_address: Meter,
    api_account: Meter,
    api_address: Meter,
    invitation: Meter,
    alarm: Meter,
    pieces: Meter,
}

/// The budget is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooSoon {
    /// When there will be some again.
    pub wait: Duration,
}

/// A verb of WHEP; each has a budget of its own, so that trickling candidates cannot starve a new stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Opens a stream.
    Post,
    /// Trickles, restarts or renews.
    Patch,
    /// Ends a stream.
    Delete,
}

impl Default for RateLimits {
    /// A page asks once or twice a minute; a director's wall opens thirty streams at once; a carrier hides hundreds of parents
    /// behind one address.
    fn default() -> Self {
        Self {
            whep_account: Meter::new(1, 40),
            whep_address: Meter::new(30, 600),
            api_account: Meter::new(5, 60),
            api_address: Meter::new(50, 1_000),
            // A parents' meeting of a whole group comes in at once by one address; nobody guesses 120 bits at this pace.
            invitation: Meter::new(1, 60),
            // All buttons of a kindergarten are behind one address, and an alarm is not to be refused.
            alarm: Meter::new(2, 100),
            // Six cameras in step at four times their speed, and a hand that drags along the day.
            pieces: Meter::new(40, 400),
        }
    }
}

impl RateLimits {
    /// Counts one WHEP request from `address`.
    pub fn whep_address(&self, verb: Verb, address: IpAddr) -> Result<(), TooSoon> {
        self.whep_address.count((verb, network(address)))
    }

    /// Counts one WHEP request of `account`.
    pub fn whep_account(&self, verb: Verb, account: AccountId) -> Result<(), TooSoon> {
        self.whep_account.count((verb, account))
    }

    /// Counts one API request from `address`.
    pub fn api_address(&self, address: IpAddr) -> Result<(), TooSoon> {
        self.api_address.count(network(address))
    }

    /// Counts one look at a link, or one use of it, from `address`.
    pub fn invitation(&self, address: IpAddr) -> Result<(), TooSoon> {
        self.invitation.count(network(address))
    }

    /// Counts one alarm, or one try to ring one, from `address`.
    pub fn alarm(&self, address: IpAddr) -> Result<(), TooSoon> {
        self.alarm.count(network(address))
    }

    /// Counts one piece of a recording, or one playlist, for `account`.
    pub fn pieces(&self, account: AccountId) -> Result<(), TooSoon> {
        self.pieces.count(account)
    }

    /// Counts one API request of `account`.
    pub fn api_account(&self, account: AccountId) -> Result<(), TooSoon> {
        self.api_account.count(account)
    }
}

/// The address that is counted: whoever has one IPv6 address has the /64 around it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

struct Meter {
    limiter: RateLimiter<u16, DashMapStateStore<u16>, DefaultClock>,
    places: RandomState,
}

impl Meter {
    /// `burst` requests at once, then `a_second` more each second.
    fn new(a_second: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(a_second)).allow_burst(at_least_one(burst));
        Self { limiter: RateLimiter::dashmap(quota), places: RandomState::new() }
    }

    #[allow(clippy::cast_possible_truncation, reason = "the low bits of the hash are the place")]
    fn count(&self, key: impl Hash) -> Result<(), TooSoon> {
        let place = self.places.hash_one(key) as u16;
        let checked = self.limiter.check_key(&place);
        checked.map_err(|full| TooSoon { wait: full.wait_time_from(self.limiter.clock().now()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_next_is_told_when_to_come_back() {
        let meter = Meter::new(1, 3);
        assert!((0..3).all(|_| meter.count("a").is_ok()));
        let TooSoon { wait } = meter.count("a").unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
        assert!(meter.count("b").is_ok());
    }

    #[test]
    fn one_network_has_one_budget_however_many_addresses_it_has() {
        let counted = |text: &str| network(text.parse().unwrap());
        assert_eq!(counted("2001:db8::1"), counted("2001:db8::ffff:2"));
        assert_ne!(counted("2001:db8::1"), counted("2001:db8:0:1::1"));
        assert_eq!(counted("::ffff:192.0.2.7"), counted("192.0.2.7"));
        assert_ne!(counted("192.0.2.7"), counted("192.0.2.8"));
    }
}
