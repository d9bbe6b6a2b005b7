//! The world that the tests happen in.

#![allow(dead_code, unreachable_pub, reason = "one world for every test, of which each needs a part")]

pub mod aiortc;
pub mod api;
pub mod authenticator;
pub mod browser;
pub mod bucket;
pub mod camera;
pub mod databases;
pub mod disk;
pub mod films;
pub mod full_client;
pub mod gateway;
pub mod light_client;
pub mod log;
pub mod month;
pub mod odd_camera;
pub mod offer;
pub mod onvif;
pub mod ports;
pub mod post_office;
mod postgres;
pub mod process;
pub mod recorded;
pub mod recordings;
pub mod shed;
pub mod studio;
pub mod wire;
