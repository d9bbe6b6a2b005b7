//! Guessing passwords is made slow: after a few failures each further try at an account, or from an address, must wait twice as long.
//!
//! It lives in memory: after a restart everybody begins anew, which costs a guesser more than it gives. Every try is counted before
//! its password is looked at, so that a thousand tries at once are a thousand tries.

use jiff::{SignedDuration, Timestamp};
use std::{collections::HashMap, hash::Hash, net::IpAddr};

/// How patient the throttle is with one key.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Failures that cost nothing.
    free: u32,
    /// The first wait, which doubles with each further failure.
    first: SignedDuration,
    /// The longest wait.
    most: SignedDuration,
}

/// A person mistypes; nobody mistypes ten times.
const ACCOUNT: Patience = Patience { free: 5, first: SignedDuration::from_secs(2), most: SignedDuration::from_mins(15) };
/// Behind one address there may be a whole kindergarten, or a mobile operator's thousands.
const ADDRESS: Patience = Patience { free: 40, first: SignedDuration::from_secs(2), most: SignedDuration::from_mins(5) };
/// Without a try for so long, a key is forgotten.
const MEMORY: SignedDuration = SignedDuration::from_hours(2);
/// The most keys of a kind that are remembered.
const MOST_KEYS: usize = 20_000;

/// A try came too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooEarly {
    /// How long to wait.
    pub(super) wait: SignedDuration,
    /// Whether this is the first that came too early since the wait began: the audit log hears of that one only.
    pub(super) first: bool,
}

/// Tries by account and by address.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    accounts: Tries<String>,
    addresses: Tries<IpAddr>,
}

impl Throttle {
    /// Counts a try at `login` from `address`, unless it comes too early.
    pub(super) fn attempt(&mut self, login: &str, address: IpAddr, now: Timestamp) -> Result<(), TooEarly> {
        let (login, address) = (login.to_owned(), network(address));
        self.addresses.may(&address, now)?;
        self.accounts.may(&login, now)?;
        self.addresses.count(address, &ADDRESS, now);
        self.accounts.count(login, &ACCOUNT, now);
        Ok(())
    }

    /// The try succeeded: the account's failures are forgotten, and the address has one try less.
    pub(super) fn succeeded(&mut self, login: &str, address: IpAddr) {
        self.accounts.keys.remove(login);
        let address = network(address);
        if let Some(state) = self.addresses.keys.get_mut(&address) {
            state.failures = state.failures.saturating_sub(1);
        }
    }
}

/// An IPv6 subscriber has a whole /64 (RFC 6177), so that is what counts; an IPv4 address in IPv6's clothes is one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[derive(Debug)]
struct Tries<K> {
    keys: HashMap<K, State>,
}

impl<K> Default for Tries<K> {
    fn default() -> Self {
        Self { keys: HashMap::new() }
    }
}

#[derive(Debug)]
struct State {
    failures: u32,
    last: Timestamp,
    open_at: Timestamp,
    told: bool,
}

