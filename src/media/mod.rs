//! The media plane: camera → frame → feed → viewer, in one direction.

mod frame;
mod source;

pub use frame::{Frame, FrameKind, ParameterSets, SoundCodec};
pub use source::{CameraSource, CameraState, Credentials, Health, Quality, Transport};
