//! A small H.264 encoder for drawn pictures: Constrained Baseline, CAVLC, intra 16×16, and inter without motion.
//!
//! What does not change costs nothing (`P_Skip`), and that is nearly everything in a drawn scene. A picture is made of bands, each a
//! slice of its own, so that a band can be coded once and shown again. References are to ITU-T H.264 (08/2021).

mod bits;
mod cavlc;
mod parameters;
mod picture;
mod predict;
mod residual;
mod slice;
mod tables;
mod transform;

pub use parameters::VideoFormat;
pub use picture::{Picture, Plane};
pub use slice::{BandEncoder, SliceKind};

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write,
        process::{Command, Stdio},
    };

    const FORMAT: VideoFormat = VideoFormat { width: 80, height: 64, rate: 25 };

    /// Noise above, a ramp below, and something that moves; the same for the same `frame`.
    fn draw(frame: usize) -> Picture {
        let mut picture = Picture::new(FORMAT.columns(), FORMAT.rows());
        let mut noise = 12_345_u32;
        for plane in [&mut picture.y, &mut picture.cb, &mut picture.cr] {
            let (width, half) = (plane.width, plane.height() / 2);
            for (i, sample) in plane.samples.iter_mut().enumerate() {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let (x, y) = (i % width, i / width);
                *sample = if x / 8 == frame % 5 {
                    240
                } else if y < half {
                    (noise >> 24) as u8
                } else {
                    (2 * x + y) as u8
                };
            }
        }
        picture
    }

    /// What ffmpeg makes of a byte stream (Annex B): the planes of each picture, one after the other.
    fn decode(stream: &[u8]) -> Vec<u8> {
        let mut ffmpeg = Command::new("ffmpeg")
            .args(["-v", "error", "-xerror", "-f", "h264", "-i", "-", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ffmpeg is installed");
        let mut input = ffmpeg.stdin.take().expect("it is piped");
        let stream = stream.to_vec();
        let writer = std::thread::spawn(move || input.write_all(&stream));
        let output = ffmpeg.wait_with_output().expect("it runs");
        writer.join().expect("it does not panic").expect("it reads");
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    #[test]
    fn a_decoder_sees_exactly_what_the_encoder_thinks_it_sees() {
        for qp in [0, 9, 22, 30, 37, 51] {
            let mut bands =
                [BandEncoder::new(FORMAT.columns(), 0, 1, qp), BandEncoder::new(FORMAT.columns(), 1, FORMAT.rows() - 1, qp)];
            let (mut stream, mut expected) = (Vec::new(), Vec::new());
            let mut append = |nal: Vec<u8>| stream.extend([&[0, 0, 0, 1], &nal[..]].concat());
            for frame in 0..8_u32 {
                let kind = if frame % 4 == 0 { SliceKind::Idr { id: frame / 4 } } else { SliceKind::P { frame: frame % 4 } };
                if frame % 4 == 0 {
                    append(FORMAT.sequence_parameter_set());
                    append(FORMAT.picture_parameter_set());
                }
                let drawn = draw(frame as usize);
                let cut = |plane: &Plane, size: usize, rows: std::ops::Range<usize>| Plane {
                    width: plane.width,
                    samples: plane.samples[rows.start * size * plane.width..rows.end * size * plane.width].to_vec(),
                };
                for (band, rows) in bands.iter_mut().zip([0..1, 1..FORMAT.rows()]) {
                    let [y, cb, cr] =
                        [(&drawn.y, 16), (&drawn.cb, 8), (&drawn.cr, 8)].map(|(plane, size)| cut(plane, size, rows.clone()));
                    append(band.encode(&Picture { y, cb, cr }, kind));
                }
                for plane in [|p: &Picture| p.y.clone(), |p: &Picture| p.cb.clone(), |p: &Picture| p.cr.clone()] {
                    bands.iter().for_each(|band| expected.extend(plane(band.decoded()).samples));
                }
            }
            assert!(decode(&stream) == expected, "QP {qp}");
        }
    }
}
