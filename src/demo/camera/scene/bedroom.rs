//! Cots at night; clouds drift past the moon in the window.

use super::super::canvas::{Canvas, Colour, Shape};
use super::{draw_floor, draw_star, wave};

const NIGHT: Colour = Colour(38, 50, 92);
const WALL: Colour = Colour(98, 108, 152);

pub(super) fn draw_background(canvas: &mut Canvas) {
    canvas.gradient(0.0, 500.0, WALL, Colour(120, 128, 168));
    draw_floor(canvas, 500.0, Colour(112, 96, 108), Colour(88, 76, 90));
    canvas.fill(Shape::Rectangle((430.0, 50.0), 420.0, 300.0, 12.0), Colour(228, 222, 214));
    canvas.fill(Shape::Rectangle((446.0, 66.0), 388.0, 268.0, 4.0), NIGHT);
    for (i, blanket) in [(0.0, Colour(214, 126, 128)), (1.0, Colour(126, 168, 180)), (2.0, Colour(214, 182, 120))] {
        draw_cot(canvas, 90.0 + 400.0 * i, blanket);
    }
    for (x, y) in [(120.0, 90.0), (260.0, 170.0), (980.0, 110.0), (1130.0, 200.0)] {
        draw_star(canvas, (x, y), 26.0, Colour(148, 156, 194), 1.0);
    }
}

fn draw_cot(canvas: &mut Canvas, x: f32, blanket: Colour) {
    canvas.fill(Shape::Rectangle((x, 430.0), 300.0, 150.0, 18.0), Colour(204, 170, 138));
    canvas.fill(Shape::Rectangle((x + 14.0, 444.0), 272.0, 110.0, 10.0), Colour(240, 236, 232));
    canvas.fill(Shape::Rectangle((x + 24.0, 456.0), 70.0, 84.0, 16.0), Colour(255, 255, 255));
    canvas.fill(Shape::Rectangle((x, 560.0), 18.0, 60.0, 4.0), Colour(170, 138, 108));
    canvas.fill(Shape::Rectangle((x + 282.0, 560.0), 18.0, 60.0, 4.0), Colour(170, 138, 108));
    canvas.fill(Shape::Rectangle((x + 100.0, 448.0), 180.0, 102.0, 14.0), blanket);
}

pub(super) fn draw_moving(canvas: &mut Canvas, phase: f32) {
    canvas.clipped([448.0, 68.0, 832.0, 332.0], |canvas| draw_sky(canvas, phase));
    canvas.fill(Shape::Rectangle((632.0, 66.0), 16.0, 268.0, 0.0), Colour(228, 222, 214));
    // Somebody breathes under each blanket.
    for (i, blanket) in [(0_u8, Colour(214, 126, 128)), (1, Colour(126, 168, 180)), (2, Colour(214, 182, 120))] {
        let breath = 5.0 * wave(phase + f32::from(i) * 0.09, 2.0);
        let x = 190.0 + 400.0 * f32::from(i);
        canvas.fill(
            Shape::Rectangle((x + 30.0, 470.0 - breath), 120.0, 64.0 + breath, 32.0),
            blanket.towards(Colour(255, 255, 255), 0.18),
        );
    }
}

fn draw_sky(canvas: &mut Canvas, phase: f32) {
    canvas.fill(Shape::Circle((720.0, 150.0), 52.0), Colour(248, 240, 200));
    canvas.fill(Shape::Circle((742.0, 138.0), 46.0), NIGHT);
    for (i, centre) in [(500.0, 110.0), (560.0, 210.0), (600.0, 120.0), (790.0, 260.0), (480.0, 280.0)].into_iter().enumerate() {
        let twinkle = 0.55 + 0.45 * wave(phase + i as f32 * 0.21, 4.0);
        draw_star(canvas, centre, 10.0, Colour(255, 250, 220), twinkle);
    }
    for (start, height, size) in [(0.1, 190.0, 1.0), (0.6, 270.0, 0.8)] {
        let x = 330.0 + 620.0 * ((phase + start) % 1.0);
        for (dx, dy, r) in [(-46.0, 8.0, 26.0), (-12.0, -8.0, 36.0), (28.0, 0.0, 30.0), (58.0, 10.0, 20.0)] {
            canvas.fill(Shape::Circle((x + dx * size, height + dy * size), r * size), Colour(120, 132, 176));
        }
    }
}
