//! Words of recordings.

use super::account::{UnknownWord, words};
use std::{fmt, str::FromStr};

words! {
    /// Which stream of a camera is recorded.
    RecordedQuality("recorded stream") {
        /// The large one.
        Main = "main",
        /// The small one, where the camera has one.
        Sub = "sub",
    }
}

words! {
    /// Where the file of a segment is.
    SegmentPlace("place of a segment") {
        /// In the folder of this machine.
        Folder = "folder",
        /// In the object storage.
        Objects = "objects",
    }
}

words! {
    /// Why there is a hole in a recording.
    GapCause("cause of a gap") {
        /// The camera cannot be reached.
        CameraOffline = "camera_offline",
        /// The camera is reached and sends no pictures.
        NoVideo = "no_video",
        /// The camera refuses its password.
        WrongPassword = "wrong_password",
        /// What the camera sends cannot be recorded.
        WrongCodec = "wrong_codec",
        /// Packets were lost on the way, and nothing can be shown until the next key frame.
        PicturesLost = "pictures_lost",
        /// The disk is full.
        DiskFull = "disk_full",
        /// The disk cannot be written to: it is gone, read-only or broken.
        DiskFailed = "disk_failed",
        /// The disk, or the machine, was too slow.
        TooSlow = "too_slow",
        /// The gateway did not run.
        GatewayStopped = "gateway_stopped",
        /// Somebody ordered that nothing is recorded.
        Ordered = "ordered",
    }
}

words! {
    /// Why a span is held.
    HoldOrigin("origin of a hold") {
        /// A person asked for it.
        Person = "person",
        /// A parent's complaint is about it.
        Appeal = "appeal",
        /// Somebody rang an alarm.
        Alarm = "alarm",
    }
}
