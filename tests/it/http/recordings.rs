//! Looking at what was recorded: who may, what is on record, and what leaves.

mod refused;

use super::people::{GULNAR, SAULE};
use crate::world::{
    api::{Answer, Visitor},
    databases,
    gateway::Gateway,
    recordings::{Footage, record},
};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use tereze::{
    args,
    db::{Queries, gaps, gaps::GapRow, segments::SegmentRow},
    id::{CameraId, GapId, PlaybackId},
    model::GapCause,
};

/// The Monday of `site.toml`, by the clock of Almaty.
const DAY: (&str, &str) = ("2026-11-22T19:00:00Z", "2026-11-23T19:00:00Z");

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A gateway with a playroom of which twelve seconds were recorded from 10:00:00 on, three are missing, and the next twelve are written.
struct Recorded {
    gateway: Gateway,
    camera: CameraId,
    kindergarten: String,
    group: String,
    files: [SegmentRow; 2],
}

impl Recorded {
    async fn on(database: &str) -> Self {
        let gateway = Gateway::start_on(database).await;
        let director = Visitor::log_in(&gateway, GULNAR).await;
        let (me, camera) = (director.me().await, director.camera("Ойын бөлмесі").await.parse().unwrap());
        let footage = Footage::counting(0, 12).await;
        let (db, store) = (gateway.db(), &gateway.app().store);
        let whole = record(db, store, camera, at("2026-11-23T05:00:00Z"), &footage, true).await;
        let written = record(db, store, camera, at("2026-11-23T05:00:15Z"), &footage, false).await;
        let (starts_at, ended_at) = (whole.ends_at, written.starts_at);
        let gap = GapRow {
            id: GapId::new(starts_at),
            camera_id: camera,
            cause: GapCause::NoVideo,
            starts_at,
            seen_at: ended_at,
            ended_at: Some(tereze::db::Moment(ended_at)),
            seal_id: None,
        };
        gaps::begin(db, &gap).await.unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (kindergarten, group) = (text(&me["kindergartens"][0]["id"]), text(&me["groups"][0]["id"]));
        Self { gateway, camera, kindergarten, group, files: [whole, written] }
    }

    async fn new() -> Self {
        Self::on("sqlite:tereze.db").await
    }

    /// What somebody sends who wants to look at the day.
    fn wish(&self, reason: &str) -> Value {
        json!({ "camera": self.camera, "from": DAY.0, "to": DAY.1, "reason": reason })
    }

    /// The playback that `visitor` opens.
    async fn open(&self, visitor: &Visitor, reason: &str) -> PlaybackId {
        let opened = visitor.post("/api/v1/playbacks", self.wish(reason)).await.ok(201).json();
        opened["id"].as_str().unwrap().parse().unwrap()
    }

    /// The address of the day.
    fn day(&self) -> String {
        format!("/api/v1/recordings?kindergarten={}&group={}&date=2026-11-23", self.kindergarten, self.group)
    }

    /// The addresses of what a player fetches of a playback.
    fn pieces(&self, playback: PlaybackId) -> [String; 2] {
        let base = format!("/api/v1/playbacks/{playback}");
        [format!("{base}/playlist.m3u8?from=2026-11-23T05:00:00Z"), format!("{base}/segments/{}", self.files[0].id)]
    }

    /// The details of the records of `action`, in order.
    async fn records(&self, action: &str) -> Vec<Value> {
        let sql = "select record from audit_records where action = $1 order by position";
        let rows: Vec<(String,)> = self.gateway.db().rows(sql, args![action]).await.unwrap();
        rows.into_iter().map(|(record,)| serde_json::from_str::<Value>(&record).unwrap()["details"].clone()).collect()
    }
}

