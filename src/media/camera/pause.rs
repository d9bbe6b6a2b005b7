//! How long to wait before a camera is tried again.

use super::error::CameraError;
use std::time::Duration;

/// The shortest pause.
const SHORTEST: Duration = Duration::from_millis(500);

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(30);

/// The shortest pause after a refused password: cameras lock an account after a handful of wrong ones.
const AFTER_WRONG_PASSWORD: Duration = Duration::from_secs(15);

/// Pauses that grow from try to try.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    failures: u32,
}

impl Pauses {
    /// The pause after a failure: twice the one before, spread over ±25 % so that many cameras do not come back in step.
    pub(super) fn after(&mut self, error: &CameraError) -> Duration {
        let doubled = SHORTEST.saturating_mul(1 << self.failures.min(6)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let pause = if *error == CameraError::WrongPassword { doubled.max(AFTER_WRONG_PASSWORD) } else { doubled };
        // Any 16 bits of a random UUID but those of its version and variant.
        let random = uuid::Uuid::new_v4().as_fields().1;
        pause.mul_f64(0.75 + f64::from(random) / f64::from(u16::MAX) / 2.0)
    }

    /// It was online: begin anew.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute_and_begin_anew_when_it_was_online() {
        let mut pauses = Pauses::default();
        let lengths: Vec<Duration> = (0..20).map(|_| pauses.after(&CameraError::Lost)).collect();
        assert!((375..=625).contains(&lengths[0].as_millis()));
        assert!(lengths[7..].iter().all(|pause| (22_500..=37_500).contains(&pause.as_millis())), "{lengths:?}");
        assert!(lengths[7..].windows(2).any(|two| two[0] != two[1]), "they are spread");
        pauses.reset();
        assert!(pauses.after(&CameraError::Lost) < Duration::from_secs(1));
    }

    #[test]
    fn a_refused_password_is_not_tried_often() {
        assert!(Pauses::default().after(&CameraError::WrongPassword) > Duration::from_secs(11));
    }
}
