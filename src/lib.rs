#![doc = include_str!("README.md")]

pub mod apply;
pub mod audit;
pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod id;
pub mod keyring;
pub mod log;
pub mod media;
pub mod model;
pub mod policy;
pub mod random;
pub mod secret;
pub mod tls;
pub mod toml_file;
