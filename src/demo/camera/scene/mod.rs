//! What the simulated cameras see: short drawn scenes that move and repeat.

mod bedroom;
mod dining;
mod music;
mod playroom;
mod yard;

use super::canvas::{Canvas, Colour, Point, Shape};
use std::{f32::consts::TAU, str::FromStr};

/// Width of a scene in its own units; its height is what the picture leaves of 672.
pub(super) const WIDTH: f32 = 1280.0;

/// Seconds until a scene repeats.
pub(super) const SECONDS: u16 = 8;

/// One of the scenes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scene {
    /// A ball rolls between building blocks.
    Playroom,
    /// Cots at night; clouds drift past the moon in the window.
    Bedroom,
    /// A pendulum swings over a piano, and notes rise.
    Music,
    /// Tables are laid, soup steams, the clock ticks.
    Dining,
    /// Sun, a swing, and leaves in the wind.
    Yard,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Playroom, Self::Bedroom, Self::Music, Self::Dining, Self::Yard];

    /// Its name, as [`FromStr`] reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Playroom => "playroom",
            Self::Bedroom => "bedroom",
            Self::Music => "music",
            Self::Dining => "dining",
            Self::Yard => "yard",
        }
    }

    /// What stands still.
    pub(super) fn draw_background(self, canvas: &mut Canvas) {
        match self {
            Self::Playroom => playroom::draw_background(canvas),
            Self::Bedroom => bedroom::draw_background(canvas),
            Self::Music => music::draw_background(canvas),
            Self::Dining => dining::draw_background(canvas),
            Self::Yard => yard::draw_background(canvas),
        }
    }

    /// What moves, at `phase` of the loop, 0 to 1.
    pub(super) fn draw_moving(self, canvas: &mut Canvas, phase: f32) {
        match self {
            Self::Playroom => playroom::draw_moving(canvas, phase),
            Self::Bedroom => bedroom::draw_moving(canvas, phase),
            Self::Music => music::draw_moving(canvas, phase),
            Self::Dining => dining::draw_moving(canvas, phase),
            Self::Yard => yard::draw_moving(canvas, phase),
        }
    }
}

/// There is no scene of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such scene")]
pub struct NoSuchScene;

impl FromStr for Scene {
    type Err = NoSuchScene;

    fn from_str(name: &str) -> Result<Self, NoSuchScene> {
        Self::ALL.into_iter().find(|scene| scene.name() == name).ok_or(NoSuchScene)
    }
}

/// A wave from −1 to 1 that repeats `times` in a loop.
fn wave(phase: f32, times: f32) -> f32 {
    (phase * times * TAU).sin()
}

/// A floor of planks below height `top`.
fn draw_floor(canvas: &mut Canvas, top: f32, light: Colour, dark: Colour) {
    canvas.fill(Shape::Rectangle((0.0, top), WIDTH, 700.0 - top, 0.0), light);
    for i in 0_u8..9 {
        let x = f32::from(i) * 160.0;
        let (near, far) = (WIDTH / 2.0 + (x - WIDTH / 2.0) * 1.6, x);
        canvas.fill(Shape::Line((far, top), (near, 700.0), 1.5), dark);
    }
    canvas.fill(Shape::Rectangle((0.0, top - 10.0), WIDTH, 10.0, 0.0), dark);
}

/// A five-pointed star.
fn draw_star(canvas: &mut Canvas, centre: Point, radius: f32, colour: Colour, opacity: f32) {
    for i in 0_u8..5 {
        let at = |turn: f32, r: f32| {
            let angle = (f32::from(i) + turn) * TAU / 5.0 - TAU / 4.0;
            (centre.0 + r * angle.cos(), centre.1 + r * angle.sin())
        };
        canvas.shade(Shape::Polygon(&[at(0.0, radius), at(0.5, radius * 0.42), centre, at(-0.5, radius * 0.42)]), colour, opacity);
    }
}
