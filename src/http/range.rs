//! Ranges of bytes (RFC 9110 §14).

use super::{Fault, Problem};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::ops::Range;

/// What of a thing of some bytes is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that it does not have (§15.5.17).
    Nowhere,
}

impl Wanted {
    /// What `headers` ask for of `size` bytes. One range is served; several at once, and units that are none, are passed over, as anybody
    /// may who does not understand them (§14.2). Nothing has a validator, so a condition on one (§13.1.5) never holds.
    pub(super) fn of(headers: &HeaderMap, size: u64) -> Self {
        let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
        let unconditional = !headers.contains_key(header::IF_RANGE);
        range.filter(|_| unconditional).map_or(Self::Whole, |range| Self::read(range, size))
    }

    fn read(range: &str, size: u64) -> Self {
        let Some((unit, set)) = range.split_once('=') else { return Self::Whole };
        let Some((first, last)) = set.trim().split_once('-').filter(|_| unit.trim().eq_ignore_ascii_case("bytes")) else {
            return Self::Whole;
        };
        // Digits alone: `parse` takes a sign as well.
        let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let (start, end) = match (first, last, number(first), number(last)) {
            (_, "", Some(first), _) => (first, size),
            ("", _, _, Some(suffix)) => (size.saturating_sub(suffix), size),
            (_, _, Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(size)),
            _ => return Self::Whole,
        };
        if start < end { Self::Part(start..end) } else { Self::Nowhere }
    }

    /// The bytes of it, of a thing of `size` bytes; `None` where it has no such bytes.
    pub(super) fn range(&self, size: u64) -> Option<Range<u64>> {
        match self {
            Self::Whole => Some(0..size),
            Self::Part(range) => Some(range.clone()),
            Self::Nowhere => None,
        }
    }

    /// The answer to who asks for bytes beyond the `size` that there are.
    pub(super) fn nowhere(size: u64) -> Response {
        ([(header::CONTENT_RANGE, format!("bytes */{size}"))], Problem::from(Fault::NoSuchRange)).into_response()
    }

    /// The answer whose `body` is that of the range.
    pub(super) fn answer(&self, size: u64, kind: &'static str, body: Body) -> Response {
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let length = match self {
            Self::Part(Range { start, end }) => {
                if let Ok(range) = HeaderValue::from_str(&format!("bytes {start}-{}/{size}", end - 1)) {
                    headers.insert(header::CONTENT_RANGE, range);
                }
                end - start
            }
            _ => size,
        };
        headers.insert(header::CONTENT_LENGTH, length.into());
        if matches!(self, Self::Part(_)) {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_range_is_taken_in_each_of_its_forms() {
        for (range, wanted) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=10-19", Wanted::Part(10..20)),
            ("Bytes=10-", Wanted::Part(10..100)),
            ("bytes=-10", Wanted::Part(90..100)),
            ("bytes=-200", Wanted::Part(0..100)),
            ("bytes=90-200", Wanted::Part(90..100)),
            ("bytes=100-", Wanted::Nowhere),
            ("bytes=100-200", Wanted::Nowhere),
            ("bytes=-0", Wanted::Nowhere),
        ] {
            assert_eq!(Wanted::read(range, 100), wanted, "{range}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_passed_over() {
        for range in ["", "bytes", "bytes=", "bytes=-", "bytes=2-1", "bytes=0-1,5-6", "lines=0-1", "bytes=+1-2", "bytes=a-b"] {
            assert_eq!(Wanted::read(range, 100), Wanted::Whole, "{range}");
        }
    }

    #[test]
    fn a_condition_on_a_validator_that_nothing_has_never_holds() {
        let header = |name, value: &'static str| (name, HeaderValue::from_static(value));
        let headers = [header(header::RANGE, "bytes=0-1"), header(header::IF_RANGE, "\"x\"")].into_iter().collect();
        assert_eq!(Wanted::of(&headers, 100), Wanted::Whole);
    }

    proptest! {
        #[test]
        fn nobody_is_given_bytes_that_are_not_there(range in "bytes=[0-9]{0,22}-[0-9]{0,22}", size in 0_u64..1_000) {
            if let Wanted::Part(part) = Wanted::read(&range, size) {
                prop_assert!(part.start < part.end && part.end <= size);
            }
        }
    }
}
