//! `tereze serve`

use crate::{
    app::{App, Start},
    clock::Clock,
    config::Config,
    tls,
};
use tokio_util::sync::CancellationToken;

/// Serves until `stop` is cancelled.
pub(super) async fn serve(config: &Config, clock: Clock, stop: CancellationToken) -> anyhow::Result<()> {
    let files = match &config.server.tls {
        _ if config.server.plain_http => None,
        Some(files) => Some(files.clone()),
        None => Some(tls::development(&config.folder.join("certs"), config.server.public_url.host_str().unwrap_or("localhost"))?),
    };
    let tls = match &files {
        Some(files) => Some(tls::load(files).await?),
        None => None,
    };
    let following = files.zip(tls.clone()).map(|(files, tls)| tokio::spawn(tls::follow(tls, files)));
    let running = App::start(Start { config: config.clone(), clock, tls }).await?;
    tracing::info!(address = %running.address, "serving");
    stop.cancelled().await;
    tracing::info!("stopping");
    running.shutdown().await;
    if let Some(following) = following {
        following.abort();
    }
    Ok(())
}
