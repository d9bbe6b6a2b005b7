#![doc = include_str!("README.md")]

pub mod clock;
pub mod config;
pub mod db;
pub mod id;
pub mod media;
pub mod model;
pub mod policy;
pub mod secret;
pub mod toml_file;
