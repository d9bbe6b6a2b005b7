//! Segments without a camera: footage that `ffmpeg` makes, in the files and rows that the recorder would write; and what `ffmpeg` says of
//! such files.

use super::films::units;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};
use tereze::{
    db::{
        Db,
        segments::{self, SegmentRow},
    },
    id::{CameraId, SegmentId},
    media::{ParameterSets, SoundCodec, VideoCodec},
    model::SegmentPlace,
    recording::{
        Fragment, Head, SegmentFile,
        mp4::{Block, Sample, Sound},
        sound::{LONGEST_BLOCK, pack, unfold},
        store::Store,
    },
};
use tokio::process::Command;

/// Pictures a second of all footage; every second begins with a key frame.
pub const RATE: u32 = 10;

/// Of H.265: small pictures, whole by themselves, each access unit with its delimiter.
const X265: &str = "log-level=error:aud=1:repeat-headers=1:bframes=0:open-gop=0:scenecut=0:frame-threads=1:pools=none";

/// Pictures, a whole number of seconds of them.
pub struct Footage {
    pub parameters: Arc<ParameterSets>,
    /// Data and whether it is a key frame, [`RATE`] a second.
    pub pictures: Vec<(Bytes, bool)>,
}

impl Footage {
    /// A clock face that counts the seconds from `first`, 320 × 180.
    pub async fn counting(first: u32, seconds: u32) -> Self {
        let text = format!("drawtext=text='%{{eif\\:t+{first}\\:d}}':x=(w-tw)/2:y=(h-th)/2:fontsize=96:fontcolor=white");
        Self::of(&format!("color=navy:size=320x180:rate={RATE},{text}"), seconds).await
    }

    /// So many seconds of `picture`, a source of `libavfilter` with [`RATE`] pictures a second.
    pub async fn of(picture: &str, seconds: u32) -> Self {
        let coding = format!("libx264 -preset superfast -bf 0 -g {RATE} -sc_threshold 0 -threads 1 -aud 1 -f h264");
        Self::coded(picture, seconds, &coding, VideoCodec::H264).await
    }

    /// The same in H.265.
    pub async fn h265(picture: &str, seconds: u32) -> Self {
        let coding = format!("libx265 -preset ultrafast -x265-params {X265}:keyint={RATE} -f hevc");
        Self::coded(picture, seconds, &coding, VideoCodec::H265).await
    }

    async fn coded(picture: &str, seconds: u32, coding: &str, codec: VideoCodec) -> Self {
        let output = Command::new("ffmpeg")
            .args(["-v", "error", "-f", "lavfi", "-i", picture, "-t", &seconds.to_string(), "-pix_fmt", "yuv420p", "-c:v"])
            .args(coding.split(' '))
            .arg("pipe:1")
            .stdin(Stdio::null())
            .output()
            .await
            .expect("ffmpeg is there");
        assert!(output.status.success(), "{picture}: {}", String::from_utf8_lossy(&output.stderr));
        let (mut vps, mut sps, mut pps) = (None, Bytes::new(), Bytes::new());
        let mut pictures = Vec::<(Vec<u8>, bool)>::new();
        let kind = |nal: &[u8]| match codec {
            VideoCodec::H264 => nal[0] & 0x1f,
            VideoCodec::H265 => nal[0] >> 1,
        };
        for nal in units(&output.stdout) {
            match (kind(nal), pictures.last_mut()) {
                (32, _) => vps = Some(nal.to_vec().into()),
                (7 | 33, _) => sps = nal.to_vec().into(),
                (8 | 34, _) => pps = nal.to_vec().into(),
                (9 | 35, _) => pictures.push((Vec::new(), false)),
                (kind, Some((data, key))) => {
                    data.extend((nal.len() as u32).to_be_bytes());
                    data.extend_from_slice(nal);
                    *key |= matches!(kind, 5 | 16..=21);
                }
                (kind, None) => panic!("a unit of type {kind} before the first picture"),
            }
        }
        let parameters = Arc::new(ParameterSets { vps, sps, pps, width: 320, height: 180 });
        Self { parameters, pictures: pictures.into_iter().map(|(data, key)| (data.into(), key)).collect() }
    }

    /// How long it is.
    pub fn duration(&self) -> SignedDuration {
        SignedDuration::from_millis(self.pictures.len() as i64 * 1_000 / i64::from(RATE))
    }

