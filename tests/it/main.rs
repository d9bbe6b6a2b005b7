//! Everything that is tested against real parts, in one binary: it links once.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tests make small numbers of small numbers")]
#![allow(clippy::pedantic, reason = "a test reads as a story, and its numbers are small")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod apply;
mod apply_elsewhere;
mod architecture;
mod audit;
mod browser;
mod camera;
mod camera_check;
mod camera_probe;
mod camera_quirks;
mod certificate;
mod command_line;
mod db;
mod demo;
mod http;
mod licences;
mod load;
mod logins;
mod media_codecs;
mod media_paths;
mod media_peers;
mod recording;
mod recording_evidence;
mod recording_keeping;
mod recording_month;
mod recording_objects;
mod simulated_camera;
mod stills;
mod tokens;
mod viewing_records;

#[path = "../world/mod.rs"]
mod world;