/// A range of what is at `path`, with its head.
async fn range(visitor: &Visitor, path: &str, range: &str) -> (u16, String, Vec<u8>) {
    let answer = visitor.request(Method::GET, path).header("range", range).send().await.unwrap();
    let told = answer.headers().get("content-range").map_or("", |value| value.to_str().unwrap()).to_owned();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status().as_u16(), told, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_director_states_a_reason_and_plays_what_was_recorded_byte_for_byte() {
    plays_what_was_recorded("sqlite:tereze.db").await;
}

#[tokio::test]
async fn postgresql_answers_the_same_about_recordings() {
    plays_what_was_recorded(&databases::postgres().await.url).await;
}

async fn plays_what_was_recorded(database: &str) {
    let world = Recorded::on(database).await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let day = director.get(&world.day()).await.ok(200).json();
    assert_eq!((&day["start"], &day["end"]), (&json!(DAY.0), &json!(DAY.1)));
    let camera = &day["cameras"][0];
    assert_eq!((day["cameras"].as_array().unwrap().len(), &camera["name"]), (1, &json!("Ойын бөлмесі")));
    let stretch = |start: &str, end: &str| json!({ "start": start, "end": end });
    let (one, other) =
        (stretch("2026-11-23T05:00:00Z", "2026-11-23T05:00:12Z"), stretch("2026-11-23T05:00:15Z", "2026-11-23T05:00:27Z"));
    assert_eq!(camera["recorded"], json!([one, other]));
    assert_eq!(camera["gaps"], json!([{ "cause": "no_video", "start": "2026-11-23T05:00:12Z", "end": "2026-11-23T05:00:15Z" }]));

    let playback = world.open(&director, "Құлау, түскі ас").await;
    let opened = json!([{ "camera": world.camera, "from": DAY.0, "to": DAY.1, "reason": "Құлау, түскі ас" }]);
    assert_eq!(json!(world.records("recording_opened").await), opened);
    let [playlist, segment] = world.pieces(playback);
    let answer = director.get(&playlist).await.ok(200);
    assert_eq!(answer.header("content-type"), "application/vnd.apple.mpegurl");
    let entries: Vec<&str> = answer.body.lines().filter(|line| line.starts_with("#EXT-X-PROGRAM-DATE-TIME:")).collect();
    assert_eq!(entries.len(), 12, "{}", answer.body);
    assert_eq!(entries[6], "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T05:00:15.000Z");
    assert_eq!(answer.body.matches("#EXT-X-DISCONTINUITY").count(), 1);
    assert_eq!(answer.body.matches(&format!("segments/{}\n", world.files[1].id)).count(), 6, "what is still written plays, too");

    let file = std::fs::read(world.gateway.app().store.path(world.camera, world.files[0].id, world.files[0].starts_at)).unwrap();
    let size = file.len();
    assert_eq!(range(&director, &segment, "bytes=100-299").await, (206, format!("bytes 100-299/{size}"), file[100..300].to_vec()));
    assert_eq!(range(&director, &segment, "bytes=-7").await.2, file[size - 7..]);
    assert_eq!(range(&director, &segment, "bytes=0-1,4-5").await, (200, String::new(), file.clone()));
    let beyond = range(&director, &segment, &format!("bytes={size}-")).await;
    assert_eq!((beyond.0, beyond.1), (416, format!("bytes */{size}")));

    director.delete(&format!("/api/v1/playbacks/{playback}")).await.ok(204);
    director.delete(&format!("/api/v1/playbacks/{playback}")).await.ok(204);
    assert_eq!(world.records("recording_closed").await.len(), 1);
    for path in [playlist, segment] {
        director.get(&path).await.refused(403, "playback_over");
    }
    world.gateway.stop().await;
}

#[tokio::test]
async fn whatever_the_index_names_is_all_of_the_file_that_has_pictures() {
    let world = Recorded::new().await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    let playback = world.open(&director, "x").await;
    let [playlist, segment] = world.pieces(playback);
    let text = director.get(&playlist).await.ok(200).body;
    let id = world.files[0].id.to_string();
    let number = |text: &str| text.parse::<u64>().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().find_map(|line| line.strip_prefix(&format!("#EXT-X-MAP:URI=\"segments/{id}\",BYTERANGE=\""))).unwrap();
    let mut end = number(head.split('@').next().unwrap());
    for pair in lines.windows(2).filter(|pair| pair[1] == format!("segments/{id}")) {
        let (length, offset) = pair[0].strip_prefix("#EXT-X-BYTERANGE:").unwrap().split_once('@').unwrap();
        assert_eq!(number(offset), end, "{text}");
        end += number(length);
    }
    let (_, _, rest) = range(&director, &segment, &format!("bytes={end}-")).await;
    assert_eq!(&rest[4..8], b"mfra", "only the index is left");
    world.gateway.stop().await;
}

#[tokio::test]
async fn what_a_camera_recorded_outlasts_the_camera() {
    let world = Recorded::new().await;
    let director = Visitor::log_in(&world.gateway, GULNAR).await;
    director.delete(&format!("/api/v1/cameras/{}", world.camera)).await.ok(204);
    let day = director.get(&world.day()).await.ok(200).json();
    assert_eq!((&day["cameras"][0]["removed"], day["cameras"][0]["recorded"].as_array().unwrap().len()), (&json!(true), 2));
    let playback = world.open(&director, "x").await;
    for path in world.pieces(playback) {
        director.get(&path).await.ok(200);
    }
    world.gateway.stop().await;
}

#[tokio::test]
async fn director_and_inspector_read_who_looked_at_recordings_and_why() {
    let world = Recorded::new().await;
    let (director, inspector) = (Visitor::log_in(&world.gateway, GULNAR).await, Visitor::log_in(&world.gateway, SAULE).await);
    let first = world.open(&director, "=1+1").await;
    world.gateway.clock.advance(SignedDuration::from_mins(2));
    director.get(&world.pieces(first)[0]).await.ok(200);
    world.open(&inspector, "").await;
    let list = format!("/api/v1/playbacks?kindergarten={}", world.kindergarten);
    let looks = director.get(&list).await.ok(200).json()["playbacks"].clone();
    assert_eq!(looks.as_array().unwrap().len(), 2);
    assert_eq!(
        (&looks[0]["name"], &looks[0]["role"], &looks[0]["reason"]),
        (&json!("Сәуле Нұрланова"), &json!("inspector"), &json!(""))
    );
    let own = &looks[1];
    assert_eq!((&own["reason"], &own["camera_name"]), (&json!("=1+1"), &json!("Ойын бөлмесі")));
    assert_eq!((&own["since"], &own["until"]), (&json!("2026-11-23T05:31:00Z"), &json!("2026-11-23T05:33:00Z")));
    assert_eq!(inspector.get(&list).await.ok(200).json()["playbacks"], looks);
    let narrowed = director.get(&format!("{list}&account={}", own["account"].as_str().unwrap())).await.ok(200).json();
    assert_eq!(narrowed["playbacks"], json!([own]));
    assert_eq!(director.get(&format!("{list}&to=2026-11-22")).await.ok(200).json()["playbacks"], json!([]));

    let Answer { body, .. } = director.get(&list.replace("playbacks?", "playbacks.csv?")).await.ok(200);
    assert!(body.contains("\"'=1+1\"") && body.contains("\"2026-11-23 10:31:00\""), "{body}");
    world.gateway.stop().await;
}
