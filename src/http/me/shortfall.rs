//! What will be missing of a kindergarten's recordings, for those who answer for it or inspect it.

use crate::{
    facts::Known,
    id::CameraId,
    model::Site,
    policy,
    recording::{
        calendar::Doubt,
        forecast::{Forecast, ShortOf},
    },
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Less will be kept of cameras than is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct MyShortfall {
    /// What there is too little of: `room` on the disk, or `bytes` that a camera may have.
    #[schema(example = "room")]
    cause: &'static str,
    /// The days that are asked for; the most of these cameras.
    wanted: u32,
    /// The whole days that will be kept; the fewest of these cameras.
    fits: u32,
    /// From about when on something goes before its days are over; what is past has begun.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The cameras.
    cameras: Vec<CameraId>,
}

/// The gateway's clock was set, and is not believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(in crate::http) struct MyDoubt {
    /// `clock_ahead`, or `clock_behind`.
    #[schema(example = "clock_ahead")]
    code: &'static str,
    /// What it should have shown.
    #[schema(value_type = String, format = DateTime)]
    expected: Timestamp,
    /// What it showed at that moment.
    #[schema(value_type = String, format = DateTime)]
    shown: Timestamp,
    /// When it is believed, if it stays so.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Why nothing in `site` goes because of its age, as far as the account may know.
pub(super) fn doubt(known: &Known, site: &Site, doubt: Option<Doubt>, now: Timestamp) -> Option<MyDoubt> {
    policy::oversee(&known.account, Some(site), now).ok()?;
    let doubt = doubt?;
    let Doubt { expected, shown, until } = doubt;
    Some(MyDoubt { code: doubt.code(), expected, shown, until })
}

/// What will be missing in `site`, as far as the account may know: one a cause.
pub(super) fn of(known: &Known, site: &Site, forecast: &Forecast, now: Timestamp) -> Vec<MyShortfall> {
    if policy::oversee(&known.account, Some(site), now).is_err() {
        return Vec::new();
    }
    let mut told: BTreeMap<ShortOf, MyShortfall> = BTreeMap::new();
    for camera in &site.cameras {
        let Some(short) = forecast.shortfalls.get(&camera.id) else { continue };
        let (wanted, fits, from) = (short.wanted, short.fits, short.from);
        let all = told.entry(short.cause).or_insert_with(|| {
            let cause = short.cause.word();
            MyShortfall { cause, wanted, fits, from, cameras: Vec::new() }
        });
        (all.wanted, all.fits, all.from) = (all.wanted.max(wanted), all.fits.min(fits), all.from.min(from));
        all.cameras.push(camera.id);
    }
    told.into_values().collect()
}
