//! One stream of a simulated camera: pictures and sound at their pace, as long as somebody listens.

use super::{
    clock_text::ClockText,
    film::{Film, KEY_INTERVAL, QP},
    h264::{BandEncoder, SliceKind, VideoFormat},
    scene::Scene,
    sound, stamp,
};
use crate::clock::{self, Clock};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::sync::broadcast;

/// How many pictures and sounds a slow listener may be behind before it misses some.
const BACKLOG: usize = 64;

/// A key frame has so many times the bytes of another picture, where they are made up.
const KEY_SHARE: usize = 6;

/// How late a frame may be.
const MAX_LATE: Duration = Duration::from_millis(500);

/// What a stream sends.
#[derive(Debug, Clone)]
pub(super) enum Media {
    /// A picture: its NAL units without start codes, and its time in ticks of 90 kHz since the stream began.
    Picture { nals: Arc<[Bytes]>, time: u64 },
    /// 20 ms of sound, and its time in samples since the stream began.
    Sound { data: Bytes, time: u64 },
}

/// The clock in the camera's picture and reports; tests set it wrong.
#[derive(Debug)]
pub(super) struct CameraClock {
    pub(super) clock: Clock,
    pub(super) zone: TimeZone,
    /// How far it is ahead of the clock, in milliseconds.
    pub(super) ahead: AtomicI64,
}

impl CameraClock {
    pub(super) fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead.load(Ordering::Relaxed));
        self.clock.now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }
}

/// A stream that anybody may listen to.
pub(super) struct Stream {
    pub(super) format: VideoFormat,
    scene: Scene,
    bit_rate: Option<u32>,
    sound: bool,
    clock: Arc<CameraClock>,
    sender: broadcast::Sender<Media>,
    running: Mutex<bool>,
}

impl Stream {
    pub(super) fn new(scene: Scene, format: VideoFormat, bit_rate: Option<u32>, sound: bool, clock: Arc<CameraClock>) -> Arc<Self> {
        let (sender, running) = (broadcast::Sender::new(BACKLOG), Mutex::new(false));
        Arc::new(Self { format, scene, bit_rate, sound, clock, sender, running })
    }

    /// Listens from now on. Whoever comes first gets a key frame at once; others wait for the next.
    pub(super) fn listen(self: &Arc<Self>) -> broadcast::Receiver<Media> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        if !*running {
            let stream = Arc::clone(self);
            // A thread of its own, since drawing takes longer than a task may block.
            *running = thread::Builder::new().name("simulated camera".into()).spawn(move || stream.run()).is_ok();
        }
        receiver
    }

    fn run(&self) {
        let film = Film::of(self.scene, self.format);
        let mut text = TextBand::new(self.format);
        let ticks = 90_000 / u64::from(self.format.rate);
        let began = clock::monotonic();
        let (mut late, mut sounds) = (0, 0);
        for frame in 0_usize.. {
            let time = frame as u64 * ticks + late;
            let due = began + Duration::from_micros(time * 100 / 9);
            let now = clock::monotonic();
            match due.checked_duration_since(now) {
                Some(early) => thread::sleep(early),
                // A machine that cannot keep up leaves frames out, as a camera would, and does not send them in a burst.
                None if now - due > MAX_LATE => late += (now - due).as_micros() as u64 * 9 / 100,
                None => {}
            }
            if self.nobody_listens() {
                return;
            }
            let kind = film.kind(frame);
            let mut nals = Vec::with_capacity(5);
            if matches!(kind, SliceKind::Idr { .. }) {
                nals.extend([self.format.sequence_parameter_set(), self.format.picture_parameter_set()].map(Bytes::from));
            }
            let slices = [text.encode(&self.text(frame), kind), film.slice(frame)];
            if let Some(bit_rate) = self.bit_rate {
                let wanted = self.share(bit_rate, kind);
                let length = wanted.saturating_sub(slices.iter().map(Bytes::len).sum());
                nals.push(stamp::unit(clock::unix_micros(), length).into());
            }
            nals.extend(slices);
            // Nobody listening any more is seen at the next frame.
            let _ = self.sender.send(Media::Picture { nals: nals.into(), time });
            while self.sound && sounds * 1_000 / 50 <= time / 90 {
                let data = sound::packet(sounds, 1.0 + f32::from(self.scene as u8) / 8.0).into();
                let _ = self.sender.send(Media::Sound { data, time: sounds * u64::from(sound::PACKET) });
                sounds += 1;
            }
        }
    }

    /// How many bytes a picture has at `bit_rate`: a key frame as many as [`KEY_SHARE`] others.
    fn share(&self, bit_rate: u32, kind: SliceKind) -> usize {
        let pictures = usize::from(self.format.rate) * KEY_INTERVAL;
        let parts = pictures - 1 + KEY_SHARE;
        let part = bit_rate as usize / 8 * KEY_INTERVAL / parts;
        if matches!(kind, SliceKind::Idr { .. }) { part * KEY_SHARE } else { part }
    }

    /// Whether the thread may end; decided under the lock, so that nobody who comes now is left without it.
    fn nobody_listens(&self) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        *running = self.sender.receiver_count() > 0;
        !*running
    }

    /// The time of day and the number of the frame.
    fn text(&self, frame: usize) -> String {
        let now = self.clock.now().to_zoned(self.clock.zone.clone());
        format!("{} {:06}", now.strftime("%H:%M:%S.%3f"), frame % 1_000_000)
    }
}

/// The band with the clock above the scene.
struct TextBand {
    text: ClockText,
    encoder: BandEncoder,
}

impl TextBand {
    fn new(format: VideoFormat) -> Self {
        let text = ClockText::of(format);
        Self { text, encoder: BandEncoder::new(format.columns(), 0, text.rows(), QP) }
    }

    fn encode(&mut self, text: &str, kind: SliceKind) -> Bytes {
        self.encoder.encode(&self.text.draw(text), kind).into()
    }
}