    /// One a second, with a second of `sound` each where there is some (A-law, 8000 codes a second).
    pub fn fragments(&self, sound: &[u8]) -> Vec<Fragment> {
        let mut second = 0;
        let fragments = self.pictures.chunks(RATE as usize).map(|pictures| {
            let sample = |(data, key): &(Bytes, bool)| Sample { data: data.clone(), duration: 90_000 / RATE, offset: 0, key: *key };
            let heard: Vec<i16> = unfold(SoundCodec::Pcma, sound.chunks(8_000).nth(second).unwrap_or_default()).collect();
            let mut number = second as u64 * 8_000;
            let blocks = heard.chunks(LONGEST_BLOCK.into()).map(|samples| {
                let data = pack(samples, number);
                number += samples.len() as u64;
                Block { data, samples: samples.len() as u32 }
            });
            let sound = Sound { decode_time: second as u64 * 8_000, blocks: blocks.collect() };
            let decode_time = second as u64 * 90_000;
            second += 1;
            Fragment { decode_time, pictures: pictures.iter().map(sample).collect(), sound }
        });
        fragments.collect()
    }
}

/// Writes `footage` of `camera` as one segment that began at `starts_at`: its row, and its file in `store`. One that is not `whole` is
/// as it lies there while the recorder goes on.
pub async fn record(db: &Db, store: &Store, camera: CameraId, starts_at: Timestamp, footage: &Footage, whole: bool) -> SegmentRow {
    let head = Head { video: footage.parameters.clone(), sound: false };
    let id = SegmentId::new(starts_at);
    let key = store.keys().newest().map(|key| key.of_file(id).unwrap());
    let key_id = key.as_ref().map(|key| key.id().to_owned());
    let mut file = SegmentFile::create(&store.path(camera, id, starts_at), &head, key).unwrap();
    footage.fragments(&[]).iter().for_each(|fragment| file.append(fragment).unwrap());
    let mut row = SegmentRow {
        id,
        camera_id: camera,
        codec: head.codecs(),
        width: 320,
        height: 180,
        starts_at,
        ends_at: starts_at + footage.duration(),
        bytes: file.length() as i64,
        sha256: None,
        tree: None,
        place: SegmentPlace::Folder,
        seal_id: None,
        removed_at: None,
        key_id,
    };
    segments::begin(db, &row).await.unwrap();
    if whole {
        let whole = file.finish().unwrap();
        segments::end(db, id, row.ends_at, whole.length as i64, &whole.sha256, &whole.tree.to_string()).await.unwrap();
        (row.bytes, row.sha256, row.tree) = (whole.length as i64, Some(whole.sha256), Some(whole.tree.to_string()));
    }
    row
}

/// What `ffprobe` says of a file.
#[derive(Debug, PartialEq)]
pub struct Probed {
    /// Codec names, in the order of the tracks.
    pub codecs: Vec<String>,
    /// How many pictures can be decoded.
    pub pictures: u64,
    /// In seconds.
    pub duration: f64,
}

/// Decodes all of a file with `ffmpeg`, which must not find anything odd, and asks `ffprobe`.
pub async fn play(file: &Path) -> Probed {
    // Pictures are decoded at the times at which they were taken, which need not be even.
    let nowhere = ["-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"];
    let decoded = Command::new("ffmpeg").args(["-v", "warning", "-xerror", "-i"]).arg(file).args(nowhere).output().await;
    let decoded = decoded.expect("ffmpeg is there");
    let said = String::from_utf8_lossy(&decoded.stderr).into_owned();
    assert!(decoded.status.success() && said.is_empty(), "{}: {said}", file.display());
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames:format=duration", "-of", "json"])
        .arg(file)
        .output()
        .await
        .expect("ffprobe is there");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let streams = said["streams"].as_array().unwrap();
    Probed {
        codecs: streams.iter().map(|stream| stream["codec_name"].as_str().unwrap().to_owned()).collect(),
        pictures: streams[0]["nb_read_frames"].as_str().unwrap().parse().unwrap(),
        duration: said["format"]["duration"].as_str().unwrap().parse().unwrap(),
    }
}

/// The times between the pictures of a file, in seconds, in the order in which they are shown.
pub async fn steps(file: &Path) -> Vec<f64> {
    let times = ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(times).arg(file).output().await.expect("ffprobe is there");
    let mut times: Vec<f64> = String::from_utf8(output.stdout).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    times.sort_by(f64::total_cmp);
    times.windows(2).map(|two| two[1] - two[0]).collect()
}

/// Whether a picture is missing where there was a step between two of a camera of `rate`. A camera that cannot keep up leaves out half a second and
/// more: then the machine was busy, and the recording is right.
pub fn missing(step: f64, rate: f64) -> bool {
    (1.5 / rate..0.45).contains(&step)
}

/// The sound of a file, in samples of 16 bits.
pub async fn hear(file: &Path) -> Vec<i16> {
    let output =
        Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(file).args(["-map", "0:a", "-f", "s16le", "-"]).output().await;
    output.unwrap().stdout.chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect()
}

/// Every file under `folder`, in the order of their names: ids of segments sort by time.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut waiting, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.exists() {
            found.push(path);
        }
    }
    found.sort();
    found
}
