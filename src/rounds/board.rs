//! What is wrong with cameras now: the rounds write it, screens read it.

use super::defect::Since;
use crate::id::CameraId;
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::watch;

type Defects = Arc<BTreeMap<CameraId, Vec<Since>>>;

/// What is wrong with each camera whose pictures arrive; those of which nothing is known are not in it. Clones are handles to the same
/// one.
#[derive(Debug, Clone, Default)]
pub struct DefectBoard(watch::Sender<Defects>);

impl DefectBoard {
    /// What is wrong now.
    pub fn watch(&self) -> watch::Receiver<Defects> {
        self.0.subscribe()
    }

    /// What is wrong with `camera`, and since when.
    pub fn of(&self, camera: CameraId) -> Vec<Since> {
        self.0.borrow().get(&camera).cloned().unwrap_or_default()
    }

    pub(super) fn show(&self, defects: BTreeMap<CameraId, Vec<Since>>) {
        self.0.send_if_modified(|shown| {
            let changed = **shown != defects;
            if changed {
                *shown = Arc::new(defects);
            }
            changed
        });
    }
}
