//! The media plane: camera → frame → feed → viewer, in one direction.

mod camera;
mod config;
mod error;
mod feed;
mod frame;
mod plane;
pub mod probe;
mod source;
mod viewer;

pub use camera::{FrameSink, run as run_camera};
pub use config::{MediaConfig, MediaError};
pub use error::{OpenError, SdpError};
pub use feed::{FeedWriter, Intake};
pub use frame::{Frame, FrameKind, ParameterSets, SoundCodec};
pub use plane::Media;
pub use source::{CameraSource, CameraState, Credentials, Health, Quality, Transport};
pub use viewer::{Ending, Opened, Viewer, ViewerStats};
