#![doc = include_str!("README.md")]
// Tests make small numbers of small numbers.
#![cfg_attr(test, allow(clippy::cast_possible_truncation, clippy::cast_sign_loss))]

pub mod app;
pub mod apply;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod facts;
pub mod http;
pub mod id;
pub mod keyring;
pub mod load;
pub mod log;
pub mod media;
pub mod metrics;
pub mod model;
pub mod policy;
pub mod random;
pub mod secret;
pub mod sessions;
pub mod tls;
pub mod toml_file;
