#![doc = include_str!("README.md")]

pub mod audit;
pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod id;
pub mod keyring;
pub mod media;
pub mod model;
pub mod policy;
pub mod random;
pub mod secret;
pub mod toml_file;
