//! What `/metrics` tells of what is kept. No label names a camera or a kindergarten.

use crate::recording::{forecast::Forecast, retention::Why};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Cause {
    why: &'static str,
}

/// The figures.
pub(super) struct Metrics {
    kept: Gauge,
    free: Gauge,
    per_day: Gauge,
    wanted: Gauge,
    fits: Gauge,
    short: Gauge,
    doubted: Gauge,
    removed: Family<Cause, Counter>,
}

impl Metrics {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            kept: Gauge::default(),
            free: Gauge::default(),
            per_day: Gauge::default(),
            wanted: Gauge::default(),
            fits: Gauge::default(),
            short: Gauge::default(),
            doubted: Gauge::default(),
            removed: Family::default(),
        };
        let registry = registry.sub_registry_with_prefix("tereze_recordings");
        registry.register_with_unit("kept", "What recordings take", Unit::Bytes, metrics.kept.clone());
        registry.register_with_unit(
            "free",
            "What is free on the disk of the recordings; -1: it cannot be asked",
            Unit::Bytes,
            metrics.free.clone(),
        );
        registry.register_with_unit(
            "a_day",
            "What all cameras send in a day, at the rate of the last",
            Unit::Bytes,
            metrics.per_day.clone(),
        );
        registry.register("days_wanted", "The most days for which a camera is to be kept", metrics.wanted.clone());
        registry.register("days_that_fit", "The days that the disk holds, at most as many as are wanted", metrics.fits.clone());
        registry.register("cameras_short", "Cameras of which less will be kept than asked for", metrics.short.clone());
        registry.register(
            "clock_doubted",
            "1: the clock was set, and no recording goes because of its age until it is right again",
            metrics.doubted.clone(),
        );
        registry.register_with_unit("removed", "What was let go of, by why", Unit::Bytes, metrics.removed.clone());
        metrics
    }

    pub(super) fn kept(&self, bytes: i64) {
        self.kept.set(bytes);
    }

    pub(super) fn free(&self, bytes: Option<u64>) {
        self.free.set(bytes.map_or(-1, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX)));
    }

    pub(super) fn removed(&self, why: Why, bytes: u64) {
        self.removed.get_or_create(&Cause { why: why.word() }).inc_by(bytes);
    }

    pub(super) fn doubted(&self, doubted: bool) {
        self.doubted.set(doubted.into());
    }

    pub(super) fn forecast(&self, forecast: &Forecast) {
        self.per_day.set(i64::try_from(forecast.per_day).unwrap_or(i64::MAX));
        self.wanted.set(i64::from(forecast.wanted));
        self.fits.set(i64::from(forecast.fits.unwrap_or(forecast.wanted)));
        self.short.set(i64::try_from(forecast.shortfalls.len()).unwrap_or(i64::MAX));
    }
}
