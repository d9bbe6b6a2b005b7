//! Everything that is tested against real parts, in one binary: it links once.
