//! What carries messages: an SMS gateway that speaks HTTP, and a mail server that speaks SMTP (RFC 5321), both on loopback.

use axum::{Json, Router, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// An SMS gateway.
#[derive(Clone)]
pub struct SmsGateway {
    pub address: SocketAddr,
    /// What it answers with.
    answer: Arc<AtomicU16>,
    taken: Arc<Mutex<Vec<(String, Value)>>>,
}

impl SmsGateway {
    /// One that takes everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let gateway =
            Self { address: listener.local_addr().unwrap(), answer: Arc::new(AtomicU16::new(200)), taken: Arc::default() };
        let routes = Router::new().route("/send", post(Self::take)).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        gateway
    }

    async fn take(State(gateway): State<Self>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
        let secret = headers.get("x-secret").map_or("", |value| value.to_str().unwrap()).to_owned();
        gateway.taken.lock().unwrap().push((secret, body));
        StatusCode::from_u16(gateway.answer.load(Ordering::SeqCst)).unwrap()
    }

    /// From now on it answers with `status`.
    pub fn answers(&self, status: u16) {
        self.answer.store(status, Ordering::SeqCst);
    }

    /// The secret and the body of everything so far.
    pub fn taken(&self) -> Vec<(String, Value)> {
        self.taken.lock().unwrap().clone()
    }
}

/// A mail server.
#[derive(Clone)]
pub struct MailServer {
    pub address: SocketAddr,
    taken: Arc<Mutex<Vec<Mail>>>,
}

/// What a mail server was given.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    /// The text, decoded.
    pub text: String,
}

impl MailServer {
    /// One that knows everybody but `nobody@`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), taken: Arc::default() };
        let taker = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(taker.clone().converse(stream));
            }
        });
        server
    }

    /// Everything so far.
    pub fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }

    async fn converse(self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 post.example ESMTP\r\n").await.ok()?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-post.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                "RCPT" if line.contains("nobody@") => "550 5.1.1 no such user\r\n",
                "RCPT" => {
                    line.split(['<', '>']).nth(1)?.clone_into(&mut to);
                    "250 ok\r\n"
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    let mut mail = Vec::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        mail.push(line);
                    }
                    self.taken.lock().unwrap().push(Mail { to: to.clone(), text: decoded(&mail) });
                    "250 taken\r\n"
                }
                "QUIT" => "221 bye\r\n",
                _ => "250 ok\r\n",
            };
            write.write_all(answer.as_bytes()).await.ok()?;
        }
        Some(())
    }
}

/// The body of a mail, freed from its encoding (RFC 2045 §6).
fn decoded(mail: &[String]) -> String {
    let head = mail.iter().position(String::is_empty).unwrap();
    let has = |encoding: &str| mail[..head].iter().any(|line| line.to_lowercase().ends_with(encoding));
    let body = &mail[head + 1..];
    if has("base64") {
        return String::from_utf8(STANDARD.decode(body.concat()).unwrap()).unwrap();
    }
    if !has("quoted-printable") {
        return body.join("\n");
    }
    let joined = body.join("\n").replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'=', [high, low, after @ ..]) => {
                let code = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&code).unwrap(), 16).unwrap());
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
