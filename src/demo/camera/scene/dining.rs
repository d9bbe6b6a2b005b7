//! Tables are laid, soup steams, a lamp sways and the clock ticks.

use super::super::canvas::{Canvas, Colour, Shape};
use super::{draw_floor, wave};
use std::f32::consts::TAU;

const TABLES: [(f32, Colour); 2] = [(120.0, Colour(236, 154, 132)), (700.0, Colour(134, 182, 168))];

pub(super) fn draw_background(canvas: &mut Canvas) {
    canvas.gradient(0.0, 470.0, Colour(255, 236, 214), Colour(252, 220, 188));
    draw_floor(canvas, 470.0, Colour(206, 196, 184), Colour(176, 166, 154));
    for i in 0_u8..8 {
        let colour = if i % 2 == 0 { Colour(248, 206, 160) } else { Colour(246, 216, 178) };
        canvas.fill(Shape::Rectangle((f32::from(i) * 160.0, 330.0), 160.0, 130.0, 0.0), colour);
    }
    for (x, cloth) in TABLES {
        for leg in [40.0, 400.0] {
            canvas.fill(Shape::Rectangle((x + leg, 440.0), 20.0, 190.0, 4.0), Colour(150, 104, 72));
        }
        canvas.fill(Shape::Rectangle((x, 410.0), 460.0, 46.0, 12.0), cloth);
        canvas.fill(Shape::Rectangle((x + 14.0, 450.0), 432.0, 34.0, 10.0), cloth.towards(Colour(0, 0, 0), 0.12));
        for plate in [90.0, 230.0, 370.0] {
            canvas.fill(Shape::Rectangle((x + plate - 48.0, 396.0), 96.0, 18.0, 9.0), Colour(255, 255, 255));
            canvas.fill(Shape::Rectangle((x + plate - 34.0, 384.0), 68.0, 20.0, 10.0), Colour(242, 128, 88));
            canvas.fill(Shape::Rectangle((x + plate - 38.0, 520.0), 76.0, 20.0, 8.0), Colour(112, 150, 190));
            canvas.fill(Shape::Rectangle((x + plate - 30.0, 540.0), 60.0, 80.0, 6.0), Colour(92, 128, 168));
        }
    }
    canvas.fill(Shape::Circle((640.0, 130.0), 74.0), Colour(96, 84, 80));
    canvas.fill(Shape::Circle((640.0, 130.0), 64.0), Colour(255, 252, 244));
}

pub(super) fn draw_moving(canvas: &mut Canvas, phase: f32) {
    for (length, half, turns) in [(32.0, 5.0, 1.0), (48.0, 3.0, 8.0)] {
        // The hands jump as in a real wall clock.
        let angle = (phase * turns * 8.0).floor() / 8.0 * TAU;
        let tip = (640.0 + length * angle.sin(), 130.0 - length * angle.cos());
        canvas.fill(Shape::Line((640.0, 130.0), tip, half), Colour(60, 50, 48));
    }
    for (t, (x, _)) in TABLES.into_iter().enumerate() {
        for (p, plate) in [90.0, 230.0, 370.0].into_iter().enumerate() {
            let rise = (phase * 4.0 + (t * 3 + p) as f32 * 0.17) % 1.0;
            let at = (x + plate + 10.0 * wave(rise, 1.0), 370.0 - 80.0 * rise);
            canvas.shade(Shape::Circle(at, 10.0 + 14.0 * rise), Colour(255, 255, 255), 0.8 * (1.0 - rise));
        }
        let sway = 0.08 * wave(phase + t as f32 * 0.25, 2.0);
        let (top, length) = ((x + 230.0, 0.0), 200.0);
        let lamp = (top.0 + length * sway.sin(), length * sway.cos());
        canvas.fill(Shape::Line(top, lamp, 3.0), Colour(90, 80, 78));
        let (l, y) = lamp;
        let shade = [(l - 24.0, y - 10.0), (l + 24.0, y - 10.0), (l + 64.0, y + 44.0), (l - 64.0, y + 44.0)];
        canvas.fill(Shape::Polygon(&shade), Colour(92, 154, 160));
        canvas.fill(Shape::Circle((l, y + 46.0), 16.0), Colour(255, 240, 180));
    }
}
