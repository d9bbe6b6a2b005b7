//! What is counted for the operator's monitoring (Prometheus, `OpenMetrics` text). No label names a person, a child or a camera.

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::{fmt, time::Duration};

/// The counters of the program; the media plane registers its own beside them.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    refusals: Family<Code, Counter>,
    log_ins: Family<Code, Counter>,
    started: Counter,
    ended: Family<Code, Counter>,
    running: Gauge,
    pages: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

/// Seconds; the last ones are for streams that wait for a cold camera.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0];

impl Metrics {
    /// Registers everything in `registry`, which may hold other parts' metrics already.
    pub fn new(mut registry: Registry) -> Self {
        let metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            refusals: Family::default(),
            log_ins: Family::default(),
            started: Counter::default(),
            ended: Family::default(),
            running: Gauge::default(),
            pages: Gauge::default(),
        };
        registry.register("tereze_http_requests", "Requests by method, route and status", metrics.requests.clone());
        registry.register("tereze_http_request_seconds", "Time until the answer's head, by route", metrics.durations.clone());
        registry.register("tereze_refusals", "Refused requests by code", metrics.refusals.clone());
        registry.register("tereze_log_ins", "Log-ins by outcome", metrics.log_ins.clone());
        registry.register("tereze_viewings_started", "Streams that were opened", metrics.started.clone());
        registry.register("tereze_viewings_ended", "Streams that ended, by why", metrics.ended.clone());
        registry.register("tereze_viewings_running", "Streams that run now", metrics.running.clone());
        registry.register("tereze_pages_listening", "Pages that are told of changes now", metrics.pages.clone());
        Self { registry, ..metrics }
    }

    /// Counts a request that was answered after `took`. `route` is the route's template, never the path itself.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = Request { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        self.durations.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Counts a refusal.
    pub fn refused(&self, code: &'static str) {
        self.refusals.get_or_create(&Code { code }).inc();
    }

    /// Counts a log-in: `ok`, or why it was refused.
    pub fn log_in(&self, code: &'static str) {
        self.log_ins.get_or_create(&Code { code }).inc();
    }

    /// Counts a stream that was opened.
    pub fn viewing_started(&self) {
        self.started.inc();
        self.running.inc();
    }

    /// Counts a stream that ended.
    pub fn viewing_ended(&self, code: &'static str) {
        self.ended.get_or_create(&Code { code }).inc();
        self.running.dec();
    }

    /// A page began to listen; it has stopped when the value is dropped.
    pub fn page_listens(&self) -> Listening {
        self.pages.inc();
        Listening(self.pages.clone())
    }

    /// Everything as `OpenMetrics` text.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

/// A page that listens; see [`Metrics::page_listens`].
pub struct Listening(Gauge);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_ended_is_counted_with_its_reason_and_runs_no_more() {
        let metrics = Metrics::new(Registry::default());
        metrics.viewing_started();
        metrics.viewing_ended("outside_hours");
        let page = metrics.encode().unwrap();
        assert!(page.contains("tereze_viewings_ended_total{code=\"outside_hours\"} 1"), "{page}");
        assert!(page.contains("tereze_viewings_running 0"), "{page}");
    }
}
