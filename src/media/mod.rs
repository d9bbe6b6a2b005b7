//! The media plane: camera → frame → feed → viewer, in one direction.

mod address;
mod camera;
mod config;
mod door;
mod dtls;
mod error;
mod feed;
mod frame;
pub mod h265;
mod ice;
mod look;
mod metrics;
mod plane;
mod port;
pub mod probe;
mod reading;
mod rtp;
mod sdp;
mod shard;
mod source;
mod srtp;
mod viewer;
#[doc(hidden)]
pub mod workbench;

pub use address::{Address, NotAnAddress, Reach};
pub use camera::{FrameSink, run as run_camera};
pub use config::{MediaConfig, MediaError};
pub use error::{OpenError, SdpError};
pub use feed::{FeedWriter, Gone, Intake, Missing, Tap, Tapped};
pub use frame::{Frame, FrameKind, KeyFrame, ParameterSets, SoundCodec, VideoCodec};
pub use look::Look;
pub use plane::Media;
pub use source::{CameraClock, CameraSource, CameraState, Credentials, Health, Quality, Transport};
pub use viewer::{Ending, Opened, Viewer, ViewerStats};
