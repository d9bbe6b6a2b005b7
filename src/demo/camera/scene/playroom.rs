//! A ball rolls between building blocks; a train passes on the shelf.

use super::super::canvas::{Canvas, Colour, Point, Shape};
use super::{draw_floor, draw_star, wave};
use std::f32::consts::{PI, TAU};

const BLOCKS: [(Point, Colour); 6] = [
    ((150.0, 430.0), Colour(232, 93, 84)),
    ((240.0, 430.0), Colour(86, 156, 214)),
    ((195.0, 340.0), Colour(247, 200, 86)),
    ((980.0, 430.0), Colour(106, 176, 118)),
    ((1070.0, 430.0), Colour(247, 200, 86)),
    ((1025.0, 340.0), Colour(186, 120, 190)),
];

pub(super) fn draw_background(canvas: &mut Canvas) {
    canvas.gradient(0.0, 520.0, Colour(253, 243, 222), Colour(250, 228, 196));
    draw_floor(canvas, 520.0, Colour(222, 184, 135), Colour(196, 154, 104));
    canvas.fill(Shape::Rectangle((300.0, 560.0), 680.0, 84.0, 42.0), Colour(133, 193, 205));
    canvas.fill(Shape::Rectangle((330.0, 575.0), 620.0, 54.0, 27.0), Colour(165, 214, 222));
    for (i, &(corner, colour)) in BLOCKS.iter().enumerate() {
        canvas.fill(Shape::Rectangle(corner, 88.0, 88.0, 10.0), colour);
        let centre = (corner.0 + 44.0, corner.1 + 44.0);
        match i % 3 {
            0 => canvas.fill(Shape::Circle(centre, 22.0), Colour(255, 248, 235)),
            1 => draw_star(canvas, centre, 28.0, Colour(255, 248, 235), 1.0),
            _ => canvas.fill(Shape::Rectangle((centre.0 - 20.0, centre.1 - 20.0), 40.0, 40.0, 6.0), Colour(255, 248, 235)),
        }
    }
    canvas.fill(Shape::Rectangle((340.0, 212.0), 600.0, 16.0, 6.0), Colour(168, 116, 72));
    for x in [400.0, 868.0] {
        canvas.fill(Shape::Rectangle((x, 228.0), 12.0, 40.0, 4.0), Colour(140, 94, 58));
    }
    for (x, colour) in [(90.0, Colour(244, 162, 97)), (1080.0, Colour(129, 178, 154))] {
        canvas.fill(Shape::Rectangle((x, 90.0), 120.0, 150.0, 8.0), Colour(255, 252, 244));
        canvas.fill(Shape::Circle((x + 60.0, 150.0), 34.0), colour);
        canvas.fill(Shape::Rectangle((x + 20.0, 196.0), 80.0, 24.0, 8.0), colour.towards(Colour(0, 0, 0), 0.2));
    }
}

pub(super) fn draw_moving(canvas: &mut Canvas, phase: f32) {
    draw_train(canvas, 370.0 + 200.0 * (1.0 + wave(phase, 1.0)), wave(phase, 8.0));
    // There and back; it bounces a little on the way.
    let x = 640.0 - 260.0 * (phase * TAU).cos();
    let y = 560.0 - 60.0 * (phase * 8.0 * PI).sin().abs();
    let turn = x / 48.0;
    canvas.shade(Shape::Rectangle((x - 40.0, 604.0), 80.0, 12.0, 6.0), Colour(60, 90, 100), 0.35);
    canvas.fill(Shape::Circle((x, y), 48.0), Colour(236, 87, 77));
    let spoke = (24.0 * turn.cos(), 24.0 * turn.sin());
    canvas.fill(Shape::Circle((x + spoke.0, y + spoke.1), 15.0), Colour(255, 246, 230));
    canvas.fill(Shape::Circle((x - spoke.0, y - spoke.1), 15.0), Colour(247, 200, 86));
}

fn draw_train(canvas: &mut Canvas, x: f32, puff: f32) {
    for (i, colour) in [(0.0, Colour(86, 156, 214)), (1.0, Colour(106, 176, 118)), (2.0, Colour(236, 87, 77))] {
        let left = x + 66.0 * i;
        canvas.fill(Shape::Rectangle((left, 166.0), 58.0, 34.0, 6.0), colour);
        for wheel in [14.0, 44.0] {
            canvas.fill(Shape::Circle((left + wheel, 203.0), 9.0), Colour(70, 62, 58));
        }
    }
    canvas.fill(Shape::Rectangle((x + 166.0, 142.0), 14.0, 26.0, 3.0), Colour(70, 62, 58));
    canvas.shade(Shape::Circle((x + 170.0, 124.0 - 6.0 * puff), 14.0 + 4.0 * puff), Colour(255, 255, 255), 0.8);
}
