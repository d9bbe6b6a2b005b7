//! What is measured: Tereze, or Janus, asked for streams each in its own way.

use crate::{
    gateway::Gateway,
    janus::{Janus, Watching},
    process::{Usage, usage},
};
use std::time::Instant;
use tereze::{
    clock::monotonic,
    load::{Behaviour, Crowd, LoadError, Opened, ViewerId},
};

/// A server that viewers can join.
pub enum Server {
    /// Ours.
    Tereze(Gateway),
    /// The peer, and what it is called in the table.
    Janus(Janus, &'static str),
}

/// A viewer that has joined.
pub struct Joined {
    /// Its place in the crowd.
    pub viewer: ViewerId,
    session: Session,
}

enum Session {
    Tereze { opened: Opened, number: usize },
    Janus(Watching),
}

impl Server {
    /// What it is called in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tereze(_) => "tereze",
            Self::Janus(_, name) => name,
        }
    }

    /// What it has used so far.
    pub fn usage(&self) -> anyhow::Result<Usage> {
        usage(match self {
            Self::Tereze(gateway) => gateway.process(),
            Self::Janus(janus, _) => janus.process(),
        })
    }

    /// Has viewer `number` join the crowd.
    pub async fn join(&self, crowd: &Crowd, number: usize, behaviour: Behaviour) -> anyhow::Result<Joined> {
        let (remote, session, asked) = match self {
            Self::Tereze(gateway) => {
                let (seat, (offer, ours)) = (gateway.seat(number), crowd.caller().offer());
                let asked = monotonic();
                let opened = seat.open(offer).await?;
                (crowd.caller().answered(&opened.answer, ours)?, Session::Tereze { opened, number }, asked)
            }
            Self::Janus(janus, _) => {
                let asked: Instant = monotonic();
                let watching = janus.watch().await?;
                let (answer, remote) = crowd.caller().answer(&watching.offer)?;
                janus.answer(&watching, &answer).await?;
                (remote, Session::Janus(watching), asked)
            }
        };
        Ok(Joined { viewer: crowd.join(remote, asked, behaviour)?, session })
    }

    /// Has it leave.
    pub async fn leave(&self, crowd: &Crowd, joined: Joined) -> anyhow::Result<()> {
        crowd.leave(joined.viewer);
        match (self, joined.session) {
            (Self::Tereze(gateway), Session::Tereze { opened, number }) => match gateway.seat(number).close(opened).await {
                // The goodbye of its DTLS was there first.
                Ok(()) | Err(LoadError::Refused { status: 404, .. }) => Ok(()),
                Err(error) => Err(error.into()),
            },
            (Self::Janus(janus, _), Session::Janus(watching)) => janus.leave(watching).await,
            _ => Ok(()),
        }
    }
}
