//! `ffmpeg`, a process a camera, as people record with it: fragmented MP4, so that a crash does not cost a file.

use crate::{RECORDER_CORE, process::Process};
use std::{fs, path::Path};
use tereze::demo::camera::SimulatedCamera;

pub fn start(folder: &Path, cameras: &[SimulatedCamera]) -> anyhow::Result<Vec<Process>> {
    fs::create_dir_all(folder)?;
    let record = |(number, camera): (usize, &SimulatedCamera)| {
        let url = camera.main_url().as_str().replacen("rtsp://", "rtsp://camera:window@", 1);
        let copy = "-c copy -an -f segment -segment_time 300 -reset_timestamps 1 -segment_format_options movflags=+frag_keyframe+empty_moov";
        let name = format!("{number}-%03d.mp4");
        let arguments =
            ["-v", "error", "-rtsp_transport", "tcp", "-i", &url].into_iter().chain(copy.split(' ')).chain([name.as_str()]);
        Process::start("ffmpeg", &arguments.collect::<Vec<_>>(), RECORDER_CORE, folder, &format!("{number}.log"))
    };
    cameras.iter().enumerate().map(record).collect()
}
