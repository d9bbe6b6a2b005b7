//! RTSP messages on the camera's side (RFC 2326 §4–§7).

use bytes::{Buf, BytesMut};
use std::fmt::Write;

/// The longest head and body of a request that a camera takes.
const MAX_REQUEST: usize = 16 * 1024;

/// A request from a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) uri: String,
    headers: Vec<(String, String)>,
}

/// The client does not speak RTSP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not RTSP")]
pub(super) struct NotRtsp;

impl Request {
    /// Takes the next request from what has been read; `None` if it is not whole yet. Interleaved packets are passed over.
    pub(super) fn take(buffer: &mut BytesMut) -> Result<Option<Self>, NotRtsp> {
        // RTCP from the client, interleaved (RFC 2326 §10.12).
        while let [b'$', _, high, low, ..] = buffer[..] {
            let length = 4 + usize::from(u16::from_be_bytes([high, low]));
            if buffer.len() < length {
                return Ok(None);
            }
            buffer.advance(length);
        }
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            return if buffer.len() > MAX_REQUEST { Err(NotRtsp) } else { Ok(None) };
        };
        let request = std::str::from_utf8(&buffer[..end]).ok().and_then(Self::parse).ok_or(NotRtsp)?;
        let body: usize = request.header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
        if body > MAX_REQUEST {
            return Err(NotRtsp);
        }
        if buffer.len() < end + 4 + body {
            return Ok(None);
        }
        buffer.advance(end + 4 + body);
        Ok(Some(request))
    }

    fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, uri) = (first.next()?.to_owned(), first.next()?.to_owned());
        first.next()?.starts_with("RTSP/1.").then_some(())?;
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        Some(Self { method, uri, headers })
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The path of its URI, without the slashes around it.
    pub(super) fn path(&self) -> &str {
        let after_host = self.uri.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        after_host.map_or("", |(_, path)| path.split('?').next().unwrap_or("").trim_matches('/'))
    }
}

/// A response to a client.
#[derive(Debug)]
pub(super) struct Response {
    head: String,
    body: String,
}

impl Response {
    /// A response to `request`.
    pub(super) fn to(request: &Request, status: u16) -> Self {
        let reason = match status {
            200 => "OK",
            401 => "Unauthorized",
            404 => "Not Found",
            454 => "Session Not Found",
            455 => "Method Not Valid in This State",
            461 => "Unsupported Transport",
            _ => "Not Implemented",
        };
        let response = Self { head: format!("RTSP/1.0 {status} {reason}\r\n"), body: String::new() };
        match request.header("CSeq") {
            Some(number) => response.with("CSeq", number),
            None => response,
        }
    }

    /// The same with a header more.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.head, "{name}: {value}\r\n"); // writing to a String does not fail
        self
    }

    /// The same with a body.
    pub(super) fn body(self, kind: &str, body: String) -> Self {
        let sized = self.with("Content-Type", kind).with("Content-Length", &body.len().to_string());
        Self { body, ..sized }
    }

    /// How it travels.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        format!("{}\r\n{}", self.head, self.body).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_found_behind_interleaved_packets_once_it_is_whole() {
        let mut buffer = BytesMut::from(&b"$\x01\x00\x02ab"[..]);
        assert_eq!(Request::take(&mut buffer), Ok(None));
        buffer.extend_from_slice(b"PLAY rtsp://[::1]:8554/main/?x=1 RTSP/1.0\r\nCSeq: 4\r\n");
        assert_eq!(Request::take(&mut buffer), Ok(None));
        buffer.extend_from_slice(b"content-length: 3\r\n\r\nabcOPT");
        let request = Request::take(&mut buffer).unwrap().unwrap();
        assert_eq!((request.method.as_str(), request.path(), request.header("cseq")), ("PLAY", "main", Some("4")));
        assert_eq!(&buffer[..], b"OPT");
    }

    #[test]
    fn what_is_not_rtsp_is_refused() {
        assert_eq!(Request::take(&mut BytesMut::from(&b"GET / HTTP/1.1\r\n\r\n"[..])), Err(NotRtsp));
        assert_eq!(Request::take(&mut BytesMut::from(&vec![b'x'; MAX_REQUEST + 1][..])), Err(NotRtsp));
    }
}
