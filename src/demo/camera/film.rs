//! A scene, coded once and shown again and again.

use super::{
    canvas::Canvas,
    clock_text::ClockText,
    h264::{BandEncoder, SliceKind, VideoFormat},
    scene::{self, Scene},
};
use bytes::Bytes;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Seconds from one key frame to the next.
pub(super) const KEY_INTERVAL: usize = 2;

/// The quantiser of everything drawn: fine enough that flat colours stay flat.
pub(super) const QP: u8 = 22;

/// The coded slices of one scene in one format, filled as they are first shown.
pub(super) struct Film {
    format: VideoFormat,
    state: Mutex<State>,
}

struct State {
    scene: Scene,
    slices: Vec<Bytes>,
    background: Canvas,
    canvas: Canvas,
    encoder: BandEncoder,
}

/// Every film of the process, so that cameras with the same scene draw it once.
static FILMS: Mutex<BTreeMap<(Scene, VideoFormat), Arc<Film>>> = Mutex::new(BTreeMap::new());

impl Film {
    /// The film of `scene` in `format`.
    pub(super) fn of(scene: Scene, format: VideoFormat) -> Arc<Self> {
        let mut films = FILMS.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(films.entry((scene, format)).or_insert_with(|| Arc::new(Self::new(scene, format))))
    }

    fn new(scene: Scene, format: VideoFormat) -> Self {
        let above = ClockText::of(format).rows();
        let (columns, rows) = (format.columns(), format.rows().saturating_sub(above));
        let mut background = Canvas::new(columns, rows, scene::WIDTH);
        scene.draw_background(&mut background);
        let encoder = BandEncoder::new(columns, above, rows, QP);
        Self { format, state: Mutex::new(State { scene, slices: Vec::new(), canvas: background.clone(), background, encoder }) }
    }

    /// How many frames there are until the film repeats.
    pub(super) fn length(&self) -> usize {
        usize::from(self.format.rate) * usize::from(scene::SECONDS)
    }

    /// How `frame` is coded, counted from any start of the film.
    pub(super) fn kind(&self, frame: usize) -> SliceKind {
        let interval = usize::from(self.format.rate) * KEY_INTERVAL;
        match frame % interval {
            0 => SliceKind::Idr { id: (frame / interval % 2) as u32 },
            since => SliceKind::P { frame: since as u32 },
        }
    }

    /// The slice of the scene in `frame`. It blocks for as long as the drawing takes, the first time.
    pub(super) fn slice(&self, frame: usize) -> Bytes {
        let frame = frame % self.length();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.slices.len() <= frame {
            let next = state.slices.len();
            let slice = state.draw(next as f32 / self.length() as f32, self.kind(next));
            state.slices.push(slice);
        }
        state.slices[frame].clone()
    }
}

impl State {
    fn draw(&mut self, phase: f32, kind: SliceKind) -> Bytes {
        self.canvas.picture.clone_from(&self.background.picture);
        self.scene.draw_moving(&mut self.canvas, phase);
        self.encoder.encode(&self.canvas.picture, kind).into()
    }
}
