//! The certificate of the web server: PEM files that are read again when they change, or one for development.

use crate::config::Tls;
use axum_server::tls_rustls::RustlsConfig;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How often the files are looked at. A renewed certificate has days to be taken up.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// A certificate could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The files cannot be read, or are no certificate with its key.
    #[error("the certificate {}: {error}", path.display())]
    Unusable {
        /// The certificate's file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// One for development could not be made.
    #[error("a certificate for development: {0}")]
    NotMade(#[from] rcgen::Error),
    /// It could not be written.
    #[error("a certificate for development: {0}")]
    NotWritten(#[from] io::Error),
}

/// Loads the certificate; [`follow`] keeps it up to date.
pub async fn load(files: &Tls) -> Result<RustlsConfig, TlsError> {
    let config = RustlsConfig::from_pem_file(&files.cert, &files.key).await;
    config.map_err(|error| TlsError::Unusable { path: files.cert.clone(), error })
}

/// Takes up the files of `files` whenever they change. What cannot be used is logged, and the old certificate stays. Never returns.
pub async fn follow(config: RustlsConfig, files: Tls) {
    let mut seen = written(&files);
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let now = written(&files);
        if now == seen {
            continue;
        }
        match config.reload_from_pem_file(&files.cert, &files.key).await {
            Ok(()) => tracing::info!("took up the changed certificate"),
            Err(error) => tracing::error!(%error, "the changed certificate cannot be used; the old one stays"),
        }
        seen = now;
    }
}

fn written(files: &Tls) -> [Option<SystemTime>; 2] {
    [&files.cert, &files.key].map(|path| fs::metadata(path).and_then(|file| file.modified()).ok())
}

/// The self-signed certificate in `folder`, made for `host` when there is none yet. Browsers warn of it: it is for development.
pub fn development(folder: &Path, host: &str) -> Result<Tls, TlsError> {
    let files = Tls { cert: folder.join("development.pem"), key: folder.join("development.key") };
    if !files.cert.exists() || !files.key.exists() {
        let mut names = vec![host.to_owned(), "localhost".to_owned(), "127.0.0.1".to_owned()];
        names.dedup();
        let made = rcgen::generate_simple_self_signed(names)?;
        fs::create_dir_all(folder)?;
        // A half that was left over is of no use.
        for path in [&files.key, &files.cert] {
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
        crate::secret::write_private(&files.key, made.signing_key.serialize_pem().as_bytes())?;
        fs::write(&files.cert, made.cert.pem())?;
        tracing::warn!(certificate = %files.cert.display(), "made a self-signed certificate for development");
    }
    Ok(files)
}
