//! What is counted of recording. No label names a camera.

use crate::model::GapCause;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

/// The counters.
#[derive(Clone, Default)]
pub(super) struct Metrics {
    bytes: Counter,
    fragments: Counter,
    gaps: Family<Cause, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Cause {
    cause: &'static str,
}

impl Metrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register("tereze_recording_bytes", "Bytes of recordings that became safe on the disk", metrics.bytes.clone());
        registry.register("tereze_recording_fragments", "Fragments of recordings, a second each", metrics.fragments.clone());
        registry.register("tereze_recording_gaps", "Holes in recordings that began, by why", metrics.gaps.clone());
        metrics
    }

    pub(super) fn written(&self, bytes: u64) {
        self.bytes.inc_by(bytes);
        self.fragments.inc();
    }

    pub(super) fn gap(&self, cause: GapCause) {
        self.gaps.get_or_create(&Cause { cause: cause.word() }).inc();
    }
}
