//! The web server's certificate, as those see it who connect.

use crate::world::{
    api::{PATIENCE, client},
    process::Serving,
};
use std::fs;

/// The certificate that a new connection is shown.
async fn shown(server: &Serving) -> Vec<u8> {
    let client = client().tls_info(true).tls_danger_accept_invalid_certs(true).build().unwrap();
    let answer = client.get(format!("https://{}/healthz", server.address)).timeout(PATIENCE).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.extensions().get::<reqwest::tls::TlsInfo>().and_then(|tls| tls.peer_certificate()).unwrap().to_vec()
}

#[tokio::test]
async fn a_renewed_certificate_is_served_without_a_restart_and_half_a_renewal_is_not() {
    let [old, new] = [(); 2].map(|()| rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("cert.pem", old.cert.pem());
    write("key.pem", old.signing_key.serialize_pem());
    let config = "[server]\nlisten = '127.0.0.1:0'\ntls = { cert = 'cert.pem', key = 'key.pem' }\n";
    write("tereze.toml", format!("{config}[media]\nudp_port = 0\naddresses = ['127.0.0.1']\n"));

    let mut server = Serving::start(folder.path()).await;
    assert_eq!(shown(&server).await, old.cert.der().as_ref());
    // Programs that renew write one file after the other: for a moment the certificate is there, and its key is not.
    write("cert.pem", new.cert.pem());
    server.says("cannot be used; the old one stays").await;
    assert_eq!(shown(&server).await, old.cert.der().as_ref());
    write("key.pem", new.signing_key.serialize_pem());
    server.says("took up the changed certificate").await;
    assert_eq!(shown(&server).await, new.cert.der().as_ref());
    server.stop().await;
}
