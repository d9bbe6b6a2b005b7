//! Drawing flat shapes with smooth edges straight into a picture's planes.

use super::h264::{Picture, Plane};

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8);

impl Colour {
    /// Luma and the chroma differences (ITU-R BT.709 §3, §4.6: the narrow range).
    fn components(self) -> [f32; 3] {
        let [r, g, b] = [self.0, self.1, self.2].map(|c| f32::from(c) / 255.0);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [16.0 + 219.0 * y, 128.0 + 224.0 * (b - y) / 1.8556, 128.0 + 224.0 * (r - y) / 1.5748]
    }

    /// The colour on the way to `other`; `share` is 0 to 1.
    pub(super) fn towards(self, other: Self, share: f32) -> Self {
        let mix = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share) as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// A point: right, down.
pub(super) type Point = (f32, f32);

/// What can be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape<'a> {
    /// Centre, radius.
    Circle(Point, f32),
    /// Upper left corner, width, height, radius of the corners.
    Rectangle(Point, f32, f32, f32),
    /// A stroke with round ends: from, to, half its thickness.
    Line(Point, Point, f32),
    /// A convex polygon, clockwise as it is seen.
    Polygon(&'a [Point]),
}

impl Shape<'_> {
    /// How far `p` is from the edge, negative inside.
    fn distance(&self, p: Point) -> f32 {
        match *self {
            Self::Circle(centre, radius) => (p.0 - centre.0).hypot(p.1 - centre.1) - radius,
            Self::Rectangle((x, y), width, height, radius) => {
                let dx = (p.0 - x - width / 2.0).abs() - width / 2.0 + radius;
                let dy = (p.1 - y - height / 2.0).abs() - height / 2.0 + radius;
                dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius
            }
            Self::Line(from, to, half) => {
                let (along, off) = ((to.0 - from.0, to.1 - from.1), (p.0 - from.0, p.1 - from.1));
                let length = along.0 * along.0 + along.1 * along.1;
                let share = if length > 0.0 { ((off.0 * along.0 + off.1 * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
                (off.0 - along.0 * share).hypot(off.1 - along.1 * share) - half
            }
            Self::Polygon(corners) => {
                let edges = corners.iter().zip(corners.iter().cycle().skip(1));
                edges
                    .map(|(a, b)| {
                        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
                        ((p.0 - a.0) * dy - (p.1 - a.1) * dx) / dx.hypot(dy)
                    })
                    .fold(f32::MIN, f32::max)
            }
        }
    }

    /// The box around it: left, top, right, bottom.
    fn bounds(&self) -> [f32; 4] {
        match *self {
            Self::Circle((x, y), r) => [x - r, y - r, x + r, y + r],
            Self::Rectangle((x, y), width, height, _) => [x, y, x + width, y + height],
            Self::Line(a, b, half) => [a.0.min(b.0) - half, a.1.min(b.1) - half, a.0.max(b.0) + half, a.1.max(b.1) + half],
            Self::Polygon(corners) => corners
                .iter()
                .fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |[l, t, r, b], &(x, y)| [l.min(x), t.min(y), r.max(x), b.max(y)]),
        }
    }
}

/// A picture to draw on, measured in units of its own so that one drawing serves all sizes.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    pub(super) picture: Picture,
    /// Pixels in a unit.
    scale: f32,
    /// Nothing is drawn outside of this box: left, top, right, bottom.
    clip: [f32; 4],
}

/// The whole canvas.
const EVERYWHERE: [f32; 4] = [0.0, 0.0, f32::MAX, f32::MAX];

impl Canvas {
    /// A canvas of `columns` × `rows` macroblocks, `width` units wide.
    pub(super) fn new(columns: usize, rows: usize, width: f32) -> Self {
        Self { picture: Picture::new(columns, rows), scale: columns as f32 * 16.0 / width, clip: EVERYWHERE }
    }

    /// Lets `draw` draw inside the box only: left, top, right, bottom.
    pub(super) fn clipped(&mut self, clip: [f32; 4], draw: impl FnOnce(&mut Self)) {
        self.clip = clip;
        draw(self);
        self.clip = EVERYWHERE;
    }

    /// Draws `shape`.
    pub(super) fn fill(&mut self, shape: Shape<'_>, colour: Colour) {
        self.shade(shape, colour, 1.0);
    }

    /// Draws `shape` with an opacity of 0 to 1.
    pub(super) fn shade(&mut self, shape: Shape<'_>, colour: Colour, opacity: f32) {
        let [y, cb, cr] = colour.components();
        let [left, top, right, bottom] = shape.bounds();
        let bounds = [left.max(self.clip[0]), top.max(self.clip[1]), right.min(self.clip[2]), bottom.min(self.clip[3])];
        let cover = |p| (-shape.distance(p), opacity);
        blend(&mut self.picture.y, bounds, self.scale, y, cover);
        blend(&mut self.picture.cb, bounds, self.scale / 2.0, cb, cover);
        blend(&mut self.picture.cr, bounds, self.scale / 2.0, cr, cover);
    }

    /// Fills everything between the heights `top` and `bottom` with bands of colour from `from` to `to`.
    pub(super) fn gradient(&mut self, top: f32, bottom: f32, from: Colour, to: Colour) {
        // Bands of one macroblock each: a smooth ramp would cost bits, and would show steps of its own.
        let band = 16.0 / self.scale;
        let width = self.picture.y.width as f32 / self.scale;
        let mut y = top;
        while y < bottom {
            let share = (y - top) / (bottom - top);
            self.fill(Shape::Rectangle((0.0, y), width, band.min(bottom - y), 0.0), from.towards(to, share));
            y += band;
        }
    }
}

/// Blends `value` into a plane within `bounds`; `cover` gives how deep inside the shape a point is, and the opacity.
fn blend(plane: &mut Plane, bounds: [f32; 4], scale: f32, value: f32, cover: impl Fn(Point) -> (f32, f32)) {
    let [left, top, right, bottom] = bounds.map(|edge| edge * scale);
    let span = |from: f32, to: f32, end: usize| (from - 1.0).max(0.0) as usize..((to + 1.0).max(0.0).ceil() as usize).min(end);
    let columns = span(left, right, plane.width);
    for y in span(top, bottom, plane.height()) {
        for x in columns.clone() {
            let (depth, opacity) = cover(((x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale));
            let share = (0.5 + depth * scale).clamp(0.0, 1.0) * opacity;
            if share > 0.0 {
                let sample = &mut plane.row_mut(x, y, 1)[0];
                *sample = (f32::from(*sample) * (1.0 - share) + value * share).round() as u8;
            }
        }
    }
}
