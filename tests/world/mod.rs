//! The world that the tests happen in.

#![allow(dead_code, unreachable_pub, reason = "one world for every test, of which each needs a part")]

pub mod databases;
mod postgres;
