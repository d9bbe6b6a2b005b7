//! The media plane as the rest of the program holds it.

use super::{CameraSource, CameraState, Intake, MediaConfig, MediaError, OpenError, Opened, Quality};
use crate::{clock::Clock, id::CameraId, policy::Grant};
use prometheus_client::registry::Registry;
use std::{collections::BTreeMap, future, sync::Arc, time::Duration};
use tokio::sync::watch;

/// The media plane: every feed, every viewer, and the threads that serve them. Clones are handles to the same one.
#[derive(Clone)]
pub struct Media {
    states: watch::Sender<Arc<BTreeMap<CameraId, CameraState>>>,
}

impl Media {
    /// Starts it, with cameras that are real.
    pub fn start(config: MediaConfig, clock: Clock, registry: &mut Registry) -> Result<Self, MediaError> {
        Self::with_intake(config, clock, registry, Arc::new(|_, _, _, _| Box::pin(future::pending())))
    }

    /// Starts it, with frames that come from `intake`: tests have their own.
    #[allow(clippy::needless_pass_by_value)]
    pub fn with_intake(config: MediaConfig, clock: Clock, registry: &mut Registry, intake: Intake) -> Result<Self, MediaError> {
        let _ = (config, clock, registry, intake);
        Ok(Self { states: watch::Sender::default() })
    }

    /// Takes the cameras as they are configured now. Feeds of cameras that are gone or changed close, and their viewers with them.
    pub fn set_cameras(&self, cameras: Vec<CameraSource>) {
        let _ = cameras;
    }

    /// How every camera is, and since when.
    pub fn states(&self) -> watch::Receiver<Arc<BTreeMap<CameraId, CameraState>>> {
        self.states.subscribe()
    }

    /// Opens a stream of the grant's camera for a client's SDP offer. A cold camera is waited for, a few seconds at most.
    pub async fn open(&self, grant: &Grant, offer: &str, quality: Quality) -> Result<Opened, OpenError> {
        let _ = (grant, offer, quality);
        Err(OpenError::Overloaded { retry_after: Duration::from_secs(1) })
    }

    /// Ends every stream, says goodbye to every client and stops the threads.
    pub async fn stop(&self) {}
}
