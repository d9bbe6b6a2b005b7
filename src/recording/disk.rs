//! How much room a folder's disk has.

use std::{fmt, io, path::Path, sync::Arc};

/// Bytes that are free where a folder is.
type Free = dyn Fn(&Path) -> io::Result<u64> + Send + Sync;

/// Tells how many bytes are free for us where a folder is; a test brings its own.
#[derive(Clone)]
pub struct Disk(Arc<Free>);

impl Disk {
    /// The disks of this machine (`statvfs`, POSIX.1-2017).
    pub fn of_this_machine() -> Self {
        Self::of(|folder| {
            // A folder that is not made yet will be on the disk of the first that is there.
            let there = folder.ancestors().find(|path| path.exists()).unwrap_or(folder);
            let disk = rustix::fs::statvfs(there)?;
            Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
        })
    }

    /// What `free` says.
    pub fn of(free: impl Fn(&Path) -> io::Result<u64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(free))
    }

    /// How many bytes are free where `folder` is.
    pub fn free(&self, folder: &Path) -> io::Result<u64> {
        (self.0)(folder)
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disk")
    }
}
