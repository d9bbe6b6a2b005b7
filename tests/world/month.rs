//! Recordings of many days as the database knows them, without their files.

use jiff::Timestamp;
use tereze::{args, db::Db};

/// Files of five minutes a camera and day.
pub const A_DAY: i64 = 288;

/// The day's rows of every camera at 2 Mbit/s, made by the database itself: a whole file every five minutes, sealed by the quarter of an hour.
pub async fn record_a_day(db: &Db, day: i64, midnight: Timestamp) {
    let sql = "with recursive n(n) as (select 0 union all select n + 1 from n where n < 95) \
               insert into seals (id, camera_id, root, leaves, starts_at, ends_at, sealed_at, record) \
               select printf('%08x-%04x-7000-9000-', $1, n.n) || substr(c.id, -12), c.id, printf('%064x', n.n), 3, \
               $2 + n.n * 900000, $2 + (n.n + 1) * 900000, $2 + (n.n + 1) * 900000, $1 * 100000 + row_number() over (order by c.id, n.n) \
               from n, cameras c where true";
    db.execute(sql, args![day, midnight]).await.unwrap();
    let sql = "with recursive n(n) as (select 0 union all select n + 1 from n where n < 287) \
               insert into segments (id, camera_id, codec, width, height, starts_at, ends_at, bytes, sha256, tree, place, seal_id) \
               select printf('%08x-%04x-7000-8000-', $1, n.n) || substr(c.id, -12), c.id, 'avc1.64001f,flac', 1920, 1080, \
               $2 + n.n * 300000, $2 + (n.n + 1) * 300000, 75000000, printf('%064x', n.n), printf('%064x', n.n), 'folder', \
               printf('%08x-%04x-7000-9000-', $1, n.n / 3) || substr(c.id, -12) from n, cameras c where true";
    db.execute(sql, args![day, midnight]).await.unwrap();
}
