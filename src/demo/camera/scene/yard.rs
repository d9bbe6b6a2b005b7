//! Sun, a swing, and leaves in the wind.

use super::super::canvas::{Canvas, Colour, Shape};
use super::{WIDTH, wave};
use std::f32::consts::TAU;

const SUN: (f32, f32) = (1080.0, 120.0);

pub(super) fn draw_background(canvas: &mut Canvas) {
    canvas.gradient(0.0, 440.0, Colour(128, 196, 236), Colour(206, 232, 244));
    // The mountains behind Almaty.
    for (peak, height, half) in [(200.0, 190.0, 260.0), (520.0, 140.0, 320.0), (860.0, 200.0, 280.0), (1180.0, 170.0, 260.0)] {
        let foot = 440.0;
        canvas.fill(Shape::Polygon(&[(peak, height), (peak + half, foot), (peak - half, foot)]), Colour(120, 146, 178));
        let cap = 0.28;
        let snow = [
            (peak, height),
            (peak + half * cap, height + (foot - height) * cap),
            (peak - half * cap, height + (foot - height) * cap),
        ];
        canvas.fill(Shape::Polygon(&snow), Colour(246, 250, 252));
    }
    canvas.fill(Shape::Rectangle((0.0, 430.0), WIDTH, 300.0, 0.0), Colour(126, 190, 104));
    canvas.fill(Shape::Rectangle((0.0, 560.0), WIDTH, 140.0, 0.0), Colour(110, 174, 92));
    canvas.fill(Shape::Rectangle((850.0, 560.0), 300.0, 70.0, 34.0), Colour(238, 214, 158));
    canvas.fill(Shape::Rectangle((174.0, 330.0), 36.0, 220.0, 8.0), Colour(128, 88, 60));
    for (x, y, r) in [(190.0, 230.0, 90.0), (120.0, 280.0, 66.0), (262.0, 280.0, 70.0), (192.0, 310.0, 70.0)] {
        canvas.fill(Shape::Circle((x, y), r), Colour(74, 148, 84));
    }
    // The frame of the swing.
    for (from, to) in [((470.0, 600.0), (540.0, 280.0)), ((610.0, 600.0), (540.0, 280.0)), ((730.0, 600.0), (800.0, 280.0))] {
        canvas.fill(Shape::Line(from, to, 8.0), Colour(214, 84, 78));
    }
    canvas.fill(Shape::Line((870.0, 600.0), (800.0, 280.0), 8.0), Colour(214, 84, 78));
    canvas.fill(Shape::Line((540.0, 280.0), (800.0, 280.0), 9.0), Colour(190, 70, 66));
}

pub(super) fn draw_moving(canvas: &mut Canvas, phase: f32) {
    for ray in 0_u8..12 {
        let angle = (f32::from(ray) + phase * 2.0) * TAU / 12.0;
        let at = |r: f32| (SUN.0 + r * angle.cos(), SUN.1 + r * angle.sin());
        canvas.fill(Shape::Line(at(70.0), at(92.0), 5.0), Colour(255, 214, 92));
    }
    canvas.fill(Shape::Circle(SUN, 58.0), Colour(255, 206, 74));
    let swing = 0.55 * wave(phase, 3.0);
    let seat = |pivot: f32| (pivot + 250.0 * swing.sin(), 280.0 + 250.0 * swing.cos());
    for pivot in [630.0, 710.0] {
        canvas.fill(Shape::Line((pivot, 284.0), seat(pivot), 3.0), Colour(90, 90, 96));
    }
    canvas.fill(Shape::Line(seat(624.0), seat(716.0), 8.0), Colour(86, 132, 196));
    let colours = [Colour(236, 154, 62), Colour(214, 96, 58), Colour(240, 196, 80)];
    for i in 0_u8..6 {
        let way = (phase + f32::from(i) * 0.171) % 1.0;
        let x = -40.0 + 1360.0 * way;
        let y = 250.0 + 52.0 * f32::from(i) + 36.0 * wave(way, 3.0);
        let turn = way * TAU * 3.0;
        let (dx, dy) = (16.0 * turn.cos(), 16.0 * turn.sin());
        canvas.fill(Shape::Line((x - dx, y - dy), (x + dx, y + dy), 8.0), colours[usize::from(i) % 3]);
    }
}
