//! A pendulum swings beside a piano, and notes rise.

use super::super::canvas::{Canvas, Colour, Point, Shape};
use super::{draw_floor, wave};

const WOOD: Colour = Colour(122, 74, 56);
const CLOCK: Point = (230.0, 170.0);

pub(super) fn draw_background(canvas: &mut Canvas) {
    canvas.gradient(0.0, 530.0, Colour(226, 240, 228), Colour(198, 222, 206));
    draw_floor(canvas, 530.0, Colour(190, 142, 104), Colour(160, 114, 82));
    // The tall clock.
    canvas.fill(Shape::Rectangle((140.0, 70.0), 180.0, 500.0, 16.0), WOOD);
    canvas.fill(Shape::Circle(CLOCK, 70.0), Colour(250, 244, 230));
    canvas.fill(Shape::Rectangle((166.0, 268.0), 128.0, 270.0, 8.0), Colour(78, 46, 38));
    // The piano.
    canvas.fill(Shape::Rectangle((560.0, 250.0), 520.0, 330.0, 14.0), Colour(58, 52, 66));
    canvas.fill(Shape::Rectangle((540.0, 400.0), 560.0, 34.0, 6.0), Colour(78, 70, 88));
    for i in 0_u8..20 {
        let x = 556.0 + 26.5 * f32::from(i);
        canvas.fill(Shape::Rectangle((x, 412.0), 24.0, 34.0, 2.0), Colour(252, 250, 244));
        if ![2, 6, 9, 13, 16].contains(&i) && i < 19 {
            canvas.fill(Shape::Rectangle((x + 18.0, 412.0), 14.0, 20.0, 1.0), Colour(34, 30, 40));
        }
    }
    for x in [580.0, 1040.0] {
        canvas.fill(Shape::Rectangle((x, 446.0), 24.0, 130.0, 2.0), Colour(44, 40, 52));
    }
    canvas.fill(Shape::Rectangle((740.0, 310.0), 150.0, 84.0, 2.0), Colour(255, 252, 240));
    for y in [326.0, 336.0, 346.0, 366.0, 376.0] {
        canvas.fill(Shape::Rectangle((752.0, y), 126.0, 2.0, 0.0), Colour(150, 150, 160));
    }
    // A drum.
    canvas.fill(Shape::Rectangle((380.0, 500.0), 130.0, 90.0, 20.0), Colour(222, 94, 86));
    canvas.fill(Shape::Rectangle((380.0, 490.0), 130.0, 28.0, 14.0), Colour(250, 240, 222));
}

pub(super) fn draw_moving(canvas: &mut Canvas, phase: f32) {
    let swing = 0.34 * wave(phase, 4.0);
    let (pivot, length) = ((230.0, 280.0), 190.0);
    let bob = (pivot.0 + length * swing.sin(), pivot.1 + length * swing.cos());
    canvas.fill(Shape::Line(pivot, bob, 4.0), Colour(214, 178, 92));
    canvas.fill(Shape::Circle(bob, 30.0), Colour(240, 202, 104));
    for (length, half, turns) in [(34.0, 5.0, 1.0), (52.0, 3.0, 8.0)] {
        let angle = phase * turns * std::f32::consts::TAU;
        canvas.fill(Shape::Line(CLOCK, (CLOCK.0 + length * angle.sin(), CLOCK.1 - length * angle.cos()), half), Colour(60, 50, 48));
    }
    let colours = [Colour(222, 94, 86), Colour(82, 138, 200), Colour(96, 164, 110), Colour(190, 120, 190)];
    for (i, colour) in colours.into_iter().enumerate() {
        let rise = (phase * 2.0 + i as f32 * 0.25) % 1.0;
        let at = (650.0 + 110.0 * i as f32 + 18.0 * wave(rise, 2.0), 230.0 - 170.0 * rise);
        let fade = (1.0 - rise).min(rise * 6.0).clamp(0.0, 1.0);
        canvas.shade(Shape::Line((at.0 + 12.0, at.1), (at.0 + 12.0, at.1 - 46.0), 2.5), colour, fade);
        canvas.shade(Shape::Circle(at, 14.0), colour, fade);
        canvas.shade(Shape::Line((at.0 + 12.0, at.1 - 44.0), (at.0 + 28.0, at.1 - 34.0), 4.0), colour, fade);
    }
    let key = 556.0 + 26.5 * f32::from((phase * 16.0) as u8 * 7 % 20);
    canvas.fill(Shape::Rectangle((key, 434.0), 24.0, 12.0, 2.0), Colour(247, 200, 86));
}