impl<K: Hash + Eq> Tries<K> {
    fn may(&mut self, key: &K, now: Timestamp) -> Result<(), TooEarly> {
        match self.keys.get_mut(key) {
            Some(state) if now < state.open_at => {
                let first = !std::mem::replace(&mut state.told, true);
                Err(TooEarly { wait: state.open_at.duration_since(now), first })
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, key: K, patience: &Patience, now: Timestamp) {
        if self.keys.len() >= MOST_KEYS && !self.keys.contains_key(&key) {
            self.make_room(now);
        }
        let state = self.keys.entry(key).or_insert(State { failures: 0, last: now, open_at: now, told: false });
        if now.duration_since(state.last) > MEMORY {
            state.failures = 0;
        }
        state.failures = state.failures.saturating_add(1);
        state.last = now;
        if let Some(beyond) = state.failures.checked_sub(patience.free + 1) {
            let doubled = patience.first.as_secs().saturating_mul(1_i64 << beyond.min(32));
            state.open_at = now.saturating_add(SignedDuration::from_secs(doubled).min(patience.most)).unwrap_or(Timestamp::MAX);
            state.told = false;
        }
    }

    /// Forgets what is old; if nothing is, the older half. One pass makes room for many, so that filling it up is no way to slow it.
    fn make_room(&mut self, now: Timestamp) {
        self.keys.retain(|_, state| now.duration_since(state.last) <= MEMORY);
        if self.keys.len() > MOST_KEYS / 2 {
            let mut times: Vec<Timestamp> = self.keys.values().map(|state| state.last).collect();
            let (_, middle, _) = times.select_nth_unstable(MOST_KEYS / 2);
            let middle = *middle;
            self.keys.retain(|_, state| state.last > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn other(n: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(0x0A00_0000 + n))
    }

    #[test]
    fn a_few_mistakes_cost_nothing_and_then_each_costs_twice_as_much() {
        let mut throttle = Throttle::default();
        for _ in 0..=ACCOUNT.free {
            assert_eq!(throttle.attempt("a", HOME, at(0)), Ok(()));
        }
        let mut now = 0;
        for seconds in [2, 4, 8, 16] {
            let too_early = throttle.attempt("a", HOME, at(now)).unwrap_err();
            assert_eq!(too_early, TooEarly { wait: SignedDuration::from_secs(seconds), first: true });
            assert!(!throttle.attempt("a", HOME, at(now)).unwrap_err().first, "the log hears of a wait once");
            now += seconds;
            assert_eq!(throttle.attempt("a", HOME, at(now)), Ok(()));
        }
    }

    #[test]
    fn the_wait_has_an_end_however_many_the_failures() {
        let mut throttle = Throttle::default();
        let mut now = 0;
        for n in 0..100 {
            if let Err(too_early) = throttle.attempt("a", other(n), at(now)) {
                assert!(too_early.wait <= ACCOUNT.most);
                now += too_early.wait.as_secs();
            }
        }
    }

    #[test]
    fn a_success_forgives_the_account() {
        let mut throttle = Throttle::default();
        for _ in 0..20 {
            assert_eq!(throttle.attempt("a", HOME, at(0)), Ok(()));
            throttle.succeeded("a", HOME);
        }
    }

    #[test]
    fn an_address_that_tries_many_accounts_must_wait_and_others_need_not() {
        let mut throttle = Throttle::default();
        let refused = (0..100).filter(|n| throttle.attempt(&format!("a{n}"), HOME, at(0)).is_err()).count();
        assert_eq!(refused, 99 - ADDRESS.free as usize);
        assert_eq!(throttle.attempt("a1", other(1), at(0)), Ok(()));
    }

    #[test]
    fn all_addresses_of_one_subscriber_count_as_one() {
        let six = |host: u128| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8 << 96) + host));
        assert_eq!(network(six(1)), network(six(u128::from(u64::MAX))));
        assert_ne!(network(six(1)), network(six(1 << 64)));
        assert_eq!(network(IpAddr::V6(Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped())), HOME);
    }

    #[test]
    fn after_a_quiet_while_everything_is_forgotten() {
        let mut throttle = Throttle::default();
        for n in 0..=ACCOUNT.free {
            assert_eq!(throttle.attempt("a", other(n), at(0)), Ok(()));
        }
        for n in 0..=ACCOUNT.free {
            assert_eq!(throttle.attempt("a", other(n), at(7201)), Ok(()));
        }
    }

    #[test]
    fn it_remembers_no_more_than_it_has_room_for() {
        let mut throttle = Throttle::default();
        for n in 0..50_000_u32 {
            let _ = throttle.attempt(&format!("a{n}"), other(n), at(i64::from(n / 100)));
        }
        assert!(throttle.accounts.keys.len() <= MOST_KEYS && throttle.addresses.keys.len() <= MOST_KEYS);
    }
}
