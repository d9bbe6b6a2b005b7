//! The migrations, inside the binary.

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration::new(
            $version,
            $name.into(),
            MigrationType::Simple,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")).into_sql_str(),
            false,
        )
    };
}

/// All of them, in order.
pub(super) fn migrator() -> Migrator {
    Migrator::with_migrations(vec![
        migration!(1, "0001_first_light"),
        migration!(2, "0002_pauses_ended_by"),
        migration!(3, "0003_declarations"),
        migration!(4, "0004_watermark"),
        migration!(5, "0005_absences"),
        migration!(6, "0006_people"),
        migration!(7, "0007_second_factors"),
        migration!(8, "0008_camera_health"),
        migration!(9, "0009_viewings"),
        migration!(10, "0010_mergers"),
        migration!(11, "0011_consents"),
        migration!(12, "0012_appeals"),
        migration!(13, "0013_masks"),
        migration!(14, "0014_camera_defects"),
        migration!(15, "0015_recordings"),
        migration!(17, "0017_encrypted_recordings"),
        migration!(18, "0018_retention"),
        migration!(19, "0019_day_of_recordings"),
        migration!(20, "0020_masked_exports"),
    ])
}
