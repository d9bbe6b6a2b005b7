//! E-mail through an SMTP server (RFC 5321), over TLS.

use super::{Message, NotSent, PATIENCE, Unusable, secret};
use crate::config::{self, SmtpTls};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{authentication::Credentials, client::Tls, client::TlsParameters},
};

pub(super) struct Email {
    from: Mailbox,
    server: AsyncSmtpTransport<Tokio1Executor>,
}

/// Shows nothing of the server and its password.
impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(..)")
    }
}

impl Email {
    pub(super) fn new(config: &config::Email) -> Result<Self, Unusable> {
        let tls = match config.tls {
            SmtpTls::None => Tls::None,
            SmtpTls::Starttls => Tls::Required(TlsParameters::new(config.server.clone())?),
            SmtpTls::Implicit => Tls::Wrapper(TlsParameters::new(config.server.clone())?),
        };
        let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.server);
        let mut server = server.port(config.port).tls(tls).timeout(Some(PATIENCE));
        if let (Some(username), Some(file)) = (&config.username, &config.password_file) {
            server = server.credentials(Credentials::new(username.clone(), secret(file)?.to_string()));
        }
        Ok(Self { from: config.from.parse()?, server: server.build() })
    }

    pub(super) async fn send(&self, to: &str, message: &Message) -> Result<(), NotSent> {
        let to: Mailbox = to.parse().map_err(|_| NotSent::NoWay)?;
        let letter = lettre::Message::builder().from(self.from.clone()).to(to).subject(&message.subject);
        let letter = letter.header(ContentType::TEXT_PLAIN).body(message.text.clone()).map_err(|_| NotSent::Refused)?;
        match self.server.send(letter).await {
            Ok(_) => Ok(()),
            Err(error) => {
                // A server may repeat in its words what it was sent: only its number is kept.
                let status = error.status().map(|code| code.to_string());
                tracing::warn!(status, permanent = error.is_permanent(), "the mail server does not take a message");
                Err(if error.is_permanent() { NotSent::Refused } else { NotSent::Unreachable })
            }
        }
    }
}
