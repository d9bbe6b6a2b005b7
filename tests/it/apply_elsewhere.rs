//! `tereze apply` and `tereze serve` are two processes: what the one changes, the other acts on at once.

use crate::world::{
    api::Visitor,
    databases,
    gateway::PASSWORD,
    offer::Player,
    process::{Serving, done},
};
use std::{fs, time::Duration};
use tereze::{
    clock::{Clock, monotonic},
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
};

const CONFIG: &str = r#"
    [server]
    listen = "127.0.0.1:0"
    public_url = "http://127.0.0.1"
    plain_http = true
    [database]
    url = "{database}"
    [media]
    udp_port = 0
    addresses = ["127.0.0.1"]
"#;

/// These processes live by the machine's clock: whatever it says, the group is open.
const SITE: &str = r#"
    [[kindergarten]]
    key = "balbobek"
    name = "Балбөбек"
    zone = "Asia/Almaty"
    hours = { every_day = ["00:00-24:00"] }
    [[kindergarten.group]]
    key = "kunshuaq"
    name = "Күншуақ"
    [[kindergarten.group]]
    key = "balapan"
    name = "Балапан"
    [[kindergarten.camera]]
    key = "playroom"
    name = "Ойын бөлмесі"
    group = "kunshuaq"
    main = "rtsp://{camera}/main"
    username = "camera"
    password = "window"
    [[kindergarten.account]]
    key = "asel"
    login = "+77010000001"
    name = "Әсел Қасымова"
    role = "parent"
    password = "{password}"
    [[kindergarten.child]]
    key = "amina"
    name = "Әмина Қасымова"
    group = "kunshuaq"
    from = 2020-01-01
    guardians = [{ account = "asel" }]
"#;

/// A parent watches; then `site.toml` has `new` for its last `old`, and is applied.
async fn assert_cut(database: &str, (old, new): (&str, &str), code: &str) {
    let format = VideoFormat { width: 320, height: 180, rate: 10 };
    let config = SimulatedCameraConfig { main: format, ..SimulatedCameraConfig::new(Scene::Playroom, Clock::system()) };
    let camera = SimulatedCamera::start(config).await.unwrap();
    let site = SITE.replace("{camera}", &camera.address().to_string()).replace("{password}", PASSWORD);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("tereze.toml", &CONFIG.replace("{database}", database));
    write("site.toml", &site);
    done(folder.path(), &["apply", "site.toml"], "").await;
    let server = Serving::start(folder.path()).await;

    let base = format!("http://{}", server.address);
    let asel = Visitor::at(&base).logged_in("+77010000001").await;
    let (id, player) = (asel.camera("Ойын бөлмесі").await, Player::at(&base, &asel.token().await));
    let mut client = player.play(&id).await;
    for _ in 0..20 {
        client.video().await;
    }
    let at = site.rfind(old).unwrap();
    write("site.toml", &format!("{}{new}{}", &site[..at], &site[at + old.len()..]));
    let applying = async {
        let said = done(folder.path(), &["apply", "site.toml"], "").await;
        assert!(said.ends_with("done\n"), "{said}");
        monotonic()
    };
    let watching = async {
        while client.next().await.is_some() {}
        monotonic()
    };
    let (applied, cut) = tokio::join!(applying, watching);
    assert!(client.closed && cut.saturating_duration_since(applied) < Duration::from_secs(1), "{:?}", cut - applied);
    player.post(&id).await.refused(403, code);
    server.stop().await;
}

#[tokio::test]
async fn a_child_who_is_moved_by_another_process_takes_the_parents_view_along() {
    assert_cut("sqlite:tereze.db", ("group = \"kunshuaq\"", "group = \"balapan\""), "not_yours").await;
}

#[tokio::test]
async fn a_court_order_that_another_process_enters_cuts_the_stream_on_postgresql_as_well() {
    let database = databases::postgres().await;
    assert_cut(&database.url, ("account = \"asel\"", "account = \"asel\", restricted = true"), "restricted").await;
}
