//! A look into the ClientHello before the DTLS machine gets it: which SRTP profiles does the client have?

/// No ClientHello is longer, those with post-quantum key shares included.
const MAX_HELLO: usize = 8 << 10;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const USE_SRTP: u16 = 14;

/// The profiles that the ClientHello in `datagrams` offers (RFC 5764 §4.1.1); none if it has no `use_srtp`. `None` while parts of it are
/// missing: it may come in fragments, in any order.
pub(super) fn srtp_profiles(datagrams: &[Vec<u8>]) -> Option<Vec<u16>> {
    let fragments: Vec<Fragment<'_>> = datagrams.iter().flat_map(|datagram| fragments(datagram)).collect();
    let total = fragments.first()?.total;
    if total > MAX_HELLO {
        return Some(Vec::new());
    }
    let mut hello = Vec::with_capacity(total);
    while hello.len() < total {
        let next = fragments
            .iter()
            .find(|next| next.total == total && next.offset <= hello.len() && next.offset + next.body.len() > hello.len())?;
        hello.extend_from_slice(&next.body[hello.len() - next.offset..]);
    }
    Some(offered(&hello).unwrap_or_default())
}

struct Fragment<'a> {
    total: usize,
    offset: usize,
    body: &'a [u8],
}

/// The fragments of the first ClientHello in a datagram (RFC 6347 §4.1 and §4.2.2).
fn fragments(datagram: &[u8]) -> Vec<Fragment<'_>> {
    let mut records = Reader(datagram);
    let mut found = Vec::new();
    while let Some((kind, body)) = records.record() {
        let mut messages = Reader(body);
        while let Some(fragment) = Some(kind).filter(|kind| *kind == HANDSHAKE).and_then(|_| messages.fragment()) {
            found.extend(fragment);
        }
    }
    found
}

/// RFC 6347 §4.2.1: version, random, session id, cookie, cipher suites, compression methods, extensions.
fn offered(hello: &[u8]) -> Option<Vec<u16>> {
    let mut hello = Reader(hello);
    hello.take(2 + 32)?;
    hello.vector(1)?;
    hello.vector(1)?;
    hello.vector(2)?;
    hello.vector(1)?;
    let mut extensions = Reader(hello.vector(2)?);
    loop {
        let (kind, body) = (extensions.number(2)?, extensions.vector(2)?);
        if kind == usize::from(USE_SRTP) {
            let profiles = Reader(body).vector(2)?;
            return Some(profiles.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect());
        }
    }
}

/// Reads from the front; `None` at the end.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, length: usize) -> Option<usize> {
        Some(self.take(length)?.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
    }

    fn vector(&mut self, length: usize) -> Option<&'a [u8]> {
        let length = self.number(length)?;
        self.take(length)
    }

    /// A record: its type and body.
    fn record(&mut self) -> Option<(u8, &'a [u8])> {
        let kind = *self.take(1)?.first()?;
        self.take(2 + 2 + 6)?;
        Some((kind, self.vector(2)?))
    }

    /// A handshake message, or a part of one: inside, `None` for one that is no ClientHello.
    fn fragment(&mut self) -> Option<Option<Fragment<'a>>> {
        let kind = *self.take(1)?.first()?;
        let total = self.number(3)?;
        let sequence = self.number(2)?;
        let offset = self.number(3)?;
        let body = self.vector(3)?;
        Some((kind == CLIENT_HELLO && sequence == 0).then_some(Fragment { total, offset, body }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A ClientHello in fragments of `size`, each in a datagram.
    fn hello(profiles: &[u16], size: usize) -> Vec<Vec<u8>> {
        let profiles: Vec<u8> = profiles.iter().flat_map(|profile| profile.to_be_bytes()).collect();
        let srtp = [&(profiles.len() as u16).to_be_bytes()[..], &profiles, &[0]].concat();
        let extensions = [&[0, 10, 0, 2, 0, 0, 0, 14][..], &(srtp.len() as u16).to_be_bytes(), &srtp].concat();
        let head = [&[0xfe, 0xfd][..], &[9; 32], &[0, 0, 0, 2, 0xc0, 0x2b, 1, 0]].concat();
        let body = [&head[..], &(extensions.len() as u16).to_be_bytes(), &extensions].concat();
        let number = |number: usize| (number as u32).to_be_bytes()[1..].to_vec();
        let datagram = |(at, part): (usize, &[u8])| {
            let message = [vec![1], number(body.len()), vec![0, 0], number(at * size), number(part.len()), part.to_vec()].concat();
            [&[22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0][..], &(message.len() as u16).to_be_bytes(), &message].concat()
        };
        body.chunks(size).enumerate().map(datagram).collect()
    }

    #[test]
    fn the_profiles_are_found_in_whole_and_in_parts_in_any_order() {
        assert_eq!(srtp_profiles(&hello(&[1, 8, 7], 1_000)), Some(vec![1, 8, 7]));
        let mut parts = hello(&[7], 11);
        parts.reverse();
        assert_eq!(srtp_profiles(&parts), Some(vec![7]));
        assert_eq!(srtp_profiles(&parts[1..]), None);
        assert_eq!(srtp_profiles(&[]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut datagram in prop::collection::vec(any::<u8>(), 0..120), at in 0usize..120, with: u8) {
            let _ = srtp_profiles(&[datagram.clone()]);
            datagram = hello(&[7, 1], 1_000).remove(0);
            let at = at % datagram.len();
            datagram[at] = with;
            let _ = srtp_profiles(&[datagram]);
        }
    }
}
