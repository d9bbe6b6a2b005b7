//! The object storage that whole segments are moved on to: any that speaks S3.

use crate::config;
use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart,
    aws::{AmazonS3Builder, Checksum},
    path::Path as Key,
};
use std::{io, ops::Range, path::Path, sync::Arc, time::Duration};
use tokio::{fs::File, io::AsyncReadExt};

/// How much of a file is sent, or fetched to be hashed, in one request; S3 takes no parts below 5 MiB.
const PART: usize = 8 << 20;
/// How many parts of a file are on their way at once.
const AT_ONCE: usize = 2;
/// How long a request may take: that is 280 kB/s.
const PATIENCE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);

/// The storage cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// The file with the secret key cannot be read.
    #[error("the secret key of the object storage: {0}")]
    Secret(#[source] io::Error),
    /// What is configured is no storage.
    #[error(transparent)]
    Storage(#[from] object_store::Error),
    /// A file that was to be moved cannot be read.
    #[error("the file of a segment cannot be read: {0}")]
    File(#[source] io::Error),
    /// What arrived is not as large as what was sent.
    #[error("the object storage has {there} bytes of {sent}")]
    Cut {
        /// How many bytes there are.
        there: u64,
        /// How many there should be.
        sent: u64,
    },
}

/// A bucket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects(Arc<dyn ObjectStore>);

impl Objects {
    /// The bucket that `config` names; it is not asked for anything yet.
    pub fn open(config: &config::Objects) -> Result<Self, ObjectsError> {
        let secret = std::fs::read_to_string(&config.secret_key_file).map_err(ObjectsError::Secret)?;
        // The one TLS library of this program; whoever was first is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let retry = RetryConfig {
            backoff: BackoffConfig { init_backoff: Duration::from_millis(200), max_backoff: Duration::from_secs(2), base: 2.0 },
            max_retries: 2,
            retry_timeout: PATIENCE,
        };
        let storage = AmazonS3Builder::new()
            .with_endpoint(config.url.as_str().trim_end_matches('/'))
            .with_bucket_name(&config.bucket)
            .with_region(&config.region)
            .with_access_key_id(&config.access_key)
            .with_secret_access_key(secret.lines().next().unwrap_or_default().trim())
            // Over TLS elsewhere: the configuration takes plain HTTP on this machine only.
            .with_client_options(ClientOptions::new().with_allow_http(true).with_timeout(PATIENCE).with_connect_timeout(CONNECT))
            .with_checksum_algorithm(Checksum::SHA256)
            .with_retry(retry)
            // Taking away many with one request is not for every storage that speaks S3.
            .with_disable_bulk_delete(true)
            .build()?;
        Ok(Self(Arc::new(storage)))
    }

    /// Puts `file` there under `name`, whole: whoever asks for it before sees nothing of it.
    pub(super) async fn put(&self, name: &str, file: &Path) -> Result<(), ObjectsError> {
        let (key, mut file) = (Key::from(name), File::open(file).await.map_err(ObjectsError::File)?);
        let mut upload = WriteMultipart::new_with_chunk_size(self.0.put_multipart(&key).await?, PART);
        let sent = match send(&mut file, &mut upload).await {
            Ok(sent) => sent,
            Err(error) => {
                // What has arrived costs somebody room until then; the error that matters is the first.
                let _ = upload.abort().await;
                return Err(error);
            }
        };
        upload.finish().await?;
        let there = self.0.head(&key).await?.size;
        if there == sent { Ok(()) } else { Err(ObjectsError::Cut { there, sent }) }
    }

    /// The bytes of `range` of what has that name, a piece at a time; they end where it does.
    pub(super) async fn stream(
        &self,
        name: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, object_store::Error> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(self.0.get_opts(&Key::from(name), options).await?.into_stream().into_stream().boxed())
    }

    /// All bytes of what has that name, a part at a time: a request has to be answered within [`PATIENCE`].
    pub(super) async fn all(&self, name: &str) -> Result<BoxStream<'static, object_store::Result<Bytes>>, object_store::Error> {
        let (storage, key) = (self.0.clone(), Key::from(name));
        let size = storage.head(&key).await?.size;
        let parts = stream::iter((0..size).step_by(PART)).then(move |start| {
            let (storage, key) = (storage.clone(), key.clone());
            async move { storage.get_range(&key, start..size.min(start + PART as u64)).await }
        });
        Ok(parts.boxed())
    }

    /// The last bytes of what has that name: so many, or all that it has.
    pub(super) async fn last(&self, name: &str, most: u64) -> Result<Bytes, object_store::Error> {
        let options = GetOptions { range: Some(GetRange::Suffix(most)), ..GetOptions::default() };
        self.0.get_opts(&Key::from(name), options).await?.bytes().await
    }

    /// Takes away what has that name; what is gone already is no error.
    pub(super) async fn remove(&self, name: &str) -> Result<(), object_store::Error> {
        match self.0.delete(&Key::from(name)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            done => done,
        }
    }
}

/// Sends all of `file`; returns how many bytes that were.
async fn send(file: &mut File, upload: &mut WriteMultipart) -> Result<u64, ObjectsError> {
    let mut sent = 0;
    loop {
        let mut part = Vec::with_capacity(PART);
        file.take(PART as u64).read_to_end(&mut part).await.map_err(ObjectsError::File)?;
        if part.is_empty() {
            return Ok(sent);
        }
        sent += part.len() as u64;
        upload.wait_for_capacity(AT_ONCE).await?;
        upload.put(Bytes::from(part));
    }
}
