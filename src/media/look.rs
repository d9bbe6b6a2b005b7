//! One who looks at single pictures of a camera, not at its stream.

use super::{
    Health, KeyFrame,
    feed::{Facts, Interest},
};
use std::time::{Duration, Instant};
use tokio::{sync::watch, time::timeout};

/// A look at a camera, which runs for as long as this lives. Its pictures stay in the gateway: whoever lets one out asks the policy.
pub struct Look {
    facts: watch::Receiver<Facts>,
    _interest: Interest,
}

impl Look {
    pub(super) fn new(facts: watch::Receiver<Facts>, interest: Interest) -> Self {
        Self { facts, _interest: interest }
    }

    /// The newest key frame, or the first to come within `patience`; with `after`, one that arrived later. `None` from a camera that
    /// shows nothing: what it showed before it fell silent is not its picture any more.
    pub async fn key_frame(&mut self, after: Option<Instant>, patience: Duration) -> Option<KeyFrame> {
        let shown = |facts: &Facts| {
            let newer = |key: &&KeyFrame| after.is_none_or(|after| key.arrived > after);
            facts.key.as_ref().filter(newer).filter(|_| facts.state.health == Health::Online).cloned()
        };
        let decided = |facts: &Facts| facts.state.health.failed() || shown(facts).is_some();
        let facts = timeout(patience, self.facts.wait_for(decided)).await.ok()?.ok()?;
        shown(&facts)
    }
}
