//! What is recorded, and for how long it is kept.

use super::values::Checker;
use crate::{
    apply::{fact::Fact, file::RecordingTable, thing::Key},
    model::RecordingRule,
};

/// What `table` says of `camera`, or of every camera without a table of its own. What it leaves out is what the gateway does by itself.
pub(super) fn rule(checker: &mut Checker<'_>, table: &RecordingTable, camera: Option<&Key>) -> Fact {
    let default = RecordingRule::DEFAULT;
    if let Some(days) = table.days.as_ref().filter(|days| !RecordingRule::DAYS.contains(days.get_ref())) {
        let (least, most) = RecordingRule::DAYS.into_inner();
        checker.fault(days.span(), format!("must be {least} to {most}: the law asks for {least} days"));
    }
    if let Some(bytes) = table.bytes.as_ref().filter(|bytes| !RecordingRule::BYTES.contains(bytes.get_ref())) {
        let (least, most) = RecordingRule::BYTES.into_inner();
        checker.fault(bytes.span(), format!("must be {least} to {most}; left out, there is no limit"));
    }
    Fact::Recording {
        camera: camera.cloned(),
        recorded: table.recorded.unwrap_or(default.recorded),
        stream: table.stream.unwrap_or(default.quality),
        days: table.days.as_ref().map_or(default.days, |days| *days.get_ref()),
        bytes: table.bytes.as_ref().map(|bytes| *bytes.get_ref()),
    }
}
